package io.smache.node.engine.grid;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.infinispan.distribution.ch.impl.DefaultConsistentHash;
import org.infinispan.distribution.ch.impl.DefaultConsistentHashFactory;
import org.infinispan.remoting.transport.Address;

/**
 * Which member has which partition: Infinispan's own placement, but members that are about to leave
 * get nothing and give what they have. Thread-safe.
 */
final class Placement extends DefaultConsistentHashFactory {
  private static final Float FULL = 1f;
  private static final Float NONE = 0f;

  private volatile Set<String> draining = Set.of();

  /**
   * Sets who is about to leave.
   *
   * @return whether that is new
   */
  boolean drain(Set<String> instances) {
    boolean known = draining.equals(instances);
    draining = Set.copyOf(instances);
    return !known;
  }

  /** Returns how many of these members are about to leave. */
  int leaving(Collection<Address> members) {
    return (int) members.stream().filter(this::isDraining).count();
  }

  private boolean isDraining(Address member) {
    return draining.contains(Grid.instance(member));
  }

  @Override
  public DefaultConsistentHash create(
      int owners, int segments, List<Address> members, Map<Address, Float> factors) {
    return super.create(owners, segments, members, planned(members));
  }

  @Override
  public DefaultConsistentHash updateMembers(
      DefaultConsistentHash before, List<Address> members, Map<Address, Float> factors) {
    return super.updateMembers(before, members, planned(members));
  }

  @Override
  public DefaultConsistentHash rebalance(DefaultConsistentHash before) {
    List<Address> members = before.getMembers();
    return super.rebalance(super.updateMembers(before, members, planned(members)));
  }

  /** Everybody gets an equal share, who leaves none; all do when nobody would be left. */
  private Map<Address, Float> planned(List<Address> members) {
    boolean all = leaving(members) == members.size();
    Map<Address, Float> factors = new HashMap<>();
    members.forEach(each -> factors.put(each, isDraining(each) && !all ? NONE : FULL));
    return factors;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Placement;
  }

  @Override
  public int hashCode() {
    return Placement.class.hashCode();
  }
}

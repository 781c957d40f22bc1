package io.smache.uplink;

import io.smache.protocol.Assignment;
import io.smache.protocol.Lease;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Members under leases, and the partition table made from them.
 *
 * <p>A registry that starts knows nothing, but the cluster may be old: for one lease time after the
 * first node has reached it, it only listens, so that every living node can renew and the newest
 * table can be learned from them; then it continues from there. Whoever is in the learned table has
 * one more lease time to come back.
 *
 * <p>Thread-safe: every method holds the monitor, none does I/O. Time is monotonic (ns).
 */
final class Registry {
  private final long leaseNanos;
  private final LongSupplier nanoTime;

  // guarded by this
  private final Map<String, Tenant> tenants = new LinkedHashMap<>();
  private final Map<String, String> superseded = new LinkedHashMap<>();
  private boolean listening = true;
  private boolean reached;
  private long listenUntil;
  private @Nullable PartitionTable table;
  private long highestEpoch;

  /** A member and the moment (ns) until which its lease runs. */
  private record Tenant(Member member, long until) {}

  Registry(Duration lease, LongSupplier nanoTime) {
    this.leaseNanos = lease.toNanos();
    this.nanoTime = nanoTime;
  }

  /**
   * Registers a member or renews its lease.
   *
   * @param epoch of the table that the node has in force, 0 for none
   * @throws NameTakenException when another process holds a lease under this name
   */
  synchronized Lease register(Member member, long epoch) throws NameTakenException {
    listen();
    advance();
    Tenant known = tenants.get(member.name());
    if (known != null) {
      refuseImpostor(member, known);
    }
    grant(member);
    boolean ahead = epoch > highestEpoch;
    highestEpoch = Math.max(highestEpoch, epoch);
    if (!listening && (ahead || known == null || !known.member().equals(member))) {
      publish();
    }
    return new Lease(Duration.ofNanos(leaseNanos).toMillis(), publishedEpoch());
  }

  /** A process at the same address replaces its predecessor; from any other it must wait. */
  private void refuseImpostor(Member member, Tenant known) throws NameTakenException {
    if (known.member().instance().equals(member.instance())) {
      return;
    }
    boolean replaced = member.instance().equals(superseded.get(member.name()));
    boolean elsewhere = !known.member().url().equals(member.url());
    if (replaced || (elsewhere && !ended(known))) {
      throw new NameTakenException(known.member());
    }
    superseded.put(member.name(), known.member().instance());
  }

  /** Takes a table that a node has in force; it counts while this registry is listening. */
  synchronized void offer(PartitionTable offered) {
    advance();
    highestEpoch = Math.max(highestEpoch, offered.epoch());
    if (listening && (table == null || table.epoch() < offered.epoch())) {
      table = offered;
    }
  }

  /**
   * Removes a member at its own wish.
   *
   * @return false when this process is not a member
   */
  synchronized boolean leave(String name, String instance) {
    advance();
    Tenant known = tenants.get(name);
    if (known == null || !known.member().instance().equals(instance)) {
      return false;
    }
    drop(known.member());
    return true;
  }

  /** Returns the published table; empty while listening and while there is no member. */
  synchronized Optional<PartitionTable> table() {
    advance();
    return listening ? Optional.empty() : Optional.ofNullable(table);
  }

  /** Returns all members, the oldest first. */
  synchronized List<Member> members() {
    return tenants.values().stream().map(Tenant::member).toList();
  }

  /** Returns whether this registry only listens yet. */
  synchronized boolean isListening() {
    advance();
    return listening;
  }

  /** Returns the members whose lease has ended, to be probed before they are removed. */
  synchronized List<Member> overdue() {
    advance();
    return listening
        ? List.of()
        : tenants.values().stream().filter(this::ended).map(Tenant::member).toList();
  }

  /** Grants a member that was found alive a new lease, unless it has left or been replaced. */
  synchronized void extend(Member member) {
    if (holds(member)) {
      grant(member);
    }
  }

  /** Removes a member that was found dead, unless it has renewed in the meantime. */
  synchronized void expire(Member member) {
    if (holds(member) && overdue().contains(member)) {
      drop(member);
    }
  }

  /** A deployed uplink may be out of reach yet: its start says nothing about who could call. */
  private void listen() {
    if (!reached) {
      reached = true;
      listenUntil = nanoTime.getAsLong() + leaseNanos;
    }
  }

  private void advance() {
    if (listening && reached && nanoTime.getAsLong() - listenUntil >= 0) {
      listening = false;
      if (table != null) {
        table.members().stream().filter(m -> !tenants.containsKey(m.name())).forEach(this::grant);
      }
      publish();
    }
  }

  private void publish() {
    Collection<Member> members = members();
    boolean current =
        table != null
            && table.epoch() >= highestEpoch
            && new HashSet<>(table.members()).equals(new HashSet<>(members));
    if (current) {
      return;
    }
    highestEpoch++;
    table = members.isEmpty() ? null : Assignment.next(table, members, highestEpoch);
  }

  private void grant(Member member) {
    tenants.put(member.name(), new Tenant(member, nanoTime.getAsLong() + leaseNanos));
  }

  private void drop(Member member) {
    tenants.remove(member.name());
    superseded.remove(member.name());
    if (!listening) {
      publish();
    }
  }

  private boolean holds(Member member) {
    Tenant known = tenants.get(member.name());
    return known != null && known.member().equals(member);
  }

  private boolean ended(Tenant tenant) {
    return nanoTime.getAsLong() - tenant.until() >= 0;
  }

  private long publishedEpoch() {
    return listening || table == null ? 0 : table.epoch();
  }
}

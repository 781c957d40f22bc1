package io.smache.uplink;

import io.smache.protocol.Lease;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import io.smache.protocol.Registration;
import io.smache.protocol.TableDifference;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Members under leases, and who of them is in the partition table.
 *
 * <p>A registry that starts knows nothing, but the cluster may be old: for one lease time after the
 * first node has reached it, it only listens, so that every living node can renew and the newest
 * table can be learned from them; then it continues from there. Whoever is in the learned table has
 * one more lease time to come back.
 *
 * <p>Planned changes come one at a time: who joins or drains waits until all members have the table
 * in force and have received what it gave them. So no partition is moved while it moves. Only a
 * death does not wait.
 *
 * <p>Thread-safe: every method holds the monitor, none does I/O. Time is monotonic (ns).
 */
final class Registry {
  private final long leaseNanos;
  private final int fixed;
  private final LongSupplier nanoTime;
  private final FlapDamping flapDamping;
  private final MemberContact contact;

  // guarded by this
  private final TablePublisher publisher = new TablePublisher();
  private final Map<String, LeasedMember> leased = new LinkedHashMap<>();
  private final Map<String, String> superseded = new LinkedHashMap<>();
  private boolean listening = true;
  private boolean reached;
  private long listenUntil;
  private long pardonUntil;

  /**
   * Makes a registry.
   *
   * @param fixed how many members a cluster has that never changes, 0 for one that may
   */
  Registry(Duration lease, int fixed, LongSupplier nanoTime) {
    this.leaseNanos = lease.toNanos();
    this.fixed = fixed;
    this.nanoTime = nanoTime;
    this.flapDamping = new FlapDamping(lease);
    this.pardonUntil = nanoTime.getAsLong();
    this.contact = new MemberContact(lease, pardonUntil);
  }

  /**
   * Registers a member or renews its lease.
   *
   * @throws RefusedException when another process holds a lease under this name, or the node
   *     belongs to another cluster, or this one is complete or keeps its entries elsewhere
   */
  synchronized Lease register(Member member, Registration registration) throws RefusedException {
    listen();
    publisher.admit(registration.clusterId());
    advance();
    refuseOtherEngine(member);
    LeasedMember known = leased.get(member.name());
    if (known != null) {
      refuseImpostor(member, known.member());
    } else {
      refuseSurplus(member);
    }
    contact.hear(publisher.has(member), nanoTime.getAsLong());
    leased.put(member.name(), lease(member, registration, known));
    publisher.saw(registration.epoch());
    publish();
    return new Lease(Duration.ofNanos(leaseNanos).toMillis(), publishedEpoch());
  }

  private LeasedMember lease(
      Member member, Registration registration, @Nullable LeasedMember known) {
    boolean draining = known != null && known.member().isSameProcess(member) && known.draining();
    return new LeasedMember(
        member, leaseEnd(), registration.epoch(), registration.arriving(), draining);
  }

  /** Entries of one engine are nowhere in the other; and a grid has equally many copies of each. */
  private void refuseOtherEngine(Member member) throws RefusedException {
    if (fixed > 0 && member.grid() != null) {
      throw new RefusedException(
          "this cluster is static, and SMACHE_ENGINE=grid moves partitions: set SMACHE_ENGINE=shards"
              + " here, or SMACHE_CLUSTER=dynamic at uplink");
    }
    for (Member other : members()) {
      if (!other.name().equals(member.name()) && !other.engine().equals(member.engine())) {
        throw new RefusedException(
            "this node has %s, and the member %s has %s: set them alike"
                .formatted(member.engine(), other.name(), other.engine()));
      }
    }
  }

  private void refuseSurplus(Member member) throws RefusedException {
    PartitionTable current = publisher.table().orElse(null);
    if (fixed > 0 && current != null && current.member(member.name()).isEmpty()) {
      throw new RefusedException(
          "this cluster is static and has its %d members: %s"
              .formatted(current.members().size(), names(current)));
    }
  }

  /** A process at the same address replaces its predecessor; from any other it must wait. */
  private void refuseImpostor(Member member, Member known) throws RefusedException {
    if (known.isSameProcess(member)) {
      return;
    }
    boolean replaced = member.instance().equals(superseded.get(member.name()));
    boolean elsewhere = !known.url().equals(member.url());
    if (replaced || (elsewhere && !ended(leased.get(member.name())))) {
      throw new RefusedException(
          "the name '%s' belongs to the node at %s; give this node another NODE_NAME, or wait until its lease ends"
              .formatted(known.name(), known.url()));
    }
    superseded.put(member.name(), known.instance());
  }

  /**
   * Takes a table that a node has in force; it counts while this registry is listening.
   *
   * @throws RefusedException when it is a table of another cluster
   */
  synchronized void offer(PartitionTable offered) throws RefusedException {
    publisher.admit(offered.clusterId());
    advance();
    publisher.saw(offered.epoch());
    if (listening) {
      publisher.learn(offered);
    }
  }

  /**
   * Begins to give a member's partitions to the others; it stays a member until it leaves.
   *
   * @return false when there is no such member
   * @throws RefusedException when nobody would be left to take them
   */
  synchronized boolean drain(String name) throws RefusedException {
    advance();
    LeasedMember known = leased.get(name);
    if (known == null) {
      return false;
    }
    if (fixed > 0) {
      throw new RefusedException("this cluster is static: its members keep their partitions");
    }
    boolean alone =
        leased.values().stream().allMatch(t -> t.draining() || t.member().name().equals(name));
    if (alone) {
      throw new RefusedException("no other member is left to take the entries of " + name);
    }
    leased.put(name, known.drained());
    publish();
    return true;
  }

  /**
   * Removes a member that leaves.
   *
   * @return false when this process is not a member
   */
  synchronized boolean leave(String name, String instance) {
    advance();
    LeasedMember known = leased.get(name);
    if (known == null || !known.member().instance().equals(instance)) {
      return false;
    }
    drop(known.member());
    return true;
  }

  /** Returns the published table; empty while listening and while there is no member. */
  synchronized Optional<PartitionTable> table() {
    advance();
    return listening ? Optional.empty() : publisher.table();
  }

  /** Returns what leads from the table of an epoch to the next; empty when it is not known. */
  synchronized Optional<TableDifference> differenceTo(long epoch) {
    advance();
    return listening ? Optional.empty() : publisher.differenceTo(epoch);
  }

  /** Returns all members, the oldest first. */
  synchronized List<Member> members() {
    return leased.values().stream().map(LeasedMember::member).toList();
  }

  /** Returns whether this registry only listens yet. */
  synchronized boolean isListening() {
    advance();
    return listening;
  }

  /**
   * Returns the members whose lease has ended, to be probed before they are removed. While nobody
   * else reaches uplink steadily it may be uplink that is cut off, or was: nobody is overdue. When
   * most leases end at once, all run on for one lease, once.
   */
  synchronized List<Member> overdue() {
    advance();
    if (listening || fixed > 0 || !isInTouch()) {
      return List.of();
    }
    List<LeasedMember> ended = leased.values().stream().filter(this::ended).toList();
    long now = nanoTime.getAsLong();
    if (ended.size() > 1 && ended.size() * 2 > leased.size() && now - pardonUntil >= 0) {
      pardonUntil = now + leaseNanos + FlapDamping.WINDOW.toNanos();
      ended.forEach(each -> extend(each.member()));
      return List.of();
    }
    return ended.stream().map(LeasedMember::member).toList();
  }

  /** Also a member that is alone stays while it is silent: it may be uplink that is cut off. */
  private boolean isInTouch() {
    return contact.isSteady(nanoTime.getAsLong());
  }

  /** Grants a member that was found alive a new lease, unless it has left or been replaced. */
  synchronized void extend(Member member) {
    leased.computeIfPresent(
        member.name(),
        (name, known) -> known.member().equals(member) ? known.extended(leaseEnd()) : known);
  }

  /** Removes a member that was found dead, unless it has renewed or too many died just now. */
  synchronized void expire(Member member) {
    advance();
    LeasedMember known = leased.get(member.name());
    long now = nanoTime.getAsLong();
    boolean dead = known != null && known.member().equals(member) && ended(known);
    if (dead && fixed == 0 && isInTouch() && flapDamping.allowsRemoval(leased.size(), now)) {
      flapDamping.died(member.name(), now);
      drop(member);
    }
  }

  /** Publishes what had to wait; to be called now and then. */
  synchronized void settle() {
    advance();
    publish();
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
      publisher.table().map(PartitionTable::members).orElse(List.of()).stream()
          .filter(member -> !leased.containsKey(member.name()))
          .forEach(member -> leased.put(member.name(), awaited(member)));
      publish();
    }
  }

  private LeasedMember awaited(Member member) {
    return new LeasedMember(member, leaseEnd(), 0, 0, false);
  }

  private void publish() {
    if (listening) {
      return;
    }
    PartitionTable current = publisher.table().orElse(null);
    if (current == null) {
      publishFirst();
      return;
    }
    boolean settled = isSettled(current);
    List<Member> members = fixed > 0 ? fixedMembers(current) : members(current, settled);
    Set<String> draining = settled ? draining() : new HashSet<>(current.draining());
    draining.retainAll(members.stream().map(Member::name).toList());
    if (members.isEmpty()) {
      publisher.clear();
      return;
    }
    if (draining.size() == members.size()) {
      draining.clear();
    }
    publisher.publishNext(current, members, draining);
  }

  private void publishFirst() {
    List<Member> members = members();
    if (!members.isEmpty() && members.size() >= fixed) {
      publisher.publishFirst(members, fixed > 0);
    }
  }

  /** Who is not in the table yet has to wait until it is settled, and maybe longer. */
  private List<Member> members(PartitionTable current, boolean settled) {
    long now = nanoTime.getAsLong();
    boolean open = settled && (contact.isSilent(now) || isAnyLeased(current));
    return members().stream()
        .filter(
            member ->
                current.member(member.name()).isPresent()
                    || (open && !flapDamping.holds(member.name(), now)))
        .toList();
  }

  private boolean isAnyLeased(PartitionTable current) {
    return current.members().stream()
        .map(member -> leased.get(member.name()))
        .anyMatch(each -> each != null && !ended(each));
  }

  /** Members of a static cluster are those of its table, each as the process that it is now. */
  private List<Member> fixedMembers(PartitionTable current) {
    return current.members().stream()
        .map(
            member -> {
              LeasedMember known = leased.get(member.name());
              return known == null ? member : known.member();
            })
        .toList();
  }

  private Set<String> draining() {
    return leased.values().stream()
        .filter(LeasedMember::draining)
        .map(each -> each.member().name())
        .collect(Collectors.toCollection(HashSet::new));
  }

  /** Whether all members have the table in force and everything that it gave them. */
  private boolean isSettled(PartitionTable current) {
    return current.members().stream()
        .map(member -> leased.get(member.name()))
        .allMatch(each -> each != null && each.epoch() == current.epoch() && each.arriving() == 0);
  }

  private void drop(Member member) {
    leased.remove(member.name());
    superseded.remove(member.name());
    publish();
  }

  private long leaseEnd() {
    return nanoTime.getAsLong() + leaseNanos;
  }

  private boolean ended(@Nullable LeasedMember each) {
    return each != null && nanoTime.getAsLong() - each.until() >= 0;
  }

  private long publishedEpoch() {
    return listening ? 0 : publisher.epoch();
  }

  private static List<String> names(PartitionTable table) {
    return table.members().stream().map(Member::name).toList();
  }
}

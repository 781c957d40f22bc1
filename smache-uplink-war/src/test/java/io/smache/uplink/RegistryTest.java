package io.smache.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smache.protocol.Assignment;
import io.smache.protocol.Lease;
import io.smache.protocol.Member;
import io.smache.protocol.MemberGrid;
import io.smache.protocol.PartitionTable;
import io.smache.protocol.Registration;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RegistryTest {
  private static final Duration LEASE = Duration.ofSeconds(10);
  private static final String CLUSTER_ID = "line";
  private static final Member FOO = member("foo", 1);
  private static final Member BAR = member("bar", 2);
  private static final Member BAZ = member("baz", 3);

  private long now = Long.MAX_VALUE - LEASE.toNanos() / 2; // the clock may overflow at any time
  private final Registry registry = new Registry(LEASE, 0, () -> now);

  @Test
  void table_whileListening_isNotPublished() throws Exception {
    assertThat(register(FOO, 0).epoch()).isZero();
    assertThat(registry.table()).isEmpty();
    assertThat(registry.isListening()).isTrue();
  }

  @Test
  void listening_nobodyReachesUplinkForLong_beginsWithTheFirst() throws Exception {
    PartitionTable old = old(FOO, BAR);
    pass(LEASE.multipliedBy(3));
    assertThat(register(FOO, 41).epoch()).isZero();
    registry.offer(old);
    register(BAR, 41);
    pass(LEASE);
    assertThat(registry.table()).contains(old);
  }

  @Test
  void table_afterListening_hasWhoRegistered() throws Exception {
    register(FOO, 0);
    register(BAR, 0);
    pass(LEASE);
    assertThat(table().members()).containsExactlyInAnyOrder(FOO, BAR);
    assertThat(register(FOO, 0).epoch()).isEqualTo(table().epoch());
  }

  @Test
  void register_tableSettled_joinsAtOnce() throws Exception {
    long first = settled(FOO);
    long second = register(BAR, 0).epoch();
    assertThat(second).isGreaterThan(first);
    assertThat(table().partitionsOf(BAR)).isEqualTo(512);
    assertThat(table().source(table().owners().indexOf(1))).isEqualTo(FOO);
  }

  @Test
  void register_whileAnotherChangeMoves_waits() throws Exception {
    settled(FOO);
    long second = register(BAR, 0).epoch();
    assertThat(register(BAZ, 0).epoch()).isEqualTo(second);
    register(BAR, second, 512);
    assertThat(register(FOO, second).epoch()).isEqualTo(second);
    assertThat(table().members()).doesNotContain(BAZ);
    assertThat(register(BAR, second, 0).epoch()).isGreaterThan(second);
    assertThat(table().members()).contains(BAZ);
  }

  @Test
  void register_restarted_doesNotWaitAndHasNothingFromAnybody() throws Exception {
    settled(FOO);
    long epoch = register(BAR, 0).epoch();
    Member restarted = new Member("bar", BAR.url(), "another process");
    assertThat(register(restarted, 0).epoch()).isGreaterThan(epoch);
    assertThat(table().from()).containsOnly(PartitionTable.NOBODY);
  }

  @Test
  void register_ofAnotherCluster_isRefused() throws Exception {
    settled(FOO);
    Registration stranger = new Registration(BAR.url(), BAR.instance(), "another", 3, 0, null);
    assertThatThrownBy(() -> registry.register(BAR, stranger))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("belongs to the cluster another");
    assertThatThrownBy(() -> registry.offer(Assignment.first("another", false, List.of(BAR), 900)))
        .isInstanceOf(RefusedException.class);
    assertThat(table().members()).containsExactly(FOO);
  }

  @Test
  void register_withAnotherEngine_isRefused() throws Exception {
    register(FOO, 0);
    Member grid = new Member("bar", "http://bar:8080", "bar-1", new MemberGrid("bar:7800", 1));
    assertThatThrownBy(() -> register(grid, 0))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("SMACHE_ENGINE=grid with SMACHE_BACKUPS=1")
        .hasMessageContaining("foo has SMACHE_ENGINE=shards");
  }

  @Test
  void register_withOtherBackups_isRefused() throws Exception {
    register(new Member("foo", "http://foo:8080", "foo-1", new MemberGrid("foo:7800", 2)), 0);
    Member other = new Member("bar", "http://bar:8080", "bar-1", new MemberGrid("bar:7800", 1));
    assertThatThrownBy(() -> register(other, 0))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("SMACHE_BACKUPS=2: set them alike");
  }

  @Test
  void staticCluster_doesNotTakeGrids() {
    Registry fixed = new Registry(LEASE, 2, () -> now);
    Member grid = new Member("bar", "http://bar:8080", "bar-1", new MemberGrid("bar:7800", 1));
    assertThatThrownBy(
            () ->
                fixed.register(
                    grid, new Registration(grid.url(), grid.instance(), null, 0, 0, null)))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("SMACHE_CLUSTER=dynamic");
  }

  @Test
  void drain_member_givesItsPartitionsAndKeepsIt() throws Exception {
    settled(FOO, BAR);
    assertThat(registry.drain("bar")).isTrue();
    assertThat(table().partitionsOf(BAR)).isZero();
    assertThat(table().draining()).containsExactly("bar");
    assertThat(table().members()).contains(BAR);
    assertThat(table().from()).contains(table().members().indexOf(BAR));
    long epoch = table().epoch();
    register(FOO, epoch);
    assertThat(registry.leave("bar", BAR.instance())).isTrue();
    assertThat(table().partitionsOf(FOO)).isEqualTo(1024);
    assertThat(table().from()).containsOnly(PartitionTable.NOBODY);
  }

  @Test
  void drain_last_isRefused() throws Exception {
    settled(FOO, BAR);
    registry.drain("bar");
    assertThatThrownBy(() -> registry.drain("foo")).isInstanceOf(RefusedException.class);
    assertThat(registry.drain("nobody")).isFalse();
  }

  @Test
  void drain_whileAnotherChangeMoves_waits() throws Exception {
    settled(FOO);
    long epoch = register(BAR, 0).epoch();
    assertThat(registry.drain("foo")).isTrue();
    assertThat(table().epoch()).isEqualTo(epoch);
    register(FOO, epoch);
    register(BAR, epoch);
    assertThat(table().draining()).containsExactly("foo");
  }

  private void passWhileRenewed(Duration time, Member... members) throws Exception {
    Duration step = LEASE.dividedBy(4);
    for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(step)) {
      pass(step);
      for (Member member : members) {
        register(member, registry.table().map(PartitionTable::epoch).orElse(0L));
      }
    }
  }

  @Test
  void overdue_mostAtOnce_runOnForOneLease() throws Exception {
    settled(FOO, BAR, BAZ);
    passWhileRenewed(LEASE, BAZ);
    assertThat(registry.overdue()).isEmpty();
    passWhileRenewed(LEASE, BAZ);
    assertThat(registry.overdue()).containsExactly(FOO, BAR);
  }

  @Test
  void overdue_nobodyReachesUplink_isEmptyHoweverLong() throws Exception {
    settled(FOO, BAR, BAZ);
    passWhileRenewed(LEASE.dividedBy(2), BAR, BAZ);
    for (int i = 0; i < 5; i++) {
      pass(LEASE.dividedBy(2).plusMillis(1));
      assertThat(registry.overdue()).isEmpty();
      registry.expire(FOO);
      assertThat(registry.members()).contains(FOO);
    }
    register(BAR, table().epoch());
    register(BAZ, table().epoch());
    assertThat(registry.overdue()).isEmpty();
    passWhileRenewed(LEASE.dividedBy(2), BAR, BAZ);
    assertThat(registry.overdue()).containsExactly(FOO);
  }

  @Test
  void overdue_onlyMemberIsSilent_isEmptyAndItsTableStays() throws Exception {
    settled(FOO);
    long epoch = table().epoch();
    pass(LEASE.multipliedBy(10));
    assertThat(registry.overdue()).isEmpty();
    registry.expire(FOO);
    register(FOO, epoch);
    assertThat(table().epoch()).as("nobody took its place").isEqualTo(epoch);
  }

  @Test
  void overdue_onlyANewcomerReachesUplink_isEmpty() throws Exception {
    settled(FOO, BAR);
    pass(LEASE);
    passWhileRenewed(LEASE, BAZ);
    passWhileRenewed(LEASE, BAZ);
    assertThat(registry.overdue()).isEmpty();
    assertThat(table().members()).containsExactlyInAnyOrder(FOO, BAR);
  }

  @Test
  void overdue_onlyANewcomerForAMinute_isWhoWasThereBefore() throws Exception {
    settled(FOO, BAR);
    passWhileRenewed(MemberContact.SILENCE.plus(LEASE.multipliedBy(2)), BAZ);
    assertThat(registry.overdue()).isEmpty();
    passWhileRenewed(LEASE, BAZ);
    assertThat(registry.overdue()).containsExactly(FOO, BAR);
    registry.expire(FOO);
    registry.expire(BAR);
    assertThat(table().members()).containsExactly(BAZ);
  }

  @Test
  void expire_moreThanHalfWithinAMinute_waits() throws Exception {
    Member[] all = new Member[7];
    for (int i = 0; i < all.length; i++) {
      all[i] = member("node-" + i, i + 1);
    }
    Member last = all[6];
    settled(all);
    passWhileRenewed(LEASE, last);
    List.of(all).forEach(registry::expire);
    assertThat(registry.members()).hasSize(3);
    passWhileRenewed(FlapDamping.WINDOW, last);
    List.of(all).forEach(registry::expire);
    assertThat(registry.members()).containsExactly(last);
  }

  @Test
  void register_afterItsSecondDeath_waitsTwoLeases() throws Exception {
    settled(FOO, BAR);
    for (int death = 1; death <= 2; death++) {
      pass(LEASE.dividedBy(2));
      register(FOO, table().epoch());
      pass(LEASE.dividedBy(2));
      registry.expire(BAR);
      assertThat(registry.members()).containsExactly(FOO);
      register(FOO, table().epoch());
      register(BAR, 0);
      assertThat(table().members().contains(BAR)).isEqualTo(death == 1);
      register(FOO, table().epoch());
      register(BAR, table().epoch());
    }
    pass(LEASE);
    register(FOO, table().epoch());
    register(BAR, table().epoch());
    assertThat(table().members()).doesNotContain(BAR);
    passWhileRenewed(LEASE, FOO, BAR);
    registry.settle();
    assertThat(table().members()).contains(BAR);
  }

  @Test
  void staticCluster_memberAway_keepsItsPartitions() throws Exception {
    Registry fixed = new Registry(LEASE, 2, () -> now);
    Registration foo = new Registration(FOO.url(), FOO.instance(), null, 0, 0, null);
    fixed.register(FOO, foo);
    pass(LEASE);
    assertThat(fixed.table()).isEmpty();
    fixed.register(BAR, new Registration(BAR.url(), BAR.instance(), null, 0, 0, null));
    PartitionTable first = fixed.table().orElseThrow();
    assertThat(first.fixed()).isTrue();
    pass(LEASE.multipliedBy(9));
    assertThat(fixed.overdue()).isEmpty();
    fixed.leave("bar", BAR.instance());
    assertThat(fixed.table()).contains(first);
    assertThatThrownBy(
            () ->
                fixed.register(BAZ, new Registration(BAZ.url(), BAZ.instance(), null, 0, 0, null)))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("static");
    Member back = new Member("bar", BAR.url(), "another process");
    fixed.register(back, new Registration(back.url(), back.instance(), null, 0, 0, null));
    assertThat(fixed.table().orElseThrow().owners()).isEqualTo(first.owners());
    assertThat(fixed.table().orElseThrow().member("bar")).contains(back);
  }

  @Test
  void differenceTo_everyChange_leadsToTheNextTable() throws Exception {
    settled(FOO);
    PartitionTable before = table();
    register(BAR, 0);
    assertThat(registry.differenceTo(before.epoch()).orElseThrow().appliedTo(before))
        .isEqualTo(table());
    assertThat(registry.differenceTo(table().epoch())).isEmpty();
  }

  @Test
  void register_again_changesNothing() throws Exception {
    finishListening();
    long epoch = register(FOO, 0).epoch();
    assertThat(register(FOO, epoch).epoch()).isEqualTo(epoch);
    assertThat(register(FOO, epoch).millis()).isEqualTo(LEASE.toMillis());
  }

  @Test
  void offer_whileListening_continuesTheOldestClusterWithoutMovement() throws Exception {
    PartitionTable old = old(FOO, BAR);
    register(FOO, 41);
    registry.offer(old);
    register(BAR, 41);
    pass(LEASE);
    assertThat(registry.table()).contains(old);
  }

  @Test
  void offer_severalWhileListening_takesTheNewest() throws Exception {
    PartitionTable old = old(FOO);
    PartitionTable newer = Assignment.next(old, List.of(FOO, BAR), Set.of(), 42);
    register(FOO, 42);
    registry.offer(newer);
    registry.offer(old);
    pass(LEASE);
    assertThat(registry.table()).contains(newer);
  }

  @Test
  void offer_memberAbsent_keepsItForOneMoreLease() throws Exception {
    register(FOO, 41);
    registry.offer(old(FOO, BAR));
    passWhileRenewed(LEASE, FOO);
    assertThat(table().members()).contains(BAR);
    assertThat(registry.overdue()).isEmpty();
    passWhileRenewed(LEASE, FOO);
    assertThat(registry.overdue()).containsExactly(BAR);
  }

  @Test
  void register_nodeAhead_getsAHigherEpoch() throws Exception {
    finishListening();
    register(FOO, 0);
    assertThat(register(BAR, 500).epoch()).isGreaterThan(500);
  }

  @Test
  void register_sameNameElsewhere_isRefusedWhileTheLeaseRuns() throws Exception {
    register(FOO, 0);
    Member impostor = member("foo", 9);
    assertThatThrownBy(() -> register(impostor, 0))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(FOO.url());
    pass(LEASE);
    register(impostor, 0);
    assertThat(registry.members()).containsExactly(impostor);
  }

  @Test
  void register_restartedAtTheSameAddress_replacesItsPredecessor() throws Exception {
    finishListening();
    long epoch = register(FOO, 0).epoch();
    Member restarted = new Member("foo", FOO.url(), "another process");
    assertThat(register(restarted, 0).epoch()).isGreaterThan(epoch);
    assertThat(table().members()).containsExactly(restarted);
    assertThatThrownBy(() -> register(FOO, 0)).isInstanceOf(RefusedException.class);
  }

  @Test
  void leave_member_movesItsPartitionsAtOnce() throws Exception {
    finishListening();
    register(FOO, 0);
    register(BAR, 0);
    assertThat(registry.leave("bar", BAR.instance())).isTrue();
    assertThat(table().partitionsOf(FOO)).isEqualTo(1024);
  }

  @Test
  void leave_anotherProcess_isNoMember() throws Exception {
    register(FOO, 0);
    assertThat(registry.leave("foo", "another process")).isFalse();
    assertThat(registry.leave("bar", "any")).isFalse();
    assertThat(registry.members()).containsExactly(FOO);
  }

  @Test
  void leave_last_publishesNothingAndKeepsTheEpochGrowing() throws Exception {
    finishListening();
    long epoch = register(FOO, 0).epoch();
    registry.leave("foo", FOO.instance());
    assertThat(registry.table()).isEmpty();
    assertThat(register(BAR, 0).epoch()).isGreaterThan(epoch);
  }

  @Test
  void expire_overdue_removesIt() throws Exception {
    finishListening();
    register(FOO, 0);
    register(BAR, 0);
    pass(LEASE.dividedBy(2));
    register(FOO, 0);
    pass(LEASE.dividedBy(2));
    assertThat(registry.overdue()).containsExactly(BAR);
    registry.expire(BAR);
    assertThat(table().members()).containsExactly(FOO);
  }

  @Test
  void expire_renewedMeanwhile_keepsIt() throws Exception {
    settled(FOO, BAR, BAZ);
    passWhileRenewed(LEASE, BAR, BAZ);
    assertThat(registry.overdue()).containsExactly(FOO);
    register(FOO, table().epoch());
    registry.expire(FOO);
    assertThat(registry.members()).containsExactlyInAnyOrder(FOO, BAR, BAZ);
  }

  @Test
  void extend_foundAlive_isNotOverdueAnyMore() throws Exception {
    settled(FOO, BAR);
    passWhileRenewed(LEASE, BAR);
    assertThat(registry.overdue()).containsExactly(FOO);
    registry.extend(FOO);
    assertThat(registry.overdue()).isEmpty();
    registry.extend(BAZ);
    assertThat(registry.members()).containsExactlyInAnyOrder(FOO, BAR);
  }

  private Lease register(Member member, long epoch) throws RefusedException {
    return register(member, epoch, 0);
  }

  private Lease register(Member member, long epoch, int arriving) throws RefusedException {
    String clusterId = registry.table().map(PartitionTable::clusterId).orElse(CLUSTER_ID);
    return registry.register(
        member,
        new Registration(
            member.url(), member.instance(), epoch == 0 ? null : clusterId, epoch, arriving, null));
  }

  private static PartitionTable old(Member... members) {
    return Assignment.first(CLUSTER_ID, false, List.of(members), 41);
  }

  private PartitionTable table() {
    return registry.table().orElseThrow();
  }

  /** Makes these the members of a table that all of them have. */
  private long settled(Member... members) throws RefusedException {
    for (Member member : members) {
      register(member, 0);
    }
    pass(LEASE);
    for (Member member : members) {
      register(member, table().epoch());
    }
    return table().epoch();
  }

  private void finishListening() throws RefusedException {
    Member guest = member("guest", 7);
    register(guest, 0);
    registry.leave(guest.name(), guest.instance());
    pass(LEASE);
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private static Member member(String name, int port) {
    return new Member(name, "http://localhost:" + port, name + "-" + port);
  }
}

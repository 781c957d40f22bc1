package io.smache.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smache.protocol.Assignment;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegistryTest {
  private static final Duration LEASE = Duration.ofSeconds(10);
  private static final Member FOO = member("foo", 1);
  private static final Member BAR = member("bar", 2);

  private long now = Long.MAX_VALUE - LEASE.toNanos() / 2; // the clock may overflow at any time
  private final Registry registry = new Registry(LEASE, () -> now);

  @Test
  void table_whileListening_isNotPublished() throws Exception {
    assertThat(registry.register(FOO, 0).epoch()).isZero();
    assertThat(registry.table()).isEmpty();
    assertThat(registry.isListening()).isTrue();
  }

  @Test
  void listening_nobodyReachesUplinkForLong_beginsWithTheFirst() throws Exception {
    PartitionTable old = Assignment.next(null, List.of(FOO, BAR), 41);
    pass(LEASE.multipliedBy(3));
    assertThat(registry.register(FOO, 41).epoch()).isZero();
    registry.offer(old);
    registry.register(BAR, 41);
    pass(LEASE);
    assertThat(registry.table()).contains(old);
  }

  @Test
  void table_afterListening_hasWhoRegistered() throws Exception {
    registry.register(FOO, 0);
    registry.register(BAR, 0);
    pass(LEASE);
    assertThat(table().members()).containsExactlyInAnyOrder(FOO, BAR);
    assertThat(registry.register(FOO, 0).epoch()).isEqualTo(table().epoch());
  }

  @Test
  void register_afterListening_joinsAtOnce() throws Exception {
    finishListening();
    long first = registry.register(FOO, 0).epoch();
    long second = registry.register(BAR, 0).epoch();
    assertThat(second).isGreaterThan(first);
    assertThat(table().partitionsOf(BAR)).isEqualTo(512);
  }

  @Test
  void register_again_changesNothing() throws Exception {
    finishListening();
    long epoch = registry.register(FOO, 0).epoch();
    assertThat(registry.register(FOO, epoch).epoch()).isEqualTo(epoch);
    assertThat(registry.register(FOO, epoch).millis()).isEqualTo(LEASE.toMillis());
  }

  @Test
  void offer_whileListening_continuesTheOldestClusterWithoutMovement() throws Exception {
    PartitionTable old = Assignment.next(null, List.of(FOO, BAR), 41);
    registry.register(FOO, 41);
    registry.offer(old);
    registry.register(BAR, 41);
    pass(LEASE);
    assertThat(registry.table()).contains(old);
  }

  @Test
  void offer_severalWhileListening_takesTheNewest() throws Exception {
    PartitionTable old = Assignment.next(null, List.of(FOO), 41);
    PartitionTable newer = Assignment.next(old, List.of(FOO, BAR), 42);
    registry.register(FOO, 42);
    registry.offer(newer);
    registry.offer(old);
    pass(LEASE);
    assertThat(registry.table()).contains(newer);
  }

  @Test
  void offer_memberAbsent_keepsItForOneMoreLease() throws Exception {
    registry.register(FOO, 41);
    registry.offer(Assignment.next(null, List.of(FOO, BAR), 41));
    pass(LEASE);
    assertThat(table().members()).contains(BAR);
    assertThat(registry.overdue()).containsExactly(FOO);
    pass(LEASE);
    assertThat(registry.overdue()).containsExactlyInAnyOrder(FOO, BAR);
  }

  @Test
  void register_nodeAhead_getsAHigherEpoch() throws Exception {
    finishListening();
    registry.register(FOO, 0);
    assertThat(registry.register(BAR, 500).epoch()).isGreaterThan(500);
  }

  @Test
  void register_sameNameElsewhere_isRefusedWhileTheLeaseRuns() throws Exception {
    registry.register(FOO, 0);
    Member impostor = member("foo", 9);
    assertThatThrownBy(() -> registry.register(impostor, 0))
        .isInstanceOf(NameTakenException.class)
        .hasMessageContaining(FOO.url());
    pass(LEASE);
    registry.register(impostor, 0);
    assertThat(registry.members()).containsExactly(impostor);
  }

  @Test
  void register_restartedAtTheSameAddress_replacesItsPredecessor() throws Exception {
    finishListening();
    long epoch = registry.register(FOO, 0).epoch();
    Member restarted = new Member("foo", FOO.url(), "another process");
    assertThat(registry.register(restarted, 0).epoch()).isGreaterThan(epoch);
    assertThat(table().members()).containsExactly(restarted);
    assertThatThrownBy(() -> registry.register(FOO, 0)).isInstanceOf(NameTakenException.class);
  }

  @Test
  void leave_member_movesItsPartitionsAtOnce() throws Exception {
    finishListening();
    registry.register(FOO, 0);
    registry.register(BAR, 0);
    assertThat(registry.leave("bar", BAR.instance())).isTrue();
    assertThat(table().partitionsOf(FOO)).isEqualTo(1024);
  }

  @Test
  void leave_anotherProcess_isNoMember() throws Exception {
    registry.register(FOO, 0);
    assertThat(registry.leave("foo", "another process")).isFalse();
    assertThat(registry.leave("bar", "any")).isFalse();
    assertThat(registry.members()).containsExactly(FOO);
  }

  @Test
  void leave_last_publishesNothingAndKeepsTheEpochGrowing() throws Exception {
    finishListening();
    long epoch = registry.register(FOO, 0).epoch();
    registry.leave("foo", FOO.instance());
    assertThat(registry.table()).isEmpty();
    assertThat(registry.register(BAR, 0).epoch()).isGreaterThan(epoch);
  }

  @Test
  void expire_overdue_removesIt() throws Exception {
    finishListening();
    registry.register(FOO, 0);
    registry.register(BAR, 0);
    pass(LEASE.dividedBy(2));
    registry.register(FOO, 0);
    pass(LEASE.dividedBy(2));
    assertThat(registry.overdue()).containsExactly(BAR);
    registry.expire(BAR);
    assertThat(table().members()).containsExactly(FOO);
  }

  @Test
  void expire_renewedMeanwhile_keepsIt() throws Exception {
    finishListening();
    registry.register(FOO, 0);
    pass(LEASE);
    assertThat(registry.overdue()).containsExactly(FOO);
    registry.register(FOO, 0);
    registry.expire(FOO);
    assertThat(registry.members()).containsExactly(FOO);
  }

  @Test
  void extend_foundAlive_isNotOverdueAnyMore() throws Exception {
    finishListening();
    registry.register(FOO, 0);
    pass(LEASE);
    registry.extend(FOO);
    assertThat(registry.overdue()).isEmpty();
    registry.extend(BAR);
    assertThat(registry.members()).containsExactly(FOO);
  }

  private PartitionTable table() {
    return registry.table().orElseThrow();
  }

  private void finishListening() throws NameTakenException {
    Member guest = member("guest", 7);
    registry.register(guest, 0);
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

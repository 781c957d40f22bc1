package io.smache.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.protocol.Assignment;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MembershipTest {
  private static final Member SELF = member("self");
  private static final Member B = member("b");

  private final List<TableChange> changes = new ArrayList<>();
  private final List<Long> epochsWhenInForce = new ArrayList<>();
  private final Membership membership = membership();
  private final PartitionTable first = Assignment.first("cluster", false, List.of(SELF, B), 1);
  private final PartitionTable second = Assignment.next(first, List.of(SELF), Set.of(), 2);

  @Test
  void route_byTheTableInForce() throws KeyException {
    Key key = Key.of("k");
    assertThat(membership.route(key)).isInstanceOf(Route.Nowhere.class);
    membership.accept(first);
    Member owner = first.owner(key.partition());
    assertThat(membership.route(key))
        .isEqualTo(owner.equals(SELF) ? new Route.Here() : new Route.There(owner, 1));
    membership.accept(second);
    assertThat(membership.route(key)).isEqualTo(new Route.Here());
  }

  @Test
  void accept_newer_isToldBeforeAndAfterItIsInForce() {
    membership.accept(first);
    membership.accept(second);
    assertThat(changes).hasSize(2);
    assertThat(changes.get(0).before()).isNull();
    assertThat(changes.get(0).kept().isEmpty()).isTrue();
    assertThat(changes.get(1).before()).isEqualTo(first);
    assertThat(changes.get(1).kept()).isEqualTo(changes.get(0).owned());
    assertThat(changes.get(1).owned().cardinality()).isEqualTo(PartitionTable.PARTITIONS);
    assertThat(epochsWhenInForce).containsExactly(1L, 2L);
  }

  @Test
  void accept_notNewer_isIgnored() {
    membership.accept(second);
    membership.accept(first);
    membership.accept(second);
    assertThat(membership.epoch()).isEqualTo(2);
    assertThat(changes).hasSize(1);
  }

  @Test
  void accept_ofAnotherCluster_isRefused() {
    membership.accept(first);
    PartitionTable foreign = Assignment.first("other", false, List.of(SELF), 9);
    assertThatThrownBy(() -> membership.accept(foreign))
        .isInstanceOfSatisfying(
            RefusedException.class, refused -> assertThat(refused.status()).isEqualTo(409));
    assertThat(membership.epoch()).isEqualTo(1);
  }

  @Test
  void kept_ownedByAnotherInATableNeverSeen_isNot() {
    membership.accept(first);
    PartitionTable away = Assignment.next(first, List.of(B), Set.of(), 2);
    PartitionTable back = Assignment.next(away, List.of(SELF), Set.of(), 3);
    membership.accept(back);
    assertThat(changes.get(1).kept().isEmpty()).isTrue();
  }

  @Test
  void gone_membersOfEarlierTables_untilTheyAreBack() {
    membership.accept(first);
    membership.accept(second);
    assertThat(membership.gone()).containsExactly("b");
    membership.accept(Assignment.next(second, List.of(SELF, B), Set.of(), 3));
    assertThat(membership.gone()).isEmpty();
  }

  @Test
  void isDraining_namedByTheTable_is() {
    membership.accept(first);
    assertThat(membership.isDraining()).isFalse();
    membership.accept(Assignment.next(first, List.of(SELF, B), Set.of("self"), 2));
    assertThat(membership.isDraining()).isTrue();
    assertThat(membership.isActive()).isTrue();
    assertThat(membership.isOwner()).isFalse();
  }

  @Test
  void cluster_beforeTheFirstTable_isThisNode() {
    assertThat(membership.cluster()).isEqualTo("self-instance");
    membership.accept(first);
    assertThat(membership.cluster()).isEqualTo("cluster");
  }

  private Membership membership() {
    return Offline.membership(
        Offline.config(SELF), changes::add, table -> epochsWhenInForce.add(epoch()));
  }

  private long epoch() {
    return membership.epoch();
  }

  private static Member member(String name) {
    return new Member(name, "http://10.0.0.1:80", name + "-instance");
  }
}

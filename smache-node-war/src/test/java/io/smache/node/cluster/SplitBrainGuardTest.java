package io.smache.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.smache.node.store.Command;
import io.smache.node.store.Command.CommandReport;
import io.smache.node.store.Command.Result;
import io.smache.protocol.Assignment;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that has lost uplink, among others that may or may not have. */
class SplitBrainGuardTest {
  private static final Member SELF = member("self");
  private static final Member B = member("b");
  private static final Member C = member("c");
  private static final long EPOCH = 5;
  private static final PartitionTable NEWER = table(false, EPOCH + 1);

  private final Map<Member, CompletableFuture<CommandReport>> result = new HashMap<>();
  private final ClusterConfig config = Offline.config(SELF);
  private final Membership membership = Offline.membership(config, change -> {}, inForce -> {});
  private final PeerLink peers = new AnsweringLink();
  private final SplitBrainGuard splitBrainGuard =
      new SplitBrainGuard(new LostDiscovery(), membership, peers);
  private boolean leased;

  @BeforeEach
  void connect() {
    membership.accept(table(false, EPOCH));
    says(B, EPOCH, false);
    says(C, EPOCH, false);
  }

  @Test
  void isDegraded_leased_isNot() {
    leased = true;
    assertThat(splitBrainGuard.isDegraded()).isFalse();
  }

  @Test
  void isDegraded_neverLooked_is() {
    assertThat(splitBrainGuard.isDegraded()).isTrue();
  }

  @Test
  void isDegraded_allOthersLostUplinkToo_isNot() {
    splitBrainGuard.look();
    assertThat(splitBrainGuard.isDegraded()).isFalse();
  }

  @Test
  void isDegraded_oneIsInTouchWithUplink_is() {
    says(C, EPOCH, true);
    splitBrainGuard.look();
    assertThat(splitBrainGuard.isDegraded()).isTrue();
  }

  @Test
  void isDegraded_oneDoesNotAnswer_is() {
    result.put(B, CompletableFuture.failedFuture(new IllegalStateException("cut")));
    splitBrainGuard.look();
    assertThat(splitBrainGuard.isDegraded()).isTrue();
  }

  @Test
  void isDegraded_oneHasAnOlderTable_is() {
    says(B, EPOCH - 1, false);
    splitBrainGuard.look();
    assertThat(splitBrainGuard.isDegraded()).isTrue();
  }

  @Test
  void look_oneHasANewerTable_acceptsIt() {
    says(B, EPOCH + 1, false);
    splitBrainGuard.look();
    assertThat(membership.table()).contains(NEWER);
    assertThat(splitBrainGuard.isDegraded()).isTrue();
  }

  @Test
  void isDegraded_staticCluster_neverIs() {
    membership.accept(table(true, EPOCH + 1));
    assertThat(splitBrainGuard.isDegraded()).isFalse();
  }

  private void says(Member member, long epoch, boolean inTouch) {
    Result condition = new Result.Condition(inTouch, 0, 0, 0, 0);
    result.put(member, CompletableFuture.completedFuture(new CommandReport(epoch, condition)));
  }

  private static Member member(String name) {
    return new Member(name, "http://10.0.0.1:80", name + "-instance");
  }

  private static PartitionTable table(boolean fixed, long epoch) {
    return Assignment.first("clusterId", fixed, List.of(SELF, B, C), epoch);
  }

  private final class LostDiscovery extends Offline.NoRounds {
    LostDiscovery() {
      super(config, membership, peers);
    }

    @Override
    public boolean isLeased() {
      return leased;
    }

    @Override
    public boolean isInTouch() {
      return leased;
    }
  }

  private final class AnsweringLink extends Offline.Link {
    AnsweringLink() {
      super(config, membership);
    }

    @Override
    public CompletableFuture<CommandReport> send(Member member, Command command) {
      return Objects.requireNonNull(result.get(member));
    }

    @Override
    public CompletableFuture<PartitionTable> table(Member member) {
      return CompletableFuture.completedFuture(NEWER);
    }
  }
}

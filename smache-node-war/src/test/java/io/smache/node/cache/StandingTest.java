package io.smache.node.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.smache.node.cluster.Discovery;
import io.smache.node.cluster.Membership;
import io.smache.node.cluster.PeerLink;
import io.smache.node.store.Command;
import io.smache.node.store.Command.Report;
import io.smache.node.store.Command.Said;
import io.smache.protocol.Assignment;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that has lost uplink, among others that may or may not have. */
class StandingTest {
  private static final Member SELF = member("self");
  private static final Member B = member("b");
  private static final Member C = member("c");
  private static final long EPOCH = 5;
  private static final PartitionTable NEWER = table(false, EPOCH + 1);

  private final Map<Member, CompletableFuture<Report>> said = new HashMap<>();
  private final Standing standing = new Standing();
  private PartitionTable inForce = table(false, EPOCH);
  private boolean leased;

  @BeforeEach
  @SuppressWarnings("UnnecessaryAssignment") // no container injects here
  void connect() {
    standing.discovery = new LostDiscovery();
    standing.membership = new FixedMembership();
    standing.peers = new SaidLink();
    says(B, EPOCH, false);
    says(C, EPOCH, false);
  }

  @Test
  void isDoubtful_leased_isNot() {
    leased = true;
    assertThat(standing.isDoubtful()).isFalse();
  }

  @Test
  void isDoubtful_neverLooked_is() {
    assertThat(standing.isDoubtful()).isTrue();
  }

  @Test
  void isDoubtful_allOthersLostUplinkToo_isNot() {
    standing.look();
    assertThat(standing.isDoubtful()).isFalse();
  }

  @Test
  void isDoubtful_oneIsInTouchWithUplink_is() {
    says(C, EPOCH, true);
    standing.look();
    assertThat(standing.isDoubtful()).isTrue();
  }

  @Test
  void isDoubtful_oneDoesNotAnswer_is() {
    said.put(B, CompletableFuture.failedFuture(new IllegalStateException("cut")));
    standing.look();
    assertThat(standing.isDoubtful()).isTrue();
  }

  @Test
  void isDoubtful_oneHasAnOlderTable_is() {
    says(B, EPOCH - 1, false);
    standing.look();
    assertThat(standing.isDoubtful()).isTrue();
  }

  @Test
  void look_oneHasANewerTable_takesIt() {
    says(B, EPOCH + 1, false);
    standing.look();
    assertThat(inForce).isEqualTo(NEWER);
    assertThat(standing.isDoubtful()).isTrue();
  }

  @Test
  void isDoubtful_staticCluster_neverIs() {
    inForce = table(true, EPOCH);
    assertThat(standing.isDoubtful()).isFalse();
  }

  private void says(Member member, long epoch, boolean inTouch) {
    Said condition = new Said.Condition(inTouch, 0, 0, 0, 0);
    said.put(member, CompletableFuture.completedFuture(new Report(epoch, condition)));
  }

  private static Member member(String name) {
    return new Member(name, "http://10.0.0.1:80", name + "-instance");
  }

  private static PartitionTable table(boolean fixed, long epoch) {
    return Assignment.first("lineage", fixed, List.of(SELF, B, C), epoch);
  }

  private final class LostDiscovery extends Discovery {
    @Override
    public boolean isLeased() {
      return leased;
    }

    @Override
    public boolean isInTouch() {
      return leased;
    }
  }

  private final class FixedMembership extends Membership {
    @Override
    public Member self() {
      return SELF;
    }

    @Override
    public Optional<PartitionTable> table() {
      return Optional.of(inForce);
    }

    @Override
    public synchronized void accept(PartitionTable table) {
      inForce = table;
    }
  }

  private final class SaidLink extends PeerLink {
    @Override
    public CompletableFuture<Report> send(Member member, Command command) {
      return Objects.requireNonNull(said.get(member));
    }

    @Override
    public CompletableFuture<PartitionTable> table(Member member) {
      return CompletableFuture.completedFuture(NEWER);
    }
  }
}

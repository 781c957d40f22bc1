package io.smache.node.http;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smache.node.store.Command;
import io.smache.node.store.Format;
import io.smache.node.store.Invalidation;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.node.store.Lifetime;
import io.smache.node.store.Place;
import io.smache.node.store.Preconditions;
import io.smache.node.store.Put;
import io.smache.protocol.http.ProblemException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerCheckTest {
  private static final Lifetime MINUTE = new Lifetime(60_000L, null, null);

  @Test
  void put_asAClientWritesIt_passes() throws KeyException {
    Put put = put("default", List.of("g"), MINUTE);
    assertThatCode(() -> PeerCheck.check(put)).doesNotThrowAnyException();
  }

  @Test
  void put_cacheThatNoClientCanName_isRefused() throws KeyException {
    Put put = put("a/b", List.of(), MINUTE);
    assertThatThrownBy(() -> PeerCheck.check(put))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("a/b");
  }

  @Test
  void put_endlessLife_isRefused() throws KeyException {
    Put put = put("default", List.of(), new Lifetime(null, Long.MAX_VALUE, null));
    assertThatThrownBy(() -> PeerCheck.check(put))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("idle");
  }

  @Test
  void put_groupThatIsTooLong_isRefused() throws KeyException {
    Put put = put("default", List.of("g".repeat(33)), MINUTE);
    assertThatThrownBy(() -> PeerCheck.check(put)).isInstanceOf(ProblemException.class);
  }

  @Test
  void commands_cacheThatNoClientCanName_areRefused() throws KeyException {
    Command hand = new Command.Hand(List.of(new Place("", Key.of("k"))), List.of());
    Command invalidate =
        Command.Invalidate.of("no cache", Invalidation.ofGroups(List.of("g")), null);
    assertThatThrownBy(() -> PeerCheck.check(hand)).isInstanceOf(ProblemException.class);
    assertThatThrownBy(() -> PeerCheck.check(invalidate)).isInstanceOf(ProblemException.class);
  }

  private static Put put(String cache, List<String> groups, Lifetime lifetime) throws KeyException {
    return new Put(
        cache,
        Key.of("k"),
        new byte[] {1},
        Format.JSON,
        groups,
        lifetime,
        Preconditions.NONE,
        List.of());
  }
}

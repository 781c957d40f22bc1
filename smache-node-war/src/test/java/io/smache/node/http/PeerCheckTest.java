package io.smache.node.http;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smache.node.store.CacheConfig;
import io.smache.node.store.Command;
import io.smache.node.store.Configuration;
import io.smache.node.store.Format;
import io.smache.node.store.Get;
import io.smache.node.store.Increment;
import io.smache.node.store.Invalidation;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.node.store.Life;
import io.smache.node.store.Lifetime;
import io.smache.node.store.Moved;
import io.smache.node.store.Part;
import io.smache.node.store.Place;
import io.smache.node.store.Preconditions;
import io.smache.node.store.Put;
import io.smache.node.store.Version;
import io.smache.protocol.http.ProblemException;
import java.math.BigInteger;
import java.util.List;
import java.util.concurrent.TimeUnit;
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

  @Test
  void increment_moreDigitsThanAClientMaySend_isRefused() throws KeyException {
    BigInteger most = BigInteger.TEN.pow(10_000).subtract(BigInteger.ONE);
    assertThatCode(() -> PeerCheck.check(increment(most))).doesNotThrowAnyException();
    assertThatThrownBy(() -> PeerCheck.check(increment(most.multiply(BigInteger.TEN))))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("by has more than 10000 digits");
  }

  @Test
  void get_longerWaitOrLeaseThanAClientMayAskFor_isRefused() throws KeyException {
    Key key = Key.of("k");
    Get most = new Get("default", key, Preconditions.NONE, true, 600_000, 60_000);
    assertThatCode(() -> PeerCheck.check(most)).doesNotThrowAnyException();
    Get lease = new Get("default", key, Preconditions.NONE, true, 600_001, 0);
    Get wait = new Get("default", key, Preconditions.NONE, true, 0, 60_001);
    assertThatThrownBy(() -> PeerCheck.check(lease)).hasMessageContaining("lease");
    assertThatThrownBy(() -> PeerCheck.check(wait)).hasMessageContaining("wait");
  }

  @Test
  void configure_whatNoOperatorMaySay_isRefused() {
    CacheConfig endless = new CacheConfig(Long.MAX_VALUE, null, null, null, null);
    CacheConfig none = new CacheConfig(null, null, null, 0L, null);
    assertThatThrownBy(() -> PeerCheck.check(configure(endless))).hasMessageContaining("ttl");
    assertThatThrownBy(() -> PeerCheck.check(configure(none))).hasMessageContaining("maxBytes");
    Command fine = configure(new CacheConfig(1000L, null, 1L, null, null));
    assertThatCode(() -> PeerCheck.check(fine)).doesNotThrowAnyException();
  }

  @Test
  void take_lifeThatNoEntryHas_isRefused() throws KeyException {
    assertThatCode(() -> PeerCheck.check(take(new Life(true, -5, 0, 0))))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> PeerCheck.check(take(new Life(true, Long.MAX_VALUE, 0, 0))))
        .hasMessageContaining("end");
    long idle = TimeUnit.DAYS.toNanos(3651);
    assertThatThrownBy(() -> PeerCheck.check(take(new Life(false, 0, idle, 0))))
        .hasMessageContaining("idle");
  }

  private static Increment increment(BigInteger by) throws KeyException {
    return new Increment(
        "default",
        Key.of("k"),
        by,
        BigInteger.ZERO,
        Lifetime.UNSAID,
        Preconditions.NONE,
        List.of());
  }

  private static Command configure(CacheConfig config) {
    return new Command.Configure(List.of(new Configuration("default", config, 1)));
  }

  private static Command take(Life life) throws KeyException {
    Place place = new Place("default", Key.of("k"));
    Moved.Contents contents =
        new Moved.Contents(new byte[0], Format.JSON, List.of(), new Version(1, 1), 0, life, 1);
    Part part = new Part(1, 1, List.of(new Moved(place, contents, 0)), true);
    return new Command.Take(List.of(part), 0);
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

package io.smache.node.api.peer;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smache.node.store.CacheConfig;
import io.smache.node.store.Command;
import io.smache.node.store.Configuration;
import io.smache.node.store.EntryId;
import io.smache.node.store.Expiration;
import io.smache.node.store.Format;
import io.smache.node.store.Get;
import io.smache.node.store.Increment;
import io.smache.node.store.Invalidation;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.node.store.LifetimeSpec;
import io.smache.node.store.Preconditions;
import io.smache.node.store.Put;
import io.smache.node.store.TransferChunk;
import io.smache.node.store.TransferredEntry;
import io.smache.node.store.Version;
import io.smache.protocol.message.ProblemException;
import java.math.BigInteger;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PeerValidatorTest {
  private static final LifetimeSpec MINUTE = new LifetimeSpec(60_000L, null, null);

  @Test
  void put_asAClientWritesIt_passes() throws KeyException {
    Put put = put("default", List.of("g"), MINUTE);
    assertThatCode(() -> PeerValidator.check(put)).doesNotThrowAnyException();
  }

  @Test
  void put_cacheThatNoClientCanName_isRefused() throws KeyException {
    Put put = put("a/b", List.of(), MINUTE);
    assertThatThrownBy(() -> PeerValidator.check(put))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("a/b");
  }

  @Test
  void put_endlessLife_isRefused() throws KeyException {
    Put put = put("default", List.of(), new LifetimeSpec(null, Long.MAX_VALUE, null));
    assertThatThrownBy(() -> PeerValidator.check(put))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("idle");
  }

  @Test
  void put_groupThatIsTooLong_isRefused() throws KeyException {
    Put put = put("default", List.of("g".repeat(33)), MINUTE);
    assertThatThrownBy(() -> PeerValidator.check(put)).isInstanceOf(ProblemException.class);
  }

  @Test
  void commands_cacheThatNoClientCanName_areRefused() throws KeyException {
    Command hand = new Command.FetchEntries(List.of(new EntryId("", Key.of("k"))), List.of());
    Command invalidate =
        Command.Invalidate.of("no cache", Invalidation.ofGroups(List.of("g")), null);
    assertThatThrownBy(() -> PeerValidator.check(hand)).isInstanceOf(ProblemException.class);
    assertThatThrownBy(() -> PeerValidator.check(invalidate)).isInstanceOf(ProblemException.class);
  }

  @Test
  void increment_moreDigitsThanAClientMaySend_isRefused() throws KeyException {
    BigInteger most = BigInteger.TEN.pow(10_000).subtract(BigInteger.ONE);
    assertThatCode(() -> PeerValidator.check(increment(most))).doesNotThrowAnyException();
    assertThatThrownBy(() -> PeerValidator.check(increment(most.multiply(BigInteger.TEN))))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("by has more than 10000 digits");
  }

  @Test
  void get_longerWaitOrLeaseThanAClientMayAskFor_isRefused() throws KeyException {
    Key key = Key.of("k");
    Get most = new Get("default", key, Preconditions.NONE, true, 600_000, 60_000, false);
    assertThatCode(() -> PeerValidator.check(most)).doesNotThrowAnyException();
    Get lease = new Get("default", key, Preconditions.NONE, true, 600_001, 0, false);
    Get wait = new Get("default", key, Preconditions.NONE, true, 0, 60_001, false);
    assertThatThrownBy(() -> PeerValidator.check(lease)).hasMessageContaining("claim");
    assertThatThrownBy(() -> PeerValidator.check(wait)).hasMessageContaining("wait");
  }

  @Test
  void configure_whatNoOperatorMaySay_isRefused() {
    CacheConfig endless = new CacheConfig(Long.MAX_VALUE, null, null, null, null);
    CacheConfig none = new CacheConfig(null, null, null, 0L, null);
    assertThatThrownBy(() -> PeerValidator.check(configure(endless))).hasMessageContaining("ttl");
    assertThatThrownBy(() -> PeerValidator.check(configure(none))).hasMessageContaining("maxBytes");
    Command fine = configure(new CacheConfig(1000L, null, 1L, null, null));
    assertThatCode(() -> PeerValidator.check(fine)).doesNotThrowAnyException();
  }

  @Test
  void take_lifeThatNoEntryHas_isRefused() throws KeyException {
    assertThatCode(() -> PeerValidator.check(take(new Expiration(true, -5, 0, 0))))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> PeerValidator.check(take(new Expiration(true, Long.MAX_VALUE, 0, 0))))
        .hasMessageContaining("end");
    long idle = TimeUnit.DAYS.toNanos(3651);
    assertThatThrownBy(() -> PeerValidator.check(take(new Expiration(false, 0, idle, 0))))
        .hasMessageContaining("idle");
  }

  private static Increment increment(BigInteger by) throws KeyException {
    return new Increment(
        "default",
        Key.of("k"),
        by,
        BigInteger.ZERO,
        LifetimeSpec.UNSAID,
        Preconditions.NONE,
        List.of());
  }

  private static Command configure(CacheConfig config) {
    return new Command.Configure(List.of(new Configuration("default", config, 1)));
  }

  private static Command take(Expiration expiration) throws KeyException {
    EntryId id = new EntryId("default", Key.of("k"));
    TransferredEntry.Contents contents =
        new TransferredEntry.Contents(
            new byte[0], Format.JSON, List.of(), new Version(1, 1), 0, expiration, 1);
    TransferChunk chunk =
        new TransferChunk(1, 1, List.of(new TransferredEntry(id, contents, 0)), true);
    return new Command.PushChunks(List.of(chunk), 0);
  }

  private static Put put(String cache, List<String> groups, LifetimeSpec lifetime)
      throws KeyException {
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

package io.smache.node.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Any history of all operations on the core, against a model that is slow and obvious. */
class ShardModelTest {
  private static final String CACHE = "model";
  private static final List<String> KEYS = List.of("a", "ab", "b", "1");
  private static final List<String> GROUPS = List.of("x", "y");

  /** What the model knows of an entry; times in ms. */
  private record Known(
      String value,
      List<String> groups,
      String tag,
      @Nullable Long end,
      @Nullable Long idle,
      long idleEnd,
      long stale) {
    long ended(long now) {
      long byEnd = end == null ? Long.MIN_VALUE : now - end;
      long byIdle = idle == null ? Long.MIN_VALUE : now - idleEnd;
      return Math.max(byEnd, byIdle);
    }

    Known used(long now) {
      return idle == null || ended(now) >= 0
          ? this
          : new Known(value, groups, tag, end, idle, now + idle, stale);
    }
  }

  /** Plays a step on both and compares. */
  private interface Step {
    void play(Played played) throws KeyException;
  }

  private static final class Played {
    final FakeClock clock = new FakeClock();
    final Caches caches = new Caches(clock, 1 << 24, Integer.MAX_VALUE);
    final Shard shard = new Shard(caches);
    final Map<String, Known> model = new HashMap<>();
    long now;

    Played() {
      BitSet all = new BitSet();
      all.set(0, 1024);
      shard.own(all, Map.of());
    }

    @Nullable Known known(String key) {
      Known known = model.get(key);
      if (known != null && known.ended(now) >= known.stale()) {
        model.remove(key);
        return null;
      }
      return known;
    }

    void perform(
        String key,
        Operation operation,
        BiFunction<@Nullable Known, Outcome, @Nullable Known> next) {
      Known before = known(key);
      Outcome outcome = shard.perform(operation);
      Known after = next.apply(before, outcome);
      if (after == null) {
        model.remove(key);
      } else {
        model.put(key, after);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void anyHistory_behavesAsTheModel(long seed) throws KeyException {
    Random random = new Random(seed);
    Played played = new Played();
    int steps = random.nextInt(61);
    for (int i = 0; i < steps; i++) {
      step(random).play(played);
    }
    for (String key : KEYS) {
      get(key).play(played);
    }
  }

  private static LongStream seeds() {
    return LongStream.range(0, 500);
  }

  private static Step step(Random random) {
    String key = KEYS.get(random.nextInt(KEYS.size()));
    return switch (random.nextInt(4)) {
      case 0 ->
          put(key, random.nextInt(100), groups(random), lifetime(random), random.nextInt(3) == 0);
      case 1 -> touch(key, random.nextBoolean() ? null : groups(random), lifetime(random));
      default -> other(key, random);
    };
  }

  private static Step other(String key, Random random) {
    return switch (random.nextInt(9)) {
      case 0, 1 -> get(key);
      case 2 -> delete(key);
      case 3 -> increment(key, lifetime(random));
      case 4 -> invalidate(groups(random));
      case 5 -> invalidatePrefix(List.of("a", "ab", "b").get(random.nextInt(3)));
      case 6 -> pass(1 + random.nextInt(30));
      case 7 -> pass(100 + random.nextInt(1901));
      default -> ShardModelTest::reclaim;
    };
  }

  private static List<String> groups(Random random) {
    return GROUPS.stream().filter(group -> random.nextBoolean()).toList();
  }

  private static LifetimeSpec lifetime(Random random) {
    return new LifetimeSpec(time(random), time(random), time(random));
  }

  private static @Nullable Long time(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> 1L + random.nextInt(50);
      case 1 -> 500L + random.nextInt(4501);
      default -> null;
    };
  }

  private static Step put(
      String text, int number, List<String> groups, LifetimeSpec lifetime, boolean onlyNew) {
    return played -> {
      Key key = Key.of(text);
      Preconditions preconditions =
          onlyNew ? new Preconditions(null, EntityTags.ANY, null, null) : Preconditions.NONE;
      byte[] value = bytes(Integer.toString(number));
      Put put = new Put(CACHE, key, value, Format.JSON, groups, lifetime, preconditions, List.of());
      played.perform(
          text,
          put,
          (before, outcome) -> {
            if (onlyNew && before != null) {
              assertThat(outcome).isEqualTo(new Outcome.PreconditionFailed());
              return before;
            }
            Outcome.Stored stored = (Outcome.Stored) outcome;
            assertThat(stored.created()).isEqualTo(before == null);
            return begun(number, groups, stored.version(), lifetime, played.now);
          });
    };
  }

  private static Known begun(
      int number, List<String> groups, Version version, LifetimeSpec lifetime, long now) {
    Long ttl = lifetime.ttl();
    Long idle = lifetime.idle();
    boolean ends = ttl != null || idle != null;
    Long stale = lifetime.stale();
    return new Known(
        Integer.toString(number),
        groups,
        version.tag(),
        ttl == null ? null : now + ttl,
        idle,
        idle == null ? 0 : now + idle,
        stale == null || !ends ? 0 : stale);
  }

  private static Step touch(String text, @Nullable List<String> groups, LifetimeSpec lifetime) {
    return played -> {
      Patch patch =
          new Patch(CACHE, Key.of(text), null, groups, lifetime, Preconditions.NONE, List.of());
      played.perform(
          text,
          patch,
          (before, outcome) -> {
            if (before == null) {
              assertThat(outcome).isEqualTo(Outcome.Absent.PLAIN);
              return null;
            }
            Version version = ((Outcome.Stored) outcome).version();
            List<String> nextGroups = groups == null ? before.groups() : groups;
            return changed(before, before.value(), nextGroups, version, lifetime, played.now);
          });
    };
  }

  private static Known changed(
      Known before,
      String value,
      List<String> groups,
      Version version,
      LifetimeSpec lifetime,
      long now) {
    Long ttl = lifetime.ttl();
    Long end = ttl == null ? before.end() : Long.valueOf(now + ttl);
    Long idle = lifetime.idle() == null ? before.idle() : lifetime.idle();
    Long stale = lifetime.stale();
    boolean ends = end != null || idle != null;
    return new Known(
        value,
        groups,
        version.tag(),
        end,
        idle,
        idle == null ? 0 : now + idle,
        ends ? (stale == null ? before.stale() : stale) : 0);
  }

  private static Step increment(String text, LifetimeSpec lifetime) {
    return played -> {
      Increment increment =
          new Increment(
              CACHE,
              Key.of(text),
              BigInteger.TWO,
              BigInteger.TEN,
              lifetime,
              Preconditions.NONE,
              List.of());
      played.perform(
          text,
          increment,
          (before, outcome) -> {
            Snapshot found = ((Outcome.Found) outcome).entry();
            String sum = new String(found.value(), StandardCharsets.US_ASCII);
            int expected = before == null ? 12 : Integer.parseInt(before.value()) + 2;
            assertThat(sum).isEqualTo(Integer.toString(expected));
            return before == null
                ? begun(expected, List.of(), found.version(), lifetime, played.now)
                : changed(before, sum, before.groups(), found.version(), lifetime, played.now);
          });
    };
  }

  private static Step delete(String text) {
    return played ->
        played.perform(
            text,
            new Delete(CACHE, Key.of(text), Preconditions.NONE, List.of()),
            (before, outcome) -> {
              assertThat(outcome)
                  .isEqualTo(before == null ? Outcome.Absent.PLAIN : new Outcome.Removed());
              return null;
            });
  }

  private static Step get(String text) {
    return played -> {
      Outcome outcome = played.shard.read(Get.plain(CACHE, Key.of(text)));
      Known known = played.known(text);
      if (known == null) {
        assertThat(outcome).isEqualTo(Outcome.Absent.PLAIN);
        return;
      }
      Outcome.Found found = (Outcome.Found) outcome;
      boolean stale = known.ended(played.now) >= 0;
      assertThat(found.state()).isEqualTo(stale ? State.STALE : State.PLAIN);
      assertThat(found.entry().value()).isEqualTo(bytes(known.value()));
      assertThat(found.entry().groups()).isEqualTo(known.groups());
      assertThat(found.entry().version().tag()).isEqualTo(known.tag());
      Known used = known.used(played.now);
      played.model.put(text, used);
      long ended = used.ended(played.now);
      assertThat(found.entry().ends()).isEqualTo(ended != Long.MIN_VALUE);
      if (ended != Long.MIN_VALUE && !stale) {
        assertThat(found.entry().left()).isEqualTo(-ended);
      }
    };
  }

  private static Step invalidate(List<String> groups) {
    return played -> {
      played.shard.invalidate(CACHE, Invalidation.ofGroups(groups), null);
      played.model.values().removeIf(known -> known.groups().stream().anyMatch(groups::contains));
    };
  }

  private static Step invalidatePrefix(String prefix) {
    return played -> {
      played.shard.invalidate(CACHE, Invalidation.ofPrefix(Key.of(prefix)), null);
      played.model.keySet().removeIf(key -> key.startsWith(prefix));
    };
  }

  private static Step pass(long millis) {
    return played -> {
      played.clock.pass(millis);
      played.now += millis;
    };
  }

  private static void reclaim(Played played) {
    played.caches.reclaim();
    new Sweep(
            played.caches,
            List.of(played.shard),
            key -> played.shard,
            new OutboundTransfers(played.caches, key -> played.shard))
        .reclaim();
    long there = KEYS.stream().filter(key -> played.known(key) != null).count();
    assertThat(played.caches.size()).isBetween(there, (long) KEYS.size());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

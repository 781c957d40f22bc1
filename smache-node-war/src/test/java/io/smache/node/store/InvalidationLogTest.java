package io.smache.node.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.smache.node.store.Command.Invalidate;
import java.util.List;
import org.junit.jupiter.api.Test;

class InvalidationLogTest {
  private static final int MAX_BYTES = 100_000;

  private final FakeClock clock = new FakeClock();
  private final InvalidationLog log = new InvalidationLog(clock, MAX_BYTES);

  @Test
  void after_returnsThoseThatCameLater() throws KeyException {
    Invalidate first = prefix("c", "a");
    Invalidate second = prefix("c", "b");
    assertThat(log.add(first)).isTrue();
    assertThat(log.add(second)).isTrue();
    assertThat(log.add(first)).as("the same again").isFalse();
    assertThat(log.after(0)).containsExactly(first, second);
    assertThat(log.after(1)).containsExactly(second);
    assertThat(log.after(2)).isEmpty();
  }

  @Test
  void beyondTheBound_thoseOfTheFullestCacheBecomeOne() throws KeyException {
    Invalidate other = prefix("quiet", "x");
    log.add(other);
    for (int i = 0; i < 1000; i++) {
      log.add(prefix("loud", "p".repeat(1000) + i));
    }
    List<Invalidate> told = log.after(0);
    assertThat(told).contains(other).hasSizeLessThan(100);
    assertThat(told).anyMatch(each -> each.cache().equals("loud") && each.invalidation().all());
    assertThat(log.count()).isEqualTo(1001);
  }

  @Test
  void beyondTheBound_whoHeardAllIsToldNothing() throws KeyException {
    for (int i = 0; i < 1000; i++) {
      log.add(prefix("loud", "p".repeat(1000) + i));
      assertThat(log.after(log.count())).isEmpty();
      assertThat(log.after(log.count() - 1)).isNotEmpty();
    }
  }

  @Test
  void beyondTheBound_invalidationsOfAllBecomeOneAsWell() {
    for (int i = 0; i < 1000; i++) {
      log.add(Invalidate.of("c", Invalidation.ofAll(), null));
    }
    assertThat(log.after(0)).hasSizeLessThan(500);
  }

  @Test
  void beyondTheBound_ofAsManyCaches_theOldestAreForgotten() {
    Invalidate last = null;
    for (int i = 0; i < 100_000; i++) {
      last = Invalidate.of("cache" + i, Invalidation.ofAll(), null);
      log.add(last);
    }
    assertThat(log.after(0)).hasSizeBetween(100, MAX_BYTES / 256).contains(last);
  }

  private static Invalidate prefix(String cache, String prefix) throws KeyException {
    return Invalidate.of(cache, Invalidation.ofPrefix(Key.of(prefix)), null);
  }
}

package io.smache.node.engine.grid;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.infinispan.commons.marshall.WrappedByteArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What goes together, without a network. */
class LaneTest {
  private final List<Map<WrappedByteArray, Swap>> sent = new ArrayList<>();
  private final List<CompletableFuture<@Nullable Void>> answers = new ArrayList<>();
  private static final byte @Nullable [] MADE = null;

  private final Lane lane = new Lane(this::send);

  private CompletableFuture<@Nullable Void> send(Map<WrappedByteArray, Swap> swaps) {
    CompletableFuture<@Nullable Void> answer = new CompletableFuture<>();
    sent.add(swaps);
    answers.add(answer);
    return answer;
  }

  private CompletableFuture<byte @Nullable []> add(String key) {
    return add(key, 1);
  }

  private CompletableFuture<byte @Nullable []> add(String key, int bytes) {
    return lane.add(new WrappedByteArray(key.getBytes(UTF_8)), new Swap(null, new byte[bytes]));
  }

  /** The owner decides about all of a message; it has what each expects, or something else. */
  private void answer(int index, byte @Nullable [] current) {
    sent.get(index).values().forEach(swap -> swap.decide(current));
    answers.get(index).complete(null);
  }

  @Test
  void add_nothingUnderWay_goesAtOnce() {
    CompletableFuture<byte @Nullable []> made = add("a");
    assertThat(sent).hasSize(1);
    assertThat(made).isNotDone();
    answer(0, null);
    assertThat(made).isCompletedWithValue(MADE);
  }

  @Test
  void add_whileOneIsUnderWay_goesTogetherWithOthers() {
    CompletableFuture<byte @Nullable []> first = add("a");
    CompletableFuture<byte @Nullable []> second = add("b");
    CompletableFuture<byte @Nullable []> third = add("c");
    assertThat(sent).hasSize(1);
    answer(0, null);
    assertThat(sent).hasSize(2);
    assertThat(sent.get(1)).hasSize(2);
    answer(1, null);
    assertThat(first).isCompletedWithValue(MADE);
    assertThat(second).isCompletedWithValue(MADE);
    assertThat(third).isCompletedWithValue(MADE);
  }

  /** As an eviction and a write. */
  @Test
  void add_theSameKeyTwice_goesOneAfterTheOther() {
    CompletableFuture<byte @Nullable []> first = add("a");
    CompletableFuture<byte @Nullable []> second = add("b");
    CompletableFuture<byte @Nullable []> third = add("b");
    CompletableFuture<byte @Nullable []> last = add("c");
    answer(0, null);
    assertThat(sent.get(1)).hasSize(1);
    answer(1, null);
    assertThat(sent.get(2)).hasSize(2);
    answer(2, null);
    for (CompletableFuture<byte @Nullable []> each : List.of(first, second, third, last)) {
      assertThat(each).isCompletedWithValue(MADE);
    }
  }

  @Test
  void add_large_goesAlone() {
    List<CompletableFuture<byte @Nullable []>> made =
        List.of(add("a"), add("large", 1 << 20), add("b"));
    answer(0, null);
    assertThat(sent.get(1)).hasSize(1);
    answer(1, null);
    assertThat(sent.get(2)).hasSize(1);
    answer(2, null);
    assertThat(made).allSatisfy(each -> assertThat(each).isCompletedWithValue(MADE));
  }

  @Test
  void add_ownerHasAnother_returnsIt() {
    CompletableFuture<byte @Nullable []> found = add("a");
    byte[] another = {7};
    answer(0, another);
    assertThat(found).isCompletedWithValue(another);
  }

  /** When the partition has moved, another member was asked, and decides nothing. */
  @Test
  void add_nobodyDecided_fails() {
    CompletableFuture<byte @Nullable []> made = add("a");
    answers.get(0).complete(null);
    assertThat(made).isCompletedExceptionally();
  }

  /** Those have waited as long as the one that failed. */
  @Test
  void add_messageFails_failsWithAllThatWait() {
    CompletableFuture<byte @Nullable []> first = add("a");
    CompletableFuture<byte @Nullable []> second = add("b");
    answers.get(0).completeExceptionally(new IllegalStateException("no answer"));
    assertThat(first).isCompletedExceptionally();
    assertThat(second).isCompletedExceptionally();
    CompletableFuture<byte @Nullable []> third = add("a");
    answer(1, null);
    assertThat(third).isCompletedWithValue(MADE);
  }

  /** As when nobody else has copies: one after the other, and not one within the other. */
  @Test
  void add_manyThatAreDoneAtOnce_goesNoDeeper() {
    CompletableFuture<@Nullable Void> first = new CompletableFuture<>();
    Lane alone =
        new Lane(
            swaps -> {
              swaps.values().forEach(swap -> swap.decide(null));
              return first;
            });
    WrappedByteArray key = new WrappedByteArray("k".getBytes(UTF_8));
    List<CompletableFuture<byte @Nullable []>> made = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      made.add(alone.add(key, new Swap(null, new byte[1])));
    }
    first.complete(null);
    CompletableFuture<?> all = CompletableFuture.allOf(made.toArray(CompletableFuture<?>[]::new));
    assertThat(all).succeedsWithin(Duration.ofSeconds(30));
  }

  /** As when the grid is being closed. */
  @Test
  void add_messageCannotBeSent_failsAndTheNextIsTried() {
    Lane closed =
        new Lane(
            swaps -> {
              throw new IllegalStateException("closed");
            });
    for (String key : List.of("a", "b")) {
      WrappedByteArray bytes = new WrappedByteArray(key.getBytes(UTF_8));
      assertThat(closed.add(bytes, new Swap(null, new byte[1]))).isCompletedExceptionally();
    }
  }
}

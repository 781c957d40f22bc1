package io.smache.node.engine.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smache.node.store.Delete;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.node.store.Numbered;
import io.smache.node.store.Operation;
import io.smache.node.store.Preconditions;
import java.util.List;
import org.junit.jupiter.api.Test;

class NumbersTest {
  private final Numbers numbers = new Numbers();

  private Numbered open() {
    try {
      Operation any = new Delete("c", Key.of("k"), Preconditions.NONE, List.of());
      return numbers.open(any);
    } catch (KeyException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long sequence(Numbered write) {
    return write.number().sequence();
  }

  @Test
  void open_settlesWhatWasAnswered() {
    Numbered first = open();
    Numbered second = open();
    assertThat(second.settled()).isEqualTo(sequence(first));
    numbers.settle(first);
    assertThat(open().settled()).isEqualTo(sequence(second));
  }

  /** Else all that come after it had to be remembered for as long as it is open. */
  @Test
  void open_besideOneThatTakesLong_settlesThoseAfterIt() {
    Numbered slow = open();
    await()
        .until(
            () -> {
              Numbered each = open();
              numbers.settle(each);
              return each.late().equals(List.of(sequence(slow)));
            });
    Numbered quick = open();
    numbers.settle(quick);
    Numbered next = open();
    assertThat(next.settled()).isEqualTo(sequence(next));
    assertThat(next.late()).containsExactly(sequence(slow));
    numbers.settle(slow);
    assertThat(open().late()).isEmpty();
  }
}

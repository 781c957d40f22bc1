package io.smache.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CellTest {
  private static final long NOW = TimeUnit.SECONDS.toNanos(1_000);
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final Key KEY = key();

  private static Key key() {
    try {
      return Key.of("k");
    } catch (KeyException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Entry entry(Format format, List<String> groups, Expiration expiration) {
    byte[] value = "value".getBytes(StandardCharsets.UTF_8);
    return new Entry(value, format, groups, expiration, 5, 6, 7, 8);
  }

  private static Cell living(Expiration expiration, long used) {
    return cell(entry(Format.JSON, List.of(), expiration), used, 0);
  }

  private static Cell cell(@Nullable Entry entry, long used, long claim) {
    return new Cell(entry, used, claim, false, false, List.of());
  }

  static List<Cell> cells() {
    Expiration life = new Expiration(true, NOW + SECOND, 3, 4);
    return List.of(
        Cell.EMPTY,
        cell(null, 0, NOW),
        new Cell(null, 0, 0, false, false, List.of(new Done(new Version(1, 2), true, null))),
        new Cell(
            entry(Format.BYTES, List.of(), Expiration.NONE),
            1,
            0,
            true,
            true,
            List.of(
                new Done(new Version(1, 2), true, new byte[] {9}),
                new Done(new Version(-1, -2), false, new byte[0]))),
        cell(entry(Format.BYTES, List.of(), Expiration.NONE), 1, 0),
        cell(entry(Format.JSON, List.of("a", "gr\u00fc\u00df"), life), NOW, NOW + 1),
        cell(entry(Format.of("text/plain;charset=x", "gzip"), List.of("g"), life), -1, 0));
  }

  @ParameterizedTest
  @MethodSource("cells")
  void bytes_areReadAsTheSameCell(Cell cell) {
    Cell read = Cell.of(cell.bytes());
    assertThat(read).usingRecursiveComparison().isEqualTo(cell);
  }

  @Test
  void bytes_ofALaterVersion_areRefused() {
    assertThatThrownBy(() -> Cell.of(new byte[] {2, 0, 0}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("later version");
  }

  @Test
  void entry_afterItsEnd_isVisibleWhileItMayBeStale() {
    Cell cell = living(new Expiration(true, NOW + SECOND, 0, SECOND), NOW);
    assertThat(cell.left(NOW)).isEqualTo(SECOND);
    assertThat(cell.visible(NOW + 2 * SECOND - 1)).isNotNull();
    assertThat(cell.visible(NOW + 2 * SECOND)).isNull();
    assertThat(cell.keep(NOW)).isEqualTo(2 * SECOND);
  }

  @Test
  void entry_thatIsIdle_endsAfterItsLastUse() {
    Cell cell = living(new Expiration(false, 0, SECOND, 0), NOW);
    assertThat(cell.visible(NOW + SECOND - 1)).isNotNull();
    assertThat(cell.visible(NOW + SECOND)).isNull();
  }

  @Test
  void removal_isForgottenWhenNobodyCanAskForItAgain() {
    Cell written = written(Cell.EMPTY, put(1, 7, 7));
    Cell removed = written.after(put(1, 8, 7), null, false, NOW);
    assertThat(removed.isForgotten(NOW + Cell.REMEMBERED_NANOS - 1)).isFalse();
    assertThat(removed.isForgotten(NOW + Cell.REMEMBERED_NANOS)).isTrue();
    assertThat(written.isForgotten(NOW + Cell.REMEMBERED_NANOS)).isFalse();
  }

  @Test
  void claim_isForgottenWhenItHasEnded() {
    Cell claimed = cell(null, NOW - Cell.REMEMBERED_NANOS, NOW + SECOND);
    assertThat(claimed.isForgotten(NOW + SECOND - 1)).isFalse();
    assertThat(claimed.isForgotten(NOW + SECOND)).isTrue();
  }

  /** Seen from its bytes, so that those of most entries need not be read when memory is freed. */
  @Test
  void bytes_sayWhetherTheEntryIsEndless() {
    Expiration idle = new Expiration(false, 0, SECOND, 0);
    Expiration ends = new Expiration(true, NOW, 0, 0);
    assertThat(isEndless(living(Expiration.NONE, NOW))).isTrue();
    assertThat(isEndless(living(idle, NOW))).isFalse();
    assertThat(isEndless(living(ends, NOW))).isFalse();
    assertThat(isEndless(cell(null, 0, NOW))).isFalse();
  }

  private static boolean isEndless(Cell cell) {
    return Cell.isEndless(Objects.requireNonNull(cell.bytes()));
  }

  /** One that takes long is remembered, and none of the many after it, which were answered. */
  @Test
  void after_manyWritesBesideALateOne_remembersTheLateOne() {
    Cell cell = written(Cell.EMPTY, put(1, 5, 1));
    for (long i = 6; i < 1_000; i++) {
      Operation write = put(1, i, i).operation();
      cell = written(cell, new Numbered(write, new Version(1, i), i, List.of(5L), false));
    }
    assertThat(cell.crowded()).isFalse();
    assertThat(cell.done()).extracting(Done::number).containsExactly(new Version(1, 5));
    assertThat(cell.recall(put(1, 5, 5), 0)).isInstanceOf(Outcome.Stored.class);
    assertThat(cell.recall(put(1, 4, 4), 0)).isNull();
  }

  private static Numbered put(long instance, long sequence, long settled) {
    Put put = Put.plain("c", KEY, new byte[1], Format.BYTES);
    return new Numbered(put, new Version(instance, sequence), settled, true);
  }

  private static Cell written(Cell before, Numbered write) {
    Entry next =
        new Entry(
            new byte[1],
            Format.BYTES,
            List.of(),
            Expiration.NONE,
            write.number().instance(),
            write.number().sequence(),
            0,
            0);
    return before.after(write, next, before.entry() == null, NOW);
  }

  @Test
  void write_thatWasDone_isRecalledUntilItIsSettled() {
    Cell first = written(Cell.EMPTY, put(1, 7, 7));
    assertThat(first.recall(put(1, 7, 7), NOW))
        .isEqualTo(new Outcome.Stored(true, new Version(1, 7)));
    Cell second = written(first, put(2, 1, 1));
    assertThat(second.recall(put(1, 7, 7), NOW))
        .isEqualTo(new Outcome.Stored(true, new Version(1, 7)));
    assertThat(second.recall(put(2, 1, 1), NOW))
        .isEqualTo(new Outcome.Stored(false, new Version(2, 1)));
    assertThat(second.recall(put(1, 8, 7), NOW)).isNull();
    Cell third = written(second, put(1, 9, 8));
    assertThat(third.recall(put(1, 7, 7), NOW)).as("settled").isNull();
    assertThat(third.recall(put(2, 1, 1), NOW)).isNotNull();
  }

  @Test
  void deletion_isRecalledWithoutAnEntry() {
    Delete delete = new Delete("c", KEY, Preconditions.NONE, List.of());
    Numbered asked = new Numbered(delete, new Version(3, 1), 1, true);
    Cell gone = written(Cell.EMPTY, put(1, 1, 1)).after(asked, null, false, NOW);
    assertThat(gone.bytes()).isNotNull();
    assertThat(gone.recall(asked, NOW)).isEqualTo(new Outcome.Removed());
    assertThat(Cell.EMPTY.after(asked, null, true, NOW).recall(asked, NOW))
        .isEqualTo(Outcome.Absent.PLAIN);
  }

  @Test
  void increment_thatWasDone_returnsWhatItMade() {
    Increment add =
        new Increment(
            "c",
            KEY,
            BigInteger.ONE,
            BigInteger.ZERO,
            LifetimeSpec.UNSAID,
            Preconditions.NONE,
            List.of());
    Cells core = new Cells(new Caches(Clock.SYSTEM, 1 << 20, 1 << 20));
    Numbered first = new Numbered(add, new Version(1, 1), 1, false);
    Numbered second = new Numbered(add, new Version(1, 2), 1, false);
    Cell once = core.perform(first, Cell.EMPTY, Marks.NONE).next();
    Cell twice = core.perform(second, once, Marks.NONE).next();
    Cells.Change again = core.perform(first.onceMore(), twice, Marks.NONE);
    assertThat(again.next()).isSameAs(twice);
    assertThat(again.outcome())
        .isInstanceOfSatisfying(
            Outcome.Found.class,
            found -> {
              assertThat(found.entry().value()).asString().isEqualTo("1");
              assertThat(found.entry().version()).isEqualTo(first.number());
            });
  }

  @Test
  void tooManyWrites_areForgotten_andWhatIsAskedAgainIsRefused() {
    Cell cell = Cell.EMPTY;
    for (int i = 1; i <= Cell.MOST_DONE + 2; i++) {
      cell = written(cell, put(1, i, 1));
    }
    assertThat(cell.done()).hasSize(Cell.MOST_DONE);
    assertThat(cell.recall(put(1, 1, 1), NOW)).isInstanceOf(Outcome.Unavailable.class);
    Numbered fresh = new Numbered(put(1, 99, 1).operation(), new Version(1, 99), 1, false);
    assertThat(cell.recall(fresh, NOW)).isNull();
    Cell settled = written(cell, put(1, 100, 100));
    assertThat(settled.done()).isEmpty();
    assertThat(settled.recall(put(1, 1, 1), NOW)).isNull();
  }
}

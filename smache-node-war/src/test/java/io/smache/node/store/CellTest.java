package io.smache.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CellTest {
  private static final long NOW = TimeUnit.SECONDS.toNanos(1_000);
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private static Entry entry(Format format, List<String> groups, Expiration expiration) {
    byte[] value = "value".getBytes(StandardCharsets.UTF_8);
    return new Entry(value, format, groups, expiration, 5, 6, 7, 8);
  }

  private static Cell living(Expiration expiration, long used) {
    return new Cell(entry(Format.JSON, List.of(), expiration), used, 0);
  }

  static List<Cell> cells() {
    Expiration life = new Expiration(true, NOW + SECOND, 3, 4);
    return List.of(
        Cell.EMPTY,
        new Cell(null, 0, NOW),
        new Cell(entry(Format.BYTES, List.of(), Expiration.NONE), 1, 0),
        new Cell(entry(Format.JSON, List.of("a", "gr\u00fc\u00df"), life), NOW, NOW + 1),
        new Cell(entry(Format.of("text/plain;charset=x", "gzip"), List.of("g"), life), -1, 0));
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
  void entry_withoutAnEnd_isEndless() {
    assertThat(living(Expiration.NONE, NOW).isEndless(NOW)).isTrue();
    assertThat(Cell.EMPTY.isEndless(NOW)).isFalse();
  }
}

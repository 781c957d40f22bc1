package io.smache.node.engine.grid;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What an owner decides. */
class SwapTest {
  private static final byte[] BEFORE = {1};
  private static final byte[] NEXT = {2};
  private static final byte[] OTHER = {3};

  private final Swap swap = new Swap(BEFORE, NEXT);

  @Test
  void decide_asExpected_isMade() {
    assertThat(swap.isDecided()).isFalse();
    swap.decide(BEFORE.clone());
    assertThat(swap.isDecided()).isTrue();
    assertThat(swap.isRefused()).isFalse();
    assertThat(swap.found()).isNull();
  }

  @Test
  void decide_another_isRefusedAndSaysWhatIsThere() {
    swap.decide(OTHER);
    assertThat(swap.isDecided()).isTrue();
    assertThat(swap.isRefused()).isTrue();
    assertThat(swap.found()).isEqualTo(OTHER);
  }

  @Test
  void decide_nothingThere_isRefused() {
    swap.decide(null);
    assertThat(swap.found()).isSameAs(Swap.NOTHING);
  }

  /** Two claims of one ms look alike: only one is won. */
  @Test
  void decide_theSameByAnother_isRefused() {
    swap.decide(NEXT.clone());
    assertThat(swap.isRefused()).isTrue();
  }

  @Test
  void decide_nothingExpectedAndNothingThere_isMade() {
    Swap first = new Swap(null, NEXT);
    first.decide(null);
    assertThat(first.isRefused()).isFalse();
  }
}

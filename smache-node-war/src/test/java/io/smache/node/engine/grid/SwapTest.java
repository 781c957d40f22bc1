package io.smache.node.engine.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What an owner decides. */
class SwapTest {
  private static final byte[] BEFORE = {1};
  private static final byte[] NEXT = {2};
  private static final byte[] OTHER = {3};

  private final Swap swap = Swap.of(BEFORE, NEXT, -1);

  @Test
  void decide_asExpected_isMade() {
    swap.decide(BEFORE.clone(), 1);
    assertThat(swap.isRefused()).isFalse();
    assertThat(swap.found()).isNull();
    assertThat(swap.number()).isEqualTo(1);
  }

  @Test
  void decide_another_isRefusedAndSaysWhatIsThere() {
    swap.decide(OTHER, 1);
    assertThat(swap.isRefused()).isTrue();
    assertThat(swap.found()).isEqualTo(OTHER);
  }

  @Test
  void decide_nothingThere_isRefused() {
    swap.decide(null, 1);
    assertThat(swap.found()).isSameAs(Swap.NOTHING);
  }

  /** Two claims of one ms look alike: only one is won. */
  @Test
  void decide_theSameByAnother_isRefused() {
    swap.decide(NEXT.clone(), 1);
    assertThat(swap.isRefused()).isTrue();
  }

  @Test
  void decide_againAfterItWasMade_isMadeAgain() {
    swap.decide(BEFORE, 1);
    swap.decide(NEXT.clone(), 2);
    assertThat(swap.isRefused()).isFalse();
    assertThat(swap.number()).isEqualTo(2);
  }

  /** It was made, at this member at least: refused would be wrong. */
  @Test
  void decide_againAfterItWasMadeAndAnotherCame_isUnknown() {
    swap.decide(BEFORE, 1);
    assertThatThrownBy(() -> swap.decide(OTHER, 2)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void decide_againAfterItWasRefused_isMadeIfItMay() {
    swap.decide(OTHER, 1);
    swap.decide(BEFORE, 2);
    assertThat(swap.isRefused()).isFalse();
  }
}

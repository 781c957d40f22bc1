package io.smache.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InFlightTest {
  private final InFlight inFlight = new InFlight(100);
  private final InFlight.Share one = inFlight.begin();
  private final InFlight.Share other = inFlight.begin();

  @Test
  void grow_beyondTheBound_isRefusedUntilAnotherEnds() {
    assertThat(one.grow(60)).isTrue();
    assertThat(other.grow(41)).isFalse();
    assertThat(other.grow(40)).isTrue();
    one.end();
    assertThat(other.grow(60)).isTrue();
    assertThat(inFlight.begin().grow(1)).isFalse();
  }

  @Test
  void grow_theOnlyOne_mayBeOfAnySize() {
    assertThat(one.grow(1000)).isTrue();
    assertThat(other.grow(1)).isFalse();
    one.end();
    assertThat(other.grow(1)).isTrue();
  }

  @Test
  void grow_afterTheEnd_takesNothing() {
    one.end();
    assertThat(one.grow(1)).isFalse();
    assertThat(other.grow(100)).isTrue();
  }
}

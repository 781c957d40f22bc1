package io.smache.payara;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PercentsTest {
  @ParameterizedTest
  @ValueSource(strings = {"/", "/a%20b", "/%C3%a9", "/100%25", "/%00%5c"})
  void path_ofWhichEachPercentEncodesAnOctet_isWellFormed(String path) {
    assertThat(Percents.areWellFormed(path)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/100%", "/%2", "/%zz", "/a%2g", "/%%20", "/%٣٣"})
  void path_withAnyOtherPercent_isNot(String path) {
    assertThat(Percents.areWellFormed(path)).isFalse();
  }
}

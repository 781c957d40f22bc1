package io.smache.node.api.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smache.protocol.message.ProblemException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class QueryTest {
  @Test
  void of_pairs_areDecodedBytes() {
    Query query = query("k=a+b%20c%C3%A4&empty=&bare&k2=x=y");
    assertThat(query.bytes("k")).get().isEqualTo("a b cä".getBytes(StandardCharsets.UTF_8));
    assertThat(query.text("empty")).contains("");
    assertThat(query.text("bare")).contains("");
    assertThat(query.text("k2")).contains("x=y");
    assertThat(query.text("other")).isEmpty();
    assertThat(query.has("bare")).isTrue();
    assertThat(query.has("other")).isFalse();
  }

  @Test
  void of_noQuery_hasNoParameters() {
    assertThat(query("").has("")).isFalse();
    assertThat(Query.of(new FakeRequest("GET", "/api")).has("k")).isFalse();
  }

  @Test
  void of_invalidUtf8_staysBytes() {
    assertThat(query("k=%ff").bytes("k")).get().isEqualTo(new byte[] {(byte) 0xff});
  }

  @Test
  void all_repeated_areInOrder() {
    assertThat(query("g=1&x=0&g=2").all("g"))
        .extracting(each -> new String(each, StandardCharsets.UTF_8))
        .containsExactly("1", "2");
  }

  @Test
  void bytes_givenTwice_isRefused() {
    assertThatThrownBy(() -> query("k=1&k=1").bytes("k"))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("the parameter k is given twice");
  }

  @Test
  void allowing_unknownParameter_isRefusedWithThoseThatAreAllowed() {
    assertThat(query("ttl=1").allowing("ttl", "idle")).isNotNull();
    assertThatThrownBy(() -> query("tll=1").allowing("ttl", "idle"))
        .hasMessageContaining("'tll'")
        .hasMessageContaining("idle, ttl");
    assertThatThrownBy(() -> query("x").allowing()).hasMessageContaining("none");
  }

  @Test
  void of_malformedPercent_isRefusedNamingTheParameter() {
    assertThatThrownBy(() -> query("k=%g0")).hasMessageContaining("the parameter k");
    assertThatThrownBy(() -> query("%=1")).hasMessageContaining("the name of a parameter");
  }

  private static Query query(String raw) {
    return Query.of(new FakeRequest("GET", "/api?" + raw));
  }
}

package io.smache.node.api.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smache.node.store.EntityTags;
import io.smache.node.store.EntityTags.Tag;
import io.smache.node.store.Preconditions;
import io.smache.protocol.message.ProblemException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {
  @Test
  void preconditions_absent_areNone() {
    assertThat(Fields.preconditions(new FakeRequest("GET", "/"))).isEqualTo(Preconditions.NONE);
  }

  @Test
  void tags_list_isReadStrictly() {
    assertThat(Fields.tags("*", "If-Match")).isEqualTo(EntityTags.ANY);
    assertThat(Fields.tags("\"a\",W/\"b\" , ,\"\"", "If-Match"))
        .isEqualTo(
            new EntityTags(
                false, List.of(new Tag("a", false), new Tag("b", true), new Tag("", false))));
    assertThat(Fields.tags(",\"a,b\",", "If-Match"))
        .isEqualTo(new EntityTags(false, List.of(new Tag("a,b", false))));
  }

  @Test
  void tags_ofTheCompressedForm_standForTheEntryUnlessItIsNotAccepted() {
    FakeRequest request = new FakeRequest("GET", "/").with("If-None-Match", "\"1-gzip\"");
    assertThat(Fields.preconditions(request, true).ifNoneMatch())
        .isEqualTo(new EntityTags(false, List.of(new Tag("1", false))));
    assertThat(Fields.preconditions(request, false).ifNoneMatch())
        .isEqualTo(new EntityTags(false, List.of(new Tag("1-gzip", false))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "a",
        "\"a",
        "w/\"a\"",
        "\"a\"\"b\"",
        "\"a\" \"b\"",
        "*,\"a\"",
        "\"a\",*",
        "\"a b\""
      })
  void tags_malformed_areRefused(String text) {
    assertThatThrownBy(() -> Fields.tags(text, "If-Match"))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("If-Match is '" + text + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994"
      })
  void preconditions_dateInEachForm_isItsSeconds(String date) {
    FakeRequest request = new FakeRequest("GET", "/").with("If-Modified-Since", date);
    assertThat(Fields.preconditions(request).ifModifiedSince()).isEqualTo(784_111_777L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yesterday", "784111777", "Sun, 06 Nov 1994 08:49:37", "1994-11-06"})
  void preconditions_noDate_isRefused(String date) {
    FakeRequest request = new FakeRequest("GET", "/").with("If-Unmodified-Since", date);
    assertThatThrownBy(() -> Fields.preconditions(request))
        .hasMessageContaining("If-Unmodified-Since is '" + date + "' but must be an HTTP date");
  }
}

package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/protocol.md, groups and invalidation. */
class GroupsIT {
  private final Cluster cluster = Cluster.shared();
  private final String cache = Entries.fresh("groups");

  private void put(Server node, String key, String... groups) {
    HttpResponse<String> stored =
        Http.send("PUT", Entries.one(node, cache, key), key, "Cache-Groups", list(groups));
    assertThat(stored.statusCode()).as(stored.body()).isIn(201, 204);
  }

  private static String list(String... groups) {
    return Arrays.stream(groups).map(group -> '"' + group + '"').collect(Collectors.joining(", "));
  }

  private int status(Server node, String key) {
    return Entries.get(node, cache, key).statusCode();
  }

  private int invalidate(Server node, String query) {
    return Http.send("DELETE", Entries.all(node, cache) + query, null).statusCode();
  }

  @OnBothNodes
  void group_invalidated_isGoneEverywhereAndMayBePutAgain(Server node) {
    for (int i = 0; i < 30; i++) {
      put(node, "x" + i, "x", "all");
      put(node, "y" + i, "y y", "all");
      put(node, "n" + i);
    }
    assertThat(Http.header(Entries.get(node, cache, "y1"), "Cache-Groups"))
        .isEqualTo("\"y y\", \"all\"");
    assertThat(Http.header(Entries.get(node, cache, "n1"), "Cache-Groups")).isEmpty();
    assertThat(invalidate(node, "?group=x")).isEqualTo(204);
    for (Server reader : List.of(cluster.a, cluster.b)) {
      for (int i = 0; i < 30; i++) {
        assertThat(status(reader, "x" + i)).isEqualTo(404);
        assertThat(status(reader, "y" + i)).isEqualTo(200);
        assertThat(status(reader, "n" + i)).isEqualTo(200);
      }
    }
    put(node, "x1", "x");
    assertThat(status(cluster.a, "x1")).isEqualTo(200);
    assertThat(status(cluster.b, "x1")).isEqualTo(200);
    assertThat(invalidate(node, "?group=nothing&group=y%20y")).isEqualTo(204);
    assertThat(status(node, "y1")).isEqualTo(404);
    assertThat(status(node, "n1")).isEqualTo(200);
  }

  @OnBothNodes
  void prefix_invalidated_isGone(Server node) {
    put(node, "user:1");
    put(node, "user:1:cart");
    put(node, "user");
    put(node, "é1");
    assertThat(invalidate(node, "?prefix=user:")).isEqualTo(204);
    assertThat(status(node, "user:1")).isEqualTo(404);
    assertThat(status(node, "user:1:cart")).isEqualTo(404);
    assertThat(status(node, "user")).isEqualTo(200);
    assertThat(invalidate(node, "?prefix=%C3%A9&group=x")).isEqualTo(204);
    assertThat(status(node, "é1")).isEqualTo(404);
    assertThat(status(node, "user")).isEqualTo(200);
  }

  @OnBothNodes
  void cache_cleared_isEmptyAndOthersAreNot(Server node) {
    String other = Entries.fresh("other");
    Entries.put(node, other, "k", "x");
    for (int i = 0; i < 20; i++) {
      put(node, "k" + i, "g");
    }
    assertThat(invalidate(node, "?all=true")).isEqualTo(204);
    for (int i = 0; i < 20; i++) {
      assertThat(status(cluster.a, "k" + i)).isEqualTo(404);
      assertThat(status(cluster.b, "k" + i)).isEqualTo(404);
    }
    assertThat(Entries.get(node, other, "k").statusCode()).isEqualTo(200);
    assertThat(Http.get(Entries.all(node, cache)).body()).isEqualTo("{\"entries\":[]}");
  }

  @OnBothNodes
  void invalidation_besideAWrite_sparesTheWrite(Server node) {
    for (String write : new String[] {"PUT", "POST", "DELETE", "PATCH"}) {
      for (int i = 0; i < 10; i++) {
        put(node, "old" + i, "g");
      }
      put(node, "new", "g");
      Http.send("PUT", Entries.one(node, cache, "new"), "1", "Cache-Groups", "\"g\"");
      String url = Entries.one(node, cache, "new") + (write.equals("POST") ? "/increment" : "");
      String body = write.equals("PUT") ? "2" : null;
      HttpResponse<String> written =
          Http.send(write, url, body, "Cache-Group-Invalidation", "\"g\"", "Cache-Groups", "\"g\"");
      assertThat(written.statusCode()).as(write + written.body()).isIn(200, 204);
      for (int i = 0; i < 10; i++) {
        assertThat(status(cluster.a, "old" + i)).isEqualTo(404);
        assertThat(status(cluster.b, "old" + i)).isEqualTo(404);
      }
      assertThat(status(node, "new")).isEqualTo(write.equals("DELETE") ? 404 : 200);
    }
  }

  @OnBothNodes
  void invalidation_besideARefusedWrite_doesNothing(Server node) {
    put(node, "k", "g");
    String url = Entries.one(node, cache, "k");
    String[] headers = {"Cache-Group-Invalidation", "\"g\"", "If-None-Match", "*"};
    assertThat(Http.send("PUT", url, "x", headers).statusCode()).isEqualTo(412);
    assertThat(status(node, "k")).isEqualTo(200);
  }

  @Test
  void groups_limits_areThoseOfTheRfc() {
    String[] most = IntStream.range(0, 32).mapToObj("%032d"::formatted).toArray(String[]::new);
    put(cluster.a, "most", most);
    assertThat(Http.header(Entries.get(cluster.b, cache, "most"), "Cache-Groups"))
        .isEqualTo(list(most));
    put(cluster.a, "escaped", "a\\\"b\\\\");
    assertThat(invalidate(cluster.b, "?group=a%22b%5C")).isEqualTo(204);
    assertThat(status(cluster.a, "escaped")).isEqualTo(404);
    put(cluster.a, "parameters", "p");
    String url = Entries.one(cluster.a, cache, "parameters");
    assertThat(Http.send("PUT", url, "x", "Cache-Groups", "\"p\";q=1, \"p\"").statusCode())
        .isEqualTo(204);
    assertThat(Http.header(Http.get(url), "Cache-Groups")).isEqualTo("\"p\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "articles",
        "\"a",
        "\"a\" \"b\"",
        "\"a\",",
        "(\"a\")",
        "1",
        "\"123456789012345678901234567890123\"",
        "'a'"
      })
  void groups_malformed_is400(String groups) {
    for (String field : new String[] {"Cache-Groups", "Cache-Group-Invalidation"}) {
      for (Server node : List.of(cluster.a, cluster.b)) {
        String url = Entries.one(node, cache, "malformed");
        Entries.assertProblem(Http.send("PUT", url, "x", field, groups), 400, field);
        assertThat(status(node, "malformed")).isEqualTo(404);
      }
    }
  }

  @Test
  void groups_tooMany_is400() {
    String[] many = IntStream.range(0, 33).mapToObj(Integer::toString).toArray(String[]::new);
    String url = Entries.one(cluster.a, cache, "many");
    Entries.assertProblem(
        Http.send("PUT", url, "x", "Cache-Groups", list(many)), 400, "at most 32");
  }
}

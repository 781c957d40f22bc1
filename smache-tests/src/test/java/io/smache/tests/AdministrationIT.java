package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who may administer a node, and from which pages it takes writes: docs/security.md. */
class AdministrationIT {
  private final String cache = Entries.fresh("administered");

  @OnBothNodes
  void administration_withoutTheSecret_is401AndNothingIsDone(Server node) {
    Entries.put(node, cache, "k", "x");
    Http.administer("PUT", config(node), "{\"ttl\":\"1h\"}");
    for (String[] field :
        new String[][] {
          {"X-Nothing", "x"},
          {"Authorization", "Bearer wrong-0123456789abcdef"},
          {"Authorization", Cluster.SECRET},
          {"Authorization", "Basic " + Cluster.SECRET}
        }) {
      for (HttpResponse<String> refused :
          List.of(
              Http.send("POST", node.url() + "/api/cluster/members/b/drain", null, field),
              Http.send("POST", node.url() + "/api/cluster/members/nobody/drain", null, field),
              Http.send("PUT", config(node), "{}", field),
              Http.send("DELETE", config(node), null, field))) {
        Entries.assertProblem(refused, 401, "Authorization: Bearer");
        assertThat(Http.header(refused, "WWW-Authenticate")).isEqualTo("Bearer");
      }
    }
    assertThat(Http.get(config(node)).body()).isEqualTo("{\"ttl\":3600}");
    assertThat(Entries.get(node, cache, "k").statusCode()).isEqualTo(200);
    assertThat(Cluster.members(Cluster.view(node))).contains("a", "b");
    assertThat(Http.administer("DELETE", config(node), null).statusCode()).isEqualTo(204);
  }

  @Test
  void administration_ofANodeWithoutASecret_isForItsOwnMachine() throws Exception {
    int port = Server.freePort();
    try (Server alone =
        Server.node("alone", port, Map.of("SMACHE_CORS_ORIGINS", "https://app.example"))) {
      alone.awaitAnswer("/healthcheck/ready");
      String url = alone.url() + "/api/caches/c";
      String[] json = {"Content-Type", "application/json"};
      assertThat(Http.send("PUT", url, "{}", json).statusCode()).isEqualTo(204);
      for (String field : List.of("X-Forwarded-For", "Via", "X-Real-IP")) {
        String[] passedOn = {"Content-Type", "application/json", field, "203.0.113.9"};
        Entries.assertProblem(Http.send("PUT", url, "{}", passedOn), 401, "own machine");
      }
      assertThat(raw(alone, "Host: evil.example")).isEqualTo("401");
      assertThat(raw(alone, "Host: localhost:" + port)).isEqualTo("204");
      assertThatPagesOfOtherOrigins_changeNothing(alone);
    }
  }

  private static void assertThatPagesOfOtherOrigins_changeNothing(Server node) throws Exception {
    String host = "Host: localhost:1\r\n";
    assertThat(raw(node, host + "Origin: https://app.example")).isEqualTo("204");
    assertThat(raw(node, host + "Sec-Fetch-Site: cross-site\r\nOrigin: https://app.example"))
        .isEqualTo("204");
    for (String fields :
        List.of(
            "Origin: https://other.example",
            "Origin: null",
            "Origin: http://localhost:2",
            "Origin: https://app.example.evil",
            "Sec-Fetch-Site: cross-site",
            "Sec-Fetch-Site: same-site\r\nOrigin: http://localhost:2",
            "Sec-Fetch-Site: cross-site\r\nOrigin: http://localhost:1")) {
      assertThat(raw(node, host + fields)).as(fields).isEqualTo("403");
    }
    for (String fields :
        List.of(
            "Origin: http://localhost:1",
            "Sec-Fetch-Site: same-origin\r\nOrigin: http://localhost:1",
            "Sec-Fetch-Site: none")) {
      assertThat(raw(node, host + fields)).as(fields).isEqualTo("204");
    }
  }

  @OnBothNodes
  void pageOfAnotherOrigin_readsButChangesNothing(Server node) {
    String[] page = {"Sec-Fetch-Site", "cross-site", "Content-Type", "application/json"};
    String entry = Entries.one(node, cache, "k");
    Entries.put(node, cache, "k", "1");
    for (HttpResponse<String> refused :
        List.of(
            Http.send("POST", node.url() + "/api", "{\"key\":\"k\",\"data\":2}", page),
            Http.send("POST", node.url() + "/api/caches/" + cache + "/batch", "[]", page),
            Http.send("POST", entry + "/increment", null, page),
            Http.send("PUT", entry, "2", page),
            Http.send("PATCH", entry, null, page),
            Http.send("DELETE", entry, null, page),
            Http.send("DELETE", Entries.all(node, cache) + "?all=true", null, page))) {
      Entries.assertProblem(refused, 403, "SMACHE_CORS_ORIGINS");
    }
    assertThat(Http.send("GET", entry, null, page).body()).isEqualTo("1");
    assertThat(Http.send("OPTIONS", entry, null, page).statusCode()).isEqualTo(204);
  }

  private static String raw(Server node, String fields) throws Exception {
    try (RawConnection connection = new RawConnection(node.url())) {
      connection.send(
          "PUT /api/caches/c HTTP/1.1\r\n%s\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
              .formatted(fields));
      return connection.response().status();
    }
  }

  private String config(Server node) {
    return node.url() + "/api/caches/" + cache;
  }
}

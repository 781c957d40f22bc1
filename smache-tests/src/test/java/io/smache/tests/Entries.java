package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicInteger;

/** Addresses of entries, and what the tests of the cache API say again and again. */
final class Entries {
  private static final AtomicInteger FRESH = new AtomicInteger();

  private Entries() {}

  /** Returns a name that no test has used. */
  static String fresh(String what) {
    return what + "-" + FRESH.incrementAndGet();
  }

  static String all(Server node, String cache) {
    return node.url() + "/api/caches/" + cache + "/entries";
  }

  /** Returns the address of an entry; its key is encoded as a path segment that is no dot. */
  static String one(Server node, String cache, String key) {
    return all(node, cache) + "/" + Http.encode(key).replace("+", "%20").replace(".", "%2E");
  }

  static HttpResponse<String> put(Server node, String cache, String key, String value) {
    return Http.send("PUT", one(node, cache, key), value);
  }

  static HttpResponse<String> get(Server node, String cache, String key) {
    return Http.send("GET", one(node, cache, key), null);
  }

  static String etag(HttpResponse<?> response) {
    String etag = Http.header(response, "ETag");
    assertThat(etag).matches("\"[^\"]+\"");
    return etag;
  }

  static void assertProblem(HttpResponse<String> response, int status, String... details) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(Http.header(response, "Content-Type")).startsWith("application/problem+json");
    JsonNode problem = Http.json(response);
    assertThat(problem.get("status").intValue()).isEqualTo(status);
    assertThat(problem.get("title").textValue()).isNotBlank();
    assertThat(problem.get("detail").textValue()).contains(details);
  }
}

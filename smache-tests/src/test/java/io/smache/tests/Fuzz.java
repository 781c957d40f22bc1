package io.smache.tests;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;

/**
 * Requests to the cache API as no client would send them: valid, odd and malformed parts at random.
 */
final class Fuzz {
  private static final List<String> METHODS =
      List.of(
          "GET", "GET", "GET", "PUT", "PUT", "PUT", "DELETE", "PATCH", "POST", "POST", "HEAD",
          "OPTIONS", "TRACE", "FOO", "get");
  private static final List<String> PATHS =
      List.of(
          "/api",
          "/api/",
          "/api/placement",
          "/api/cluster",
          "/api/caches",
          "/api/caches/",
          "/api/caches/fuzz",
          "/api/caches/fuzz/entries",
          "/api/caches/fuzz/entries/",
          "/api/caches/fuzz/entries/K",
          "/api/caches/fuzz/entries/K",
          "/api/caches/fuzz/entries/K",
          "/api/caches/fuzz/entries/K/increment",
          "/api/caches/fuzz/batch",
          "/api/caches/K/entries",
          "/api/caches/K",
          "/api/caches/K/entries/K",
          "/api/openapi.json",
          "/healthcheck",
          "/internal/operations",
          "/internal/commands",
          "/internal/member",
          "/K");
  private static final List<String> PIECES =
      List.of(
          "a",
          "b",
          "user:1",
          "%2F",
          "%",
          "%zz",
          "%ff",
          "%00",
          "%C3%A9",
          ";",
          ";x=1",
          ".",
          "..",
          "%2e%2e",
          "+",
          "%20",
          "~",
          "\\",
          "|",
          "{}",
          "\"",
          "é",
          "//",
          "increment",
          "%F0%9F%92%A5",
          "*",
          "'",
          "&",
          "=",
          "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
  private static final List<String> PARAMETERS =
      List.of(
          "key", "ttl", "idle", "stale", "lease", "wait", "by", "initial", "group", "prefix",
          "limit", "cursor", "nope", "");
  private static final List<String> VALUES =
      List.of(
          "1",
          "0",
          "-1",
          "5s",
          "500ms",
          "10y",
          "99999999999999999999",
          "abc",
          "",
          "null",
          "%",
          "%ff",
          "%00",
          "1.5",
          "1e9",
          "a%2Fb",
          "é",
          "YQ",
          "NaN");
  private static final List<String> HEADERS =
      List.of(
          "Content-Type",
          "Content-Encoding",
          "Accept",
          "Accept-Encoding",
          "If-Match",
          "If-None-Match",
          "If-Modified-Since",
          "If-Unmodified-Since",
          "If-Range",
          "Range",
          "Cache-Groups",
          "Cache-Group-Invalidation",
          "Authorization",
          "Smache-Epoch",
          "Expect",
          "X-Forwarded-For",
          "Cookie",
          "Accept-Language",
          "Accept-Charset");
  private static final List<String> FIELD_VALUES =
      List.of(
          "",
          "*",
          "\"x\"",
          "W/\"x\"",
          "\"x\", \"y\"",
          "x",
          "\"",
          ",",
          "bytes=0-1",
          "bytes=-",
          "bytes=5-1",
          "bytes=0-0,-1,9999999999999999999-",
          "application/json",
          "text/html",
          "application/merge-patch+json",
          "application/x-ndjson",
          "application/cbor",
          "a/b;c=\"d",
          "garbage",
          "gzip",
          "br",
          "gzip;q=x",
          "identity;q=0",
          "Thu, 01 Jan 1970 00:00:10 GMT",
          "Thursday, 01-Jan-70 00:00:10 GMT",
          "Thu Jan  1 00:00:10 1970",
          "tomorrow",
          "Bearer x",
          "\u00e9\u00ff",
          "(\"a\" \"b\");x",
          "?1",
          ":YQ==:",
          "@1",
          "100-continue");
  private static final List<String> BODIES =
      List.of(
          "",
          "{}",
          "[]",
          "null",
          "1",
          "{\"key\":\"k\",\"data\":1}",
          "{\"a\":{\"b\":null}}",
          "[{\"op\":\"get\",\"key\":\"k\"}]",
          "[{\"op\":\"put\",\"key\":\"k\",\"value\":[1,{}]}]",
          "[{\"op\":\"increment\",\"key\":[],\"by\":{}}]",
          "{\"ttl\":{}}",
          "{\"maxBytes\":1e99}",
          "{\"maxEntries\":99999999999999999999}",
          "[[[[[[",
          "{\"op\":\"get\",\"key\":\"k\"}\n{",
          "\u0000\u0001",
          "\u001f\u008b",
          "{\"ttl\":\"5m\",\"maxBytes\":100000}",
          "12345678901234567890");

  private final Random random;

  Fuzz(long seed) {
    random = new Random(seed);
  }

  /** Returns the bytes of a request after which the server is to close the connection. */
  byte[] next() {
    StringBuilder request = new StringBuilder();
    request.append(pick(METHODS)).append(' ').append(target()).append(" HTTP/1.1\r\n");
    request.append("Host: localhost\r\nConnection: close\r\n");
    for (int i = random.nextInt(4); i > 0; i--) {
      request.append(pick(HEADERS)).append(": ").append(pick(FIELD_VALUES)).append("\r\n");
    }
    String body = pick(BODIES);
    request.append("Content-Length: ").append(body.length()).append("\r\n\r\n").append(body);
    return request.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private String target() {
    String path = pick(PATHS);
    while (path.contains("K")) {
      path = path.replaceFirst("K", Matcher.quoteReplacement(key()));
    }
    StringBuilder target = new StringBuilder(path);
    for (int i = random.nextInt(3); i > 0; i--) {
      target.append(target.indexOf("?") < 0 ? '?' : '&');
      target.append(pick(PARAMETERS)).append('=').append(pick(VALUES));
    }
    return target.toString().replace(" ", "%20");
  }

  private String key() {
    StringBuilder key = new StringBuilder();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      key.append(pick(PIECES));
    }
    return key.toString();
  }

  private String pick(List<String> some) {
    return some.get(random.nextInt(some.size()));
  }
}

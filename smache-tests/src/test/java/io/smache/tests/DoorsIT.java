package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Whatever they are sent, all doors answer the same: the front of node a, its server's listener
 * with the fast path, and that of node b, which has Jakarta REST alone. Each gets every request in
 * its own names (cache or key), and so all go through the same states; of the keys one half is
 * local to a and the other half to b.
 */
class DoorsIT {
  private static final int REQUESTS = Integer.getInteger("smache.doors.requests", 3000);
  private static final long SEED = Long.getLong("smache.doors.seed", 1);
  private static final int KEYS = 12;
  private static final Pattern ETAG = Pattern.compile("(?im)^etag: \"(.*?)(-gzip)?\"\r?$");

  /** Keys that are made from one of the chosen may have different owners on the two sides. */
  private static final Pattern NODE = Pattern.compile("(smache-node: |\"node\":\")[abg]");

  private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
  private static final Pattern MAX_AGE = Pattern.compile("max-age=(\\d+)");
  private static final List<String> METHODS =
      List.of("GET", "GET", "GET", "PUT", "PUT", "PUT", "DELETE", "HEAD", "PATCH", "POST", "get");
  private static final List<String> KEY_FORMS =
      List.of(
          "KEY", "KEY", "KEY", "KEY", "KEY", "KEY~.-_", "KEY%2F", "KEY;x=1", ".KEY", "..KEY",
          "KEY/", "KEY//x", "%4b", "%zz", "%ff", "KEY+x", "é", "");
  private static final List<String> QUERIES =
      List.of(
          "",
          "",
          "",
          "",
          "?ttl=3659s",
          "?ttl=3659",
          "?ttl=3659s&idle=1h",
          "?ttl=0",
          "?ttl=",
          "?ttl=x",
          "?ttl=3659s&ttl=3659s",
          "?nope=1",
          "?",
          "?lease=1s",
          "?ttl=%33659s");
  private static final List<String> FIELDS =
      List.of(
          "Content-Type: application/json",
          "Content-Type: text/plain; charset=latin1",
          "Content-Type: nonsense",
          "Accept: */*",
          "Accept: application/json",
          "Accept: text/html",
          "Accept: ;;",
          "Accept-Encoding: gzip",
          "Accept-Encoding: identity",
          "If-Match: *",
          "Accept-Encoding: gzip;q=x",
          "If-Match: TAG",
          "If-Match: TAG",
          "If-Match: \"no\"",
          "If-None-Match: *",
          "If-None-Match: TAG",
          "If-None-Match: W/TAG, \"x\"",
          "If-None-Match: x",
          "If-Modified-Since: Thu, 01 Jan 1970 00:00:10 GMT",
          "If-Unmodified-Since: tomorrow",
          "Range: bytes=0-1",
          "Range: bytes=9-1",
          "If-Range: TAG",
          "Cache-Groups: \"a\", \"b\"",
          "Cache-Groups: a",
          "Cache-Group-Invalidation: \"a\"",
          "Content-Range: bytes 0-1/2",
          "Content-Encoding: gzip",
          "Content-Encoding: identity",
          "X-Forwarded-For: 1.2.3.4",
          "Accept-Language: de",
          "Cookie: a=b",
          "Expect: 100-continue",
          "TE: trailers",
          "Origin: http://example.org");
  private static final List<String> BODIES =
      List.of(
          "",
          "1",
          "{\"a\":1}",
          "\"text\"",
          "\u00e9\u00ff\u0000",
          "x".repeat(2000),
          "x".repeat(20_000));

  private static final List<String> UNDECODABLE = List.of("%zz", "%ff", "\u00e9");
  private static final Pattern REASON = Pattern.compile("^(HTTP/1\\.1 \\d{3}).*");
  private static final Pattern REFUSED = Pattern.compile("(?m)^http/1.1 (4..|501)$");

  /** Payara refuses a body of the others. */
  private static final Set<String> WITH_BODY = Set.of("PUT", "PATCH", "POST");

  private static final List<String> SIMPLE_BODIES =
      List.of(
          "{\"key\":\"KEY\",\"data\":{\"a\":[1,2]}}",
          "{\"key\":\"KEY\",\"data\":null}",
          "{\"data\":1,\"key\":\"KEY\"}",
          "{\"key\":\"KEY\",\"data\":1,\"more\":{}}",
          "{\"data\":1}",
          "{\"key\":null,\"data\":1}",
          "{\"key\":\"\",\"data\":1}",
          "{\"key\":\"KEY\"}",
          "[]",
          "{",
          "",
          "{\"key\":\"KEY\",\"data\":1}x",
          "{\"key\":\"KEY\",\"key\":\"KEY\",\"data\":1}",
          "{\"key\":1.5,\"data\":1}",
          "{\"key\":\"\\ud83d\",\"data\":1}");

  private final Cluster cluster = Cluster.shared();
  private final Random random = new Random(SEED);
  private final Side front = new Side(cluster.a.url(), "x");
  private final Side fastPath = new Side(cluster.a.serverUrl(), "z");
  private final Side jakartaRest = new Side(cluster.b.url(), "y");

  @Test
  void anyRequest_isAnsweredTheSameAtEveryDoor() throws IOException {
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < REQUESTS && differences.size() < 5; i++) {
      int key = random.nextInt(KEYS);
      String form = random.nextInt(3) == 0 ? simpleRequest() : entryRequest();
      String expected = jakartaRest.answer(form, key);
      String atFront = front.answer(form, key);
      String byFastPath = fastPath.answer(form, key);
      if (!agree(form, atFront, expected) || !byFastPath.equals(expected)) {
        differences.add(
            "request %d of seed %d:%n%s%nJakarta REST:%n%s%nfront:%n%s%nfast path:%n%s"
                .formatted(i, SEED, form, expected, atFront, byFastPath));
      }
    }
    assertThat(differences).isEmpty();
    Cluster.nodes().forEach(Server::assertUnharmed);
  }

  /**
   * Servers like to say that there are no bytes; but the value has some (RFC 9110, section 8.6).
   */
  @Test
  void head_notModified_hasNoLengthAtAnyDoor() throws IOException {
    String target = "/api/caches/CACHE/entries/KEY";
    for (Side each : List.of(front, fastPath, jakartaRest)) {
      each.answer(request("PUT", target, List.of(), "text"), 0);
      String answer = each.answer(request("HEAD", target, List.of("If-None-Match: *"), ""), 0);
      assertThat(answer).contains("http/1.1 304").doesNotContain("content-length");
    }
  }

  /** A path that a server's listener cannot decode it refuses before anything else. */
  private static boolean agree(String form, String atFront, String expected) {
    String path = form.split("[ ?]", 3)[1];
    return UNDECODABLE.stream().anyMatch(path::contains)
        ? REFUSED.matcher(atFront).find() && REFUSED.matcher(expected).find()
        : atFront.equals(expected);
  }

  private String entryRequest() {
    String target = "/api/caches/CACHE/entries/" + pick(KEY_FORMS) + pick(QUERIES);
    String method = pick(METHODS);
    return request(method, target, fields(), WITH_BODY.contains(method) ? pick(BODIES) : "");
  }

  private String simpleRequest() {
    if (random.nextBoolean()) {
      List<String> queries =
          List.of(
              "?key=KEY",
              "?key=KEY",
              "?key=KEY",
              "?key=",
              "?key=null",
              "?KEY",
              "?key=%ff",
              "",
              "?key=KEY&key=KEY",
              "?key=KEY&x=1",
              "?key=%4bEY",
              "?key=a+b");
      return request(pick(METHODS), "/api" + pick(queries), fields(), "");
    }
    List<String> fields = new ArrayList<>(fields());
    if (random.nextInt(4) > 0) {
      fields.removeIf(field -> field.startsWith("Content-Type"));
      fields.add("Content-Type: application/json");
    }
    return request("POST", "/api", fields, pick(SIMPLE_BODIES));
  }

  private List<String> fields() {
    return IntStream.range(0, random.nextInt(3)).mapToObj(i -> pick(FIELDS)).toList();
  }

  private static String request(String method, String target, List<String> fields, String body) {
    StringBuilder request = new StringBuilder(method + ' ' + target + " HTTP/1.1\r\n");
    request.append("Host: localhost\r\nConnection: close\r\n");
    fields.forEach(field -> request.append(field).append("\r\n"));
    return request.append("Content-Length: LENGTH\r\n\r\n").append(body).toString();
  }

  private String pick(List<String> some) {
    return some.get(random.nextInt(some.size()));
  }

  /** One of the doors, and the names in which it gets the requests. */
  private final class Side {
    private final String url;
    private final String cache;
    private final List<String> keys = new ArrayList<>();
    private final Map<Integer, String> tags = new HashMap<>();
    private final Map<String, Integer> order = new HashMap<>();

    /** The letter is in all names, which are as long on all sides. */
    Side(String url, String letter) {
      this.url = url;
      this.cache = "doors-" + letter;
      for (int i = 0; i < KEYS; i++) {
        String owner = i % 2 == 0 ? "a" : "b";
        String prefix = letter + (char) ('a' + i);
        keys.add(
            IntStream.range(1000, 10_000)
                .mapToObj(number -> prefix + number)
                .filter(key -> cluster.owner(key).equals(owner))
                .findFirst()
                .orElseThrow());
      }
    }

    /** Sends the request and returns its answer without what has to differ. */
    String answer(String form, int key) throws IOException {
      String name = keys.get(key);
      String request =
          form.replace("KEY", name)
              .replace("CACHE", cache)
              .replace("TAG", tags.getOrDefault(key, "\"t\""));
      int length = request.length() - request.indexOf("\r\n\r\n") - 4;
      request = request.replace("LENGTH", Integer.toString(length));
      try (RawConnection connection = new RawConnection(url)) {
        String answer = connection.exchange(request.getBytes(StandardCharsets.ISO_8859_1));
        String last = answer.startsWith(CONTINUE) ? answer.substring(CONTINUE.length()) : answer;
        return NODE.matcher(comparable(last, key).replace(name, "KEY").replace(cache, "CACHE"))
            .replaceAll("$1NODE");
      }
    }

    private String comparable(String answer, int key) {
      int end = answer.indexOf("\r\n\r\n");
      assertThat(end).as(answer).isPositive();
      String head = withoutTag(answer.substring(0, end) + "\r", key);
      head = REASON.matcher(head).replaceFirst("$1");
      TreeSet<String> fields = new TreeSet<>();
      for (String line : head.lines().toList()) {
        String name = line.split(":", 2)[0].toLowerCase(Locale.ROOT);
        switch (name) {
          case "date", "connection" -> {}
          case "last-modified" -> fields.add(name);
          case "allow" -> fields.add(name + new TreeSet<>(List.of(line.split("[:, ]+"))));
          default -> fields.add(name + line.substring(name.length()));
        }
      }
      String length = "content-length: " + answer.substring(end + 4).length();
      if (fields.remove(length)) {
        fields.add("content-length as it should be");
      }
      String body = answer.substring(end + 4);
      if (answer.length() == end + 4) {
        fields.removeIf(field -> field.startsWith("content-length: 1"));
      }
      Matcher age = MAX_AGE.matcher(String.join("\n", fields));
      String minutes = age.replaceAll(found -> Integer.parseInt(found.group(1)) / 60 + " minutes");
      String tag = tags.getOrDefault(key, "no tag yet").replace("\"", "");
      return minutes + "\n\n" + body.replace(tag, "TAG");
    }

    /** Tags are numbered in the order in which they come up. */
    private String withoutTag(String head, int key) {
      Matcher tag = ETAG.matcher(head);
      if (!tag.find()) {
        return head;
      }
      tags.put(key, '"' + tag.group(1) + '"');
      int number = order.computeIfAbsent(tag.group(1), none -> order.size());
      String form = tag.group(2) == null ? "" : tag.group(2);
      return tag.replaceFirst("ETag: " + number + form);
    }
  }
}

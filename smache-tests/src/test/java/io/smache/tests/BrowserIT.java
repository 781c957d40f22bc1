package io.smache.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.chrome.ChromeDriver;

/** What pages in a real browser (Debian's Chromium) may do with a node, and what they see of it. */
@TestInstance(Lifecycle.PER_CLASS)
class BrowserIT {
  private static final String CACHE = "browsed";
  private static final Duration SOON = Duration.ofSeconds(20);

  /** Says status and text of an answer: 0 and none when the page is not told. */
  private static final String FETCH =
      """
      const [url, options, body, type, done] = arguments;
      if (body !== null) {
        options.body = new Blob([body], {type: type});
      }
      fetch(url, options)
        .then(async answer => done(answer.status + ' ' + await answer.text()))
        .catch(error => done('failed: ' + error));
      """;

  /** Says what Content-Location a write has, and what is found there past the browser's copy. */
  private static final String WRITE_AND_RELOAD =
      """
      const [entry, done] = arguments;
      fetch(entry + '?ttl=1h', {method: 'PUT', body: 'new'})
        .then(async written => {
          const location = written.headers.get('Content-Location');
          const found = await fetch(location, {cache: 'reload'});
          done(location + ' ' + await found.text());
        })
        .catch(error => done('failed: ' + error));
      """;

  /** Says which tag and node an answer names, as far as the page is told. */
  private static final String SEEN =
      """
      const [url, done] = arguments;
      fetch(url)
        .then(answer => done(answer.headers.get('ETag') + ' ' + answer.headers.get('Smache-Node')))
        .catch(error => done('failed: ' + error));
      """;

  private static final String SUBMIT =
      """
      const [action, name, value] = arguments;
      const form = document.body.appendChild(document.createElement('form'));
      form.method = 'post';
      form.action = action;
      form.enctype = 'text/plain';
      const field = form.appendChild(document.createElement('input'));
      field.name = name;
      field.value = value;
      form.submit();
      """;

  /**
   * Hosts of the page and of the node in the browser's address bar. It tells nodes at a loopback
   * address by Sec-Fetch-Site that the page is another site's, or of the same one, and nodes at a
   * name, which is not to be trusted without TLS, by Origin alone.
   */
  private static final String ORIGINS =
      """
      localhost | 127.0.0.1
      127.0.0.1 | 127.0.0.1
      page.test | node.test
      """;

  private final Cluster cluster = Cluster.shared();
  private final Server node = cluster.a;
  private String key;
  private HttpServer pages;
  private ChromeDriver browser;

  @BeforeAll
  void start(@TempDir Path profile) throws IOException {
    pages = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    pages.createContext("/", BrowserIT::page);
    pages.start();
    browser = Chromium.start(profile);
  }

  @BeforeEach
  void takeAFreshKey() {
    key = Entries.fresh("page");
  }

  @AfterAll
  void stop() {
    browser.quit();
    pages.stop(0);
  }

  /** Row 23. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = ORIGINS)
  void page_ofAnotherOrigin_changesNothing(String pageHost, String nodeHost) {
    open(url(pageHost, pages.getAddress().getPort()));
    String url = url(nodeHost, node.port());
    String item = "[{\"op\":\"put\",\"key\":\"%s\",\"value\":1}]".formatted(key);
    String entry = url + "/api/caches/" + CACHE + "/entries/" + key;
    for (String type : List.of("", "text/plain")) {
      assertUntold(post(url + "/api", json(), type));
      assertUntold(post(url + "/api/caches/" + CACHE + "/batch", item, type));
      assertUntold(post(entry + "/increment", "", type));
      assertUntold(post(url + "/api/caches/" + CACHE + "/entries?key=" + key, "", type));
      assertUntold(post(url + "/api/cluster/members/nobody/drain", "", type));
    }
    assertThat(fetch("PUT", entry, Map.of(), "x", "")).startsWith("failed");
    assertNothingStored();
    Entries.put(node, CACHE, key, "kept");
    assertThat(fetch("DELETE", entry, Map.of(), null, "")).startsWith("failed");
    assertThat(Entries.get(node, CACHE, key).body()).isEqualTo("kept");
  }

  /** Row 23: a form needs no script, and the browser shows what the node answered. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = ORIGINS)
  void form_ofAnotherOrigin_changesNothing(String pageHost, String nodeHost) {
    String page = url(pageHost, pages.getAddress().getPort());
    for (String path :
        List.of(
            "/api",
            "/api/caches/" + CACHE + "/batch",
            "/api/caches/" + CACHE + "/entries/" + key + "/increment",
            "/api/cluster/members/nobody/drain")) {
      open(page);
      String start = "{\"key\":\"%s\",\"data\":1,\"more\":\"".formatted(key);
      browser.executeScript(SUBMIT, url(nodeHost, node.port()) + path, start, "\"}");
      await(path).atMost(SOON).ignoreExceptions().until(() -> shown().contains("\"status\""));
      assertThat(shown()).as(path).contains("\"status\":403");
    }
    assertNothingStored();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "node.test"})
  void page_ofTheNodesOrigin_readsAndWrites(String host) {
    open(url(host, node.port()) + "/healthcheck");
    String entries = "/api/caches/" + CACHE + "/entries";
    String item = "[{\"op\":\"get\",\"key\":\"%s\"}]".formatted(key);
    String json = "application/json";
    assertThat(fetch("POST", "/api", Map.of(), json(), json)).isEqualTo("200 {\"data\":1}");
    assertThat(fetch("POST", "/api", Map.of(), json(), "")).startsWith("415 ");
    assertThat(fetch("POST", "/api/caches/" + CACHE + "/batch", Map.of(), item, json))
        .startsWith("200 [");
    assertThat(fetch("POST", entries + "/" + key + "/increment", Map.of(), null, ""))
        .isEqualTo("200 1");
    assertThat(fetch("POST", entries + "?key=" + key, Map.of(), null, "")).isEqualTo("200 2");
    assertThat(fetch("PUT", entries + "/" + key, Map.of(), "x", "")).isEqualTo("204 ");
    assertThat(fetch("DELETE", entries + "/" + key, Map.of(), null, "")).isEqualTo("204 ");
    assertNothingStored(CACHE);
  }

  /** What a page of an origin in the list may do, one of another port or host may not. */
  @Test
  void page_ofAListedOrigin_readsAndWritesAndSeesFields() {
    int port = Server.freePort();
    String listed = url("localhost", pages.getAddress().getPort());
    Map<String, String> settings =
        Map.of(
            "SMACHE_CORS_ORIGINS",
            listed,
            "NODE_NAME",
            "shared",
            "NODE_URL",
            Host.LOOPBACK.url(port),
            Server.FRONT,
            Integer.toString(port));
    try (Server shared = Server.node("shared", port, settings)) {
      shared.awaitAnswer("/healthcheck/ready");
      for (String door : List.of(shared.url(), shared.serverUrl())) {
        String entry = door + "/api/caches/" + CACHE + "/entries/" + key;
        open(listed);
        Map<String, String> fields = Map.of("Smache-TTL", "1h", "If-None-Match", "*");
        assertThat(fetch("PUT", entry, fields, "x", "text/plain")).isEqualTo("201 ");
        assertThat(fetch("GET", entry, Map.of(), null, "")).isEqualTo("200 x");
        assertThat(String.valueOf(browser.executeAsyncScript(SEEN, entry)))
            .startsWith("\"")
            .endsWith(" shared");
        assertThat(fetch("GET", entry + "-not", Map.of(), null, "")).startsWith("404 ");
        open(url("127.0.0.1", pages.getAddress().getPort()));
        assertThat(fetch("GET", entry, Map.of(), null, "")).startsWith("failed");
        assertThat(fetch("DELETE", entry, Map.of(), null, "")).startsWith("failed");
        open(listed);
        assertThat(fetch("DELETE", entry, Map.of(), null, "")).isEqualTo("204 ");
      }
    }
  }

  /** Row 29: the address of the write is the entry's, so the browser drops its copy. */
  @Test
  void write_withLifetimeInAField_isSeenByTheBrowser() {
    String entry = openWithACopy();
    Map<String, String> hour = Map.of("Smache-TTL", "1h");
    assertThat(fetch("PUT", entry, hour, "new", "")).isEqualTo("204 ");
    assertThat(fetch("GET", entry, Map.of(), null, "")).isEqualTo("200 new");
  }

  /**
   * Row 29: with a query the write is at another address. Content-Location names the entry, but
   * Chromium drops no copy because of it: the page has to ask for the entry anew.
   */
  @Test
  void write_withLifetimeInTheQuery_namesTheEntryToAskForAnew() {
    String entry = openWithACopy();
    assertThat(browser.executeAsyncScript(WRITE_AND_RELOAD, entry)).isEqualTo(entry + " new");
    assertThat(fetch("GET", entry, Map.of(), null, "")).isEqualTo("200 new");
  }

  /** Opens a page of the node whose browser has a copy of the entry, and returns its path. */
  private String openWithACopy() {
    open(node.url() + "/healthcheck");
    String entry = "/api/caches/" + CACHE + "/entries/" + key;
    assertThat(Http.send("PUT", node.url() + entry + "?ttl=1h", "old").statusCode()).isEqualTo(201);
    assertThat(fetch("GET", entry, Map.of(), null, "")).isEqualTo("200 old");
    Http.send("PUT", node.url() + entry + "?ttl=1h", "unseen");
    assertThat(fetch("GET", entry, Map.of(), null, "")).as("a copy").isEqualTo("200 old");
    return entry;
  }

  private void assertNothingStored() {
    assertNothingStored(CACHE);
    assertNothingStored("default");
  }

  private void assertNothingStored(String cache) {
    assertThat(Entries.get(node, cache, key).statusCode()).as(cache).isEqualTo(404);
  }

  /** Asserts that the request was answered, which a page of another origin must not see. */
  private static void assertUntold(String answer) {
    assertThat(answer).isEqualTo("0 ");
  }

  private String json() {
    return "{\"key\":\"%s\",\"data\":1}".formatted(key);
  }

  private void open(String url) {
    browser.get(url);
  }

  private String shown() {
    return browser.findElement(By.tagName("body")).getText();
  }

  /** Sends what a page may send to anybody. */
  private String post(String url, String body, String type) {
    return run(url, Map.of("method", "POST", "mode", "no-cors"), body, type);
  }

  private String fetch(
      String method, String url, Map<String, String> headers, @Nullable String body, String type) {
    return run(url, Map.of("method", method, "headers", headers), body, type);
  }

  private String run(String url, Map<String, Object> options, @Nullable String body, String type) {
    return String.valueOf(browser.executeAsyncScript(FETCH, url, options, body, type));
  }

  private static String url(String host, int port) {
    return "http://" + host + ":" + port;
  }

  private static void page(HttpExchange exchange) throws IOException {
    byte[] html = "<!DOCTYPE html><title>page</title><body>".getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "text/html");
    exchange.sendResponseHeaders(200, html.length);
    exchange.getResponseBody().write(html);
    exchange.close();
  }
}

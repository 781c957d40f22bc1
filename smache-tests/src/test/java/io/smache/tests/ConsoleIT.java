package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogType;

/** The console in a real browser: every page, and what strangers have stored. */
@TestInstance(Lifecycle.PER_CLASS)
class ConsoleIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Path PICTURES = Server.REPOSITORY.resolve("smache-tests/target/console");

  /** What would run, or break out, if it were taken for markup, a script or an address. */
  private static final List<String> HOSTILE =
      List.of(
          "<script>window.pwned=1</script>",
          "<img src=x onerror=window.pwned=1>",
          "\"><svg onload=window.pwned=1>",
          "';window.pwned=1;//",
          "javascript:window.pwned=1",
          "${window.pwned=1}",
          "</textarea><script>window.pwned=1</script>",
          "<a href=javascript:window.pwned=1>x</a>",
          "../../../console/",
          "a/b?c=d#e%2F&f",
          "..",
          "\u202Etxt.exe");

  private final Cluster cluster = Cluster.shared();
  private final Server node = cluster.a;
  private final String cache = Entries.fresh("console");
  private ChromeDriver browser;

  @BeforeAll
  void start(@TempDir Path profile) throws IOException {
    Files.createDirectories(PICTURES);
    browser = Chromium.start(profile);
  }

  @AfterAll
  void stop() {
    browser.quit();
  }

  private void open(String page) {
    open(node.url(), page);
  }

  private void open(String url, String page) {
    browser.get("about:blank");
    browser.get(url + "/console/#/" + page);
    await(page).atMost(SOON).until(() -> !browser.findElements(By.tagName("h1")).isEmpty());
  }

  private String text() {
    return browser.findElement(By.tagName("body")).getText();
  }

  private void awaitText(String text) {
    await(text).atMost(SOON).ignoreExceptions().until(() -> text().contains(text));
  }

  /** Nothing that a policy forbids, no error, and nothing that ran which should not. */
  private void assertUnharmed() {
    assertThat(browser.executeScript("return window.pwned")).isNull();
    assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
        .noneMatch(each -> each.getMessage().contains("Content Security Policy"))
        .noneMatch(each -> each.getMessage().contains("Uncaught"));
  }

  private void picture(String name) throws IOException {
    byte[] png = browser.getScreenshotAs(OutputType.BYTES);
    Files.write(PICTURES.resolve(name.replace('/', '-') + ".png"), png);
  }

  private WebElement button(String label) {
    return browser.findElement(By.xpath("//button[normalize-space()='" + label + "']"));
  }

  private WebElement labelled(String label) {
    return browser.findElement(
        By.xpath(
            "//label[span[normalize-space()='"
                + label
                + "']]/*[self::input or self::textarea or self::select]"));
  }

  private static String encoded(String key) {
    return Http.encode(key).replace("+", "%20");
  }

  private HttpResponse<String> stored(String key) {
    return Http.get(Entries.all(node, cache) + "?key=" + encoded(key));
  }

  @ParameterizedTest
  @CsvSource({"dark, 1280, 900", "light, 1280, 900", "dark, 360, 740", "light, 360, 740"})
  void pages_inBothThemesAndAnyWidth_areWhole(String theme, int width, int height)
      throws IOException {
    Entries.put(node, cache, "page:1", "{\"a\":[1,2.50,{\"b\":null}]}");
    browser.manage().window().setSize(new Dimension(width, height));
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", theme))));
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    for (String page :
        List.of(
            "",
            "members",
            "caches",
            "cache/" + cache,
            "keys/" + cache,
            "entry/" + cache + "/page:1",
            "invalidate/" + cache,
            "slow",
            "request")) {
      open(page);
      assertThat(browser.findElements(By.cssSelector("[role=alert]"))).as(page).isEmpty();
      Long over =
          (Long)
              browser.executeScript(
                  "return document.documentElement.scrollWidth - document.documentElement.clientWidth");
      assertThat(over).as("%s is wider than %d", page, width).isZero();
      picture(
          "%s-%d-%s"
              .formatted(theme, width, page.isEmpty() ? "overview" : page.replaceAll("/.*", "")));
      assertUnharmed();
    }
    browser.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
  }

  @Test
  void controls_allHaveNames() {
    for (String page :
        List.of(
            "",
            "caches",
            "cache/" + cache,
            "keys/" + cache,
            "entry/" + cache + "/new",
            "invalidate/" + cache,
            "request")) {
      open(page);
      for (WebElement each :
          browser.findElements(By.cssSelector("input, select, textarea, button, a"))) {
        if (each.isDisplayed()) {
          assertThat(each.getAccessibleName()).as(page + " " + each.getTagName()).isNotBlank();
        }
      }
      assertThat(browser.findElements(By.cssSelector("h1"))).hasSize(1);
      assertThat(browser.findElements(By.cssSelector("nav a[aria-current=page]")).size())
          .isEqualTo(1);
    }
  }

  @Test
  void overview_showsTheCluster() {
    open("");
    awaitText("active");
    assertThat(text()).contains("Reads a second", "Members", "a", "b");
    await()
        .atMost(SOON)
        .until(() -> browser.findElements(By.cssSelector(".card polyline[points]")).size() > 3);
  }

  @Test
  void members_showsEveryPartition() {
    open("members");
    awaitText("Nothing moves");
    assertThat(browser.findElements(By.cssSelector(".map rect"))).hasSize(1024);
    String first =
        browser.findElement(By.cssSelector(".map rect title")).getAttribute("textContent");
    assertThat(first).matches("partition 0: [abg]");
  }

  /** In keys, values, groups and types: text it is, and text it stays. */
  @Test
  void hostileKeysAndValues_areTextEverywhere() {
    String hostile = Entries.fresh("hostile");
    for (String key : HOSTILE) {
      String url = Entries.all(node, hostile) + "?key=" + encoded(key);
      assertThat(
              Http.send("PUT", url, key, "Content-Type", "text/html", "Cache-Groups", "\"<b>g\"")
                  .statusCode())
          .isEqualTo(201);
    }
    open("keys/" + hostile);
    awaitText("keys seen");
    assertUnharmed();
    for (String key : HOSTILE) {
      open("entry/" + hostile + "/" + encoded(key));
      assertThat(browser.findElement(By.tagName("h1")).getText().strip()).isEqualTo(key.strip());
      button("Text").click();
      assertThat(browser.findElement(By.tagName("pre")).getAttribute("textContent")).isEqualTo(key);
      button("Hex").click();
      assertThat(browser.findElement(By.tagName("pre")).getText()).startsWith("00000000");
      assertUnharmed();
    }
    open("cache/" + encoded("<img src=x onerror=window.pwned=1>"));
    awaitText("must be 1 to 64");
    assertUnharmed();
  }

  @Test
  void entry_isEditedAndItsLifeStays() {
    String url = Entries.one(node, cache, "edited");
    Http.send(
        "PUT",
        url + "?ttl=1h",
        "{\"n\":1}",
        "Content-Type",
        "application/json",
        "Cache-Groups",
        "\"g\"");
    open("entry/" + cache + "/edited");
    labelled("Value").clear();
    labelled("Value").sendKeys("{\"n\":2}");
    button("Save").click();
    awaitText("Saved.");
    HttpResponse<String> saved = Http.get(url);
    assertThat(saved.body()).isEqualTo("{\"n\":2}");
    assertThat(Http.header(saved, "Cache-Control")).matches("max-age=3[56]\\d\\d, .*");
    assertThat(Http.header(saved, "Cache-Groups")).isEqualTo("\"g\"");
    Http.send("PUT", url, "{\"n\":3}", "Content-Type", "application/json");
    button("Save").click();
    awaitText("Somebody else has changed it");
    assertThat(Http.get(url).body()).isEqualTo("{\"n\":3}");
  }

  @Test
  void entry_isMadeAndDeleted() {
    open("entry/" + cache + "/made%20here");
    assertThat(text()).contains("There is no such entry");
    labelled("Value").sendKeys("[1]");
    button("Create").click();
    awaitText("Saved.");
    assertThat(stored("made here").body()).isEqualTo("[1]");
    open("entry/" + cache + "/made%20here");
    button("Delete").click();
    WebElement typed = labelled("Type made here to go on");
    WebElement go = browser.findElement(By.cssSelector("dialog button.danger"));
    assertThat(go.isEnabled()).isFalse();
    typed.sendKeys("made here");
    go.click();
    awaitText("Deleted.");
    assertThat(stored("made here").statusCode()).isEqualTo(404);
  }

  @Test
  void invalidation_saysWhatItWillDoAndWantsTheName() {
    for (int i = 0; i < 3; i++) {
      Entries.put(node, cache, "gone:" + i, "1");
    }
    open("invalidate/" + cache);
    labelled("What").sendKeys("keys that begin with");
    labelled("Group or beginning").sendKeys("gone:");
    button("Invalidate…").click();
    awaitText("3 entries of the cache " + cache + " whose keys begin with gone: go away");
    labelled("Type " + cache + " to go on").sendKeys(cache);
    browser.findElement(By.cssSelector("dialog button.danger")).click();
    awaitText("Invalidated on all nodes.");
    assertThat(stored("gone:1").statusCode()).isEqualTo(404);
  }

  @Test
  void keys_openLikeFolders() {
    String tree = Entries.fresh("tree");
    for (String key : List.of("user:1:name", "user:1:age", "user:2:name", "plain")) {
      Entries.put(node, tree, key, "1");
    }
    open("keys/" + tree);
    awaitText("user:…");
    assertThat(text()).contains("plain").doesNotContain("user:1:name");
    browser.findElement(By.linkText("user:…")).click();
    awaitText("user:1:…");
    browser.findElement(By.linkText("user:1:…")).click();
    awaitText("user:1:name");
  }

  @Test
  void request_showsTheWholeAnswer() {
    open("request");
    labelled("Path").clear();
    labelled("Path").sendKeys("/api/placement?key=abcd");
    button("Send").click();
    awaitText("1633837924");
    assertThat(text()).contains("200", "content-type: application/json");
  }

  /** It is asked for when it is needed, and kept nowhere. */
  @Test
  void token_isAskedForAndNotKept(@TempDir Path directory) throws Exception {
    Path tokens = directory.resolve("tokens");
    String token = TokensIT.token(tokens, "operator", "read,write,admin");
    int port = Server.freePort();
    Map<String, String> settings =
        Map.of(
            "SMACHE_TOKENS_FILE",
            tokens.toString(),
            Server.FRONT,
            Integer.toString(port),
            "NODE_URL",
            Host.LOOPBACK.url(port));
    try (Server guarded = Server.node("guarded", port, settings)) {
      guarded.awaitAnswer("/healthcheck/ready");
      browser.get(guarded.url() + "/console/#/caches");
      awaitText("A token is needed");
      labelled("Token").sendKeys("wrong");
      button("Use it").click();
      awaitText("This token is not known here");
      labelled("Token").sendKeys(token);
      button("Use it").click();
      awaitText("There is no cache yet");
      assertThat(
              String.valueOf(
                  browser.executeScript(
                      "return JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href])")))
          .doesNotContain(token);
      browser.navigate().refresh();
      awaitText("A token is needed");
      assertUnharmed();
      assertThat(guarded.log()).doesNotContain(token);
    }
  }

  @Test
  void files_comeFromBothDoors() {
    for (String url : List.of(node.url(), node.serverUrl(), cluster.b.url())) {
      HttpResponse<String> page = Http.get(url + "/console/");
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(Http.header(page, "Content-Security-Policy")).startsWith("default-src 'none'");
      assertThat(Http.header(page, "Content-Type")).isEqualTo("text/html; charset=utf-8");
      assertThat(Http.get(url + "/console").statusCode()).isEqualTo(308);
      Entries.assertProblem(Http.get(url + "/console/nothing"), 404, "no such file");
    }
  }
}

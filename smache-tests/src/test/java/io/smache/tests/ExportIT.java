package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code export.sh} writes, {@code import.sh} makes anew. */
class ExportIT {
  private static final Path SCRIPTS = Server.REPOSITORY.resolve("scripts");

  private final Cluster cluster = Cluster.shared();
  private final String cache = Entries.fresh("exported");
  @TempDir Path directory;

  /** Runs a script; returns its exit code, its output is in {@code out} and {@code err}. */
  private int run(String in, String script, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(SCRIPTS.resolve(script).toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SMACHE_SECRET", Cluster.SECRET);
    builder.redirectInput(directory.resolve(in).toFile());
    builder.redirectOutput(directory.resolve("out").toFile());
    builder.redirectError(directory.resolve("err").toFile());
    Process process = builder.start();
    assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    return process.exitValue();
  }

  private String text(String file) throws IOException {
    return Files.readString(directory.resolve(file));
  }

  private JsonNode entry(String key) {
    String get = "[{\"op\":\"get\",\"key\":" + Http.quoted(key) + "}]";
    String url = cluster.b.url() + "/api/caches/" + cache + "/batch";
    HttpResponse<String> response = Http.send("POST", url, get, "Content-Type", "application/json");
    return Http.json(response).get(0);
  }

  private JsonNode listed(String key) {
    JsonNode page = Http.json(Http.get(Entries.all(cluster.a, cache) + "?limit=1000"));
    for (JsonNode each : page.get("entries")) {
      if (each.get("key").textValue().equals(key)) {
        return each;
      }
    }
    throw new AssertionError("not listed: " + key);
  }

  private void put(String key, String query, String value, String... headers) {
    String url = Entries.one(cluster.a, cache, key) + query;
    assertThat(Http.send("PUT", url, value, headers).statusCode()).isEqualTo(201);
  }

  private void export() throws Exception {
    Files.writeString(directory.resolve("nothing"), "");
    int code = run("nothing", "export.sh", cluster.a.url(), "--cache", cache);
    assertThat(code).as(text("err")).isZero();
    Files.move(directory.resolve("out"), directory.resolve("export"));
  }

  private void drop() {
    String url = cluster.a.url() + "/api/caches/" + cache;
    assertThat(Http.administer("DELETE", url, null).statusCode()).isEqualTo(204);
  }

  @Test
  void entriesOfAllKinds_areAllThatTheyWere() throws Exception {
    List<String> keys =
        List.of(
            "plain",
            "12",
            "with \"quotes\" \\ and\ttabs\nand lines",
            "},{\"key\":\"x\",\"bytes\":1",
            "gr\u00fc\u00df\ud83d\ude00",
            "ends with \\");
    String json = "Content-Type";
    for (String key : keys) {
      put(key, "", "{\"of\":" + Http.quoted(key) + "}", json, "application/json");
    }
    put("text", "?ttl=1h", "no json\n", json, "text/plain;a=\"b\"", "Cache-Groups", "\"g\", \"h\"");
    put(
        "idle",
        "?ttl=2h&idle=1h&stale=10m",
        "1234567890123456789012345678901",
        json,
        "application/json");
    put("unused", "?idle=1h", "[1.00,\n 2]", json, "application/json");
    String configuration = cluster.a.url() + "/api/caches/" + cache;
    assertThat(Http.administer("PUT", configuration, "{\"ttl\":7200}").statusCode()).isEqualTo(204);
    List<JsonNode> before = keys.stream().map(this::entry).toList();
    JsonNode text = entry("text");
    export();
    drop();
    assertThat(entry("plain").get("status").intValue()).isEqualTo(404);

    assertThat(run("export", "import.sh", cluster.b.url())).as(text("err")).isZero();
    for (int i = 0; i < keys.size(); i++) {
      JsonNode now = entry(keys.get(i));
      assertThat(now.get("value")).as(keys.get(i)).isEqualTo(before.get(i).get("value"));
      assertThat(now.get("type")).isEqualTo(before.get(i).get("type"));
      assertThat(now.get("groups")).isNull();
    }
    JsonNode again = entry("text");
    for (String member : List.of("base64", "type", "groups")) {
      assertThat(again.get(member)).as(member).isEqualTo(text.get(member));
    }
    assertThat(again.get("ttl").doubleValue()).isBetween(3000.0, 3600.0);
    assertThat(entry("idle").get("value").toString()).isEqualTo("1234567890123456789012345678901");
    JsonNode idle = listed("idle");
    assertThat(idle.get("expires").doubleValue()).isBetween(6600.0, 7200.0);
    assertThat(idle.get("idle").intValue()).isEqualTo(3600);
    assertThat(idle.get("stale").intValue()).isEqualTo(600);
    assertThat(listed("unused").has("expires")).isFalse();
    assertThat(Http.json(Http.get(configuration)).get("ttl").intValue()).isEqualTo(7200);
  }

  @Test
  void manyEntries_areExportedOnceAndImportedInParts() throws Exception {
    int entries = 2_500;
    StringBuilder batch = new StringBuilder();
    for (int i = 0; i < entries; i++) {
      batch.append("{\"op\":\"put\",\"key\":\"k-%d\",\"value\":%d}\n".formatted(i, i));
    }
    String url = cluster.a.url() + "/api/caches/" + cache + "/batch";
    assertThat(
            Http.send("POST", url, batch.toString(), "Content-Type", "application/x-ndjson")
                .statusCode())
        .isEqualTo(200);
    export();
    List<String> lines = Files.readAllLines(directory.resolve("export"));
    assertThat(lines).hasSize(entries).doesNotHaveDuplicates();
    drop();
    String skipped = Integer.toString(entries - 10);
    assertThat(run("export", "import.sh", cluster.a.url(), "--skip", skipped)).isZero();
    assertThat(Http.json(Http.get(Entries.all(cluster.a, cache))).get("entries")).hasSize(10);
    assertThat(run("export", "import.sh", cluster.a.url())).isZero();
    assertThat(entry("k-0").get("value").intValue()).isZero();
    assertThat(entry("k-2499").get("value").intValue()).isEqualTo(2499);
  }

  @Test
  void badInput_endsWithAWordWhyAndHowToGoOn() throws Exception {
    String good = "{\"cache\":\"%s\",\"key\":\"a\",\"value\":1}%n".formatted(cache);
    for (Map.Entry<String, String> wrong :
        Map.of(
                good + "nonsense\n", "line 2 is no line of an export",
                good + good.replace("\"value\":1", "\"value\":1,\"ttl\":-1"), "ttl")
            .entrySet()) {
      Files.writeString(directory.resolve("export"), wrong.getKey());
      assertThat(run("export", "import.sh", cluster.a.url())).isEqualTo(1);
      assertThat(text("err")).contains(wrong.getValue(), "go on with: import.sh");
    }
    Files.writeString(directory.resolve("nothing"), "");
    assertThat(run("nothing", "export.sh", cluster.a.url(), "--nonsense")).isEqualTo(1);
    assertThat(text("err")).contains("--help");
    for (String script : List.of("export.sh", "import.sh")) {
      assertThat(run("nothing", script, "--help")).isZero();
      assertThat(text("out")).contains("Usage: " + script);
    }
  }
}

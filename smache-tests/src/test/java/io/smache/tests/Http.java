package io.smache.tests;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Plain HTTP, as a client would speak it. */
final class Http {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private Http() {}

  static HttpResponse<String> get(String url) {
    return send(HttpRequest.newBuilder(URI.create(url)));
  }

  /** Reads an entry by the simple API. */
  static HttpResponse<String> getKey(String server, String key) {
    return get(server + "/api?key=" + encode(key));
  }

  /** Sends a body to the simple API. */
  static HttpResponse<String> post(String server, String json) {
    return send(
        HttpRequest.newBuilder(URI.create(server + "/api"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  /** Sends a request with a body of text, or none, and headers as names and values in turn. */
  static HttpResponse<String> send(
      String method, String url, @Nullable String body, String... headers) {
    return send(request(method, url, body == null ? null : body.getBytes(UTF_8), headers));
  }

  /** Sends a request as an administrator does, with a body of JSON or none. */
  static HttpResponse<String> administer(String method, String url, @Nullable String json) {
    return send(
        method,
        url,
        json,
        "Authorization",
        "Bearer " + Cluster.SECRET,
        "Content-Type",
        "application/json");
  }

  /** Sends a request and returns the bytes of the answer. */
  static HttpResponse<byte[]> sendBytes(
      String method, String url, byte @Nullable [] body, String... headers) {
    return send(request(method, url, body, headers), BodyHandlers.ofByteArray());
  }

  /** Sends a request, for whose answer nobody waits here. */
  static CompletableFuture<HttpResponse<String>> sendAsync(
      String method, String url, @Nullable String body, String... headers) {
    HttpRequest.Builder request =
        request(method, url, body == null ? null : body.getBytes(UTF_8), headers);
    return CLIENT.sendAsync(
        request.timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(
      String method, String url, byte @Nullable [] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .method(
                method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    return headers.length == 0 ? request : request.headers(headers);
  }

  /** Returns the only value of a header of a response, empty text when it is not there. */
  static String header(HttpResponse<?> response, String name) {
    return String.join(", ", response.headers().allValues(name));
  }

  static HttpResponse<String> send(HttpRequest.Builder request) {
    return send(request, BodyHandlers.ofString());
  }

  private static <T> HttpResponse<T> send(HttpRequest.Builder request, BodyHandler<T> handler) {
    try {
      return CLIENT.send(request.timeout(Duration.ofSeconds(60)).build(), handler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  static JsonNode json(HttpResponse<String> response) {
    return json(response.body());
  }

  static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(text, e);
    }
  }

  /** Returns the text as a JSON string. */
  static String quoted(String text) {
    return MAPPER.getNodeFactory().textNode(text).toString();
  }
}

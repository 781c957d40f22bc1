package io.smache.uplink;

import io.smache.protocol.ClusterSecret;
import io.smache.protocol.Member;
import io.smache.protocol.http.Calls;
import io.smache.protocol.message.Json;
import io.smache.protocol.settings.Settings;
import io.smache.protocol.settings.Trust;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Asks a member whose lease has ended whether it lives: its silence may be uplink's own fault. */
@Dependent
class Probe {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final ClusterSecret secret;

  @Resource ManagedExecutorService executor;
  private HttpClient client;

  @Inject
  Probe(ClusterSecret secret) {
    this.secret = secret;
  }

  @PostConstruct
  void open() {
    HttpClient.Builder builder = HttpClient.newBuilder().executor(executor).connectTimeout(TIMEOUT);
    Trust.of(Settings.ofApplication()).ifPresent(builder::sslContext);
    client = builder.build();
  }

  /** Completes within about two seconds: true when the same process answers at its URL. */
  CompletableFuture<Boolean> isAlive(Member member) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(member.url() + "/internal/member"))
            .header(HttpHeaders.AUTHORIZATION, secret.authorization())
            .timeout(TIMEOUT)
            .build();
    return Calls.send(client, request, BodyHandlers.ofByteArray())
        .thenApply(response -> isSame(member, response))
        .exceptionally(failure -> false);
  }

  private static boolean isSame(Member member, HttpResponse<byte[]> response) {
    try {
      return response.statusCode() == 200
          && Json.MAPPER
              .readValue(response.body(), Member.class)
              .instance()
              .equals(member.instance());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

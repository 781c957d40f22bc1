package io.smache.node.cluster;

import io.smache.node.store.Entry;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.protocol.Member;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.HttpHeaders;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Carries operations to the nodes that own their keys: one hop, with the epoch by which the sender
 * chose the owner. Thread-safe.
 */
@ApplicationScoped
public class PeerLink {
  /** Header that carries the epoch of the table in force at the one who sends it. */
  public static final String EPOCH = "Smache-Epoch";

  /** Status by which a node says that it does not own a key (RFC 9110, section 15.5.20). */
  public static final int MISDIRECTED = 421;

  /** Path of the entries of a node for its peers; the key is in the query. */
  public static final String PATH = "/internal/entries";

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  @Inject ClusterConfig config;
  @Inject HttpClient client;

  /** Completes with what the owner says; with {@link Outcome.Unavailable} if it says nothing. */
  public CompletableFuture<Outcome> send(Member owner, long epoch, Operation operation) {
    return client
        .sendAsync(request(owner, epoch, operation), BodyHandlers.ofByteArray())
        .thenApply(response -> outcome(owner, response))
        .exceptionally(failure -> unreachable(owner));
  }

  private HttpRequest request(Member owner, long epoch, Operation operation) {
    String key = URLEncoder.encode(operation.key().toString(), StandardCharsets.UTF_8);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(owner.url() + PATH + "?key=" + key))
            .header(HttpHeaders.AUTHORIZATION, config.secret().authorization())
            .header(EPOCH, Long.toString(epoch))
            .timeout(PATIENCE);
    return operation instanceof Operation.Put put
        ? request.PUT(BodyPublishers.ofByteArray(put.value())).build()
        : request.GET().build();
  }

  private static Outcome outcome(Member owner, HttpResponse<byte[]> response) {
    return switch (response.statusCode()) {
      case 200 -> new Outcome.Found(new Entry(response.body()));
      case 204 -> new Outcome.Stored();
      case 404 -> new Outcome.Absent();
      case MISDIRECTED -> new Outcome.NotOwned();
      default ->
          new Outcome.Unavailable(
              "node %s, which owns this key, answers %d"
                  .formatted(owner.name(), response.statusCode()));
    };
  }

  private static Outcome unreachable(Member owner) {
    return new Outcome.Unavailable(
        "node %s, which owns this key, does not answer".formatted(owner.name()));
  }
}

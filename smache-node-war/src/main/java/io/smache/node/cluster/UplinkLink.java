package io.smache.node.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.smache.node.runtime.NodeScoped;
import io.smache.node.runtime.Timeouts;
import io.smache.protocol.Lease;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import io.smache.protocol.Registration;
import io.smache.protocol.TableDifference;
import io.smache.protocol.http.Calls;
import io.smache.protocol.message.Json;
import io.smache.protocol.message.Problem;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What this node asks of uplink. Every call completes within about three seconds. Thread-safe. */
@NodeScoped
public class UplinkLink {
  private final ClusterConfig config;
  private final HttpClient client;

  /** Takes what reaches uplink. */
  @Inject
  public UplinkLink(ClusterConfig config, HttpClient client) {
    this.config = config;
    this.client = client;
  }

  /** Registers this node, or renews its lease. */
  CompletableFuture<Lease> register(@Nullable PartitionTable inForce, int arriving) {
    Member self = config.self();
    String clusterId = inForce == null ? null : inForce.clusterId();
    long epoch = inForce == null ? 0 : inForce.epoch();
    byte[] body =
        json(
            new Registration(self.url(), self.instance(), clusterId, epoch, arriving, self.grid()));
    return send(request("/members/" + self.name()).PUT(BodyPublishers.ofByteArray(body)))
        .thenApply(response -> read(response, Lease.class));
  }

  /** Returns the table that uplink publishes. */
  CompletableFuture<PartitionTable> table() {
    return send(request("/table").GET())
        .thenApply(response -> read(response, PartitionTable.class));
  }

  /** Returns the table that followed another; only the difference travels. */
  CompletableFuture<PartitionTable> tableAfter(PartitionTable known) {
    return send(request("/table/changes/" + known.epoch()).GET())
        .thenApply(response -> read(response, TableDifference.class).appliedTo(known));
  }

  /** Asks uplink to give a member's partitions to the others. */
  CompletableFuture<Void> drain(String name) {
    return send(request("/members/" + name + "/drain").POST(BodyPublishers.noBody()))
        .thenAccept(UplinkLink::check);
  }

  /** Gives uplink the table that is in force here. */
  CompletableFuture<Void> offer(PartitionTable table) {
    return send(request("/table").PUT(BodyPublishers.ofByteArray(json(table))))
        .thenAccept(UplinkLink::check);
  }

  /** Leaves the cluster at uplink. */
  CompletableFuture<Void> leave() {
    Member self = config.self();
    String instance = URLEncoder.encode(self.instance(), StandardCharsets.UTF_8);
    return send(request("/members/" + self.name() + "?instance=" + instance).DELETE())
        .thenAccept(UplinkLink::check);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(config.uplink().orElseThrow() + path))
        .header(HttpHeaders.AUTHORIZATION, config.secret().authorization())
        .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON)
        .timeout(Timeouts.UPLINK);
  }

  private CompletableFuture<HttpResponse<byte[]>> send(HttpRequest.Builder request) {
    return Calls.send(client, request.build(), BodyHandlers.ofByteArray());
  }

  private static void check(HttpResponse<byte[]> response) {
    if (response.statusCode() >= 300) {
      throw new RefusedException(reason(response), response.statusCode());
    }
  }

  private static <T> T read(HttpResponse<byte[]> response, Class<T> type) {
    check(response);
    try {
      return Json.MAPPER.readValue(response.body(), type);
    } catch (IOException e) {
      throw new UncheckedIOException("uplink answered something else than its protocol", e);
    }
  }

  private static String reason(HttpResponse<byte[]> response) {
    try {
      Problem problem = Json.MAPPER.readValue(response.body(), Problem.class);
      return String.valueOf(problem.detail());
    } catch (IOException e) {
      return "status " + response.statusCode() + ": is this the address of a Smache uplink?";
    }
  }

  private static byte[] json(Object value) {
    try {
      return Json.MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.smache.node.api.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import io.smache.node.api.access.Access;
import io.smache.node.api.access.Caller;
import io.smache.node.api.access.Right;
import io.smache.node.api.entry.EntryAddress;
import io.smache.node.api.entry.Invalidations;
import io.smache.node.api.message.JsonBody;
import io.smache.node.api.message.Query;
import io.smache.node.api.message.Reply;
import io.smache.node.api.message.Request;
import io.smache.node.api.message.TimeSpan;
import io.smache.node.cache.Broadcast;
import io.smache.node.cache.Configurations;
import io.smache.node.store.CacheConfig;
import io.smache.node.store.CacheStatistics;
import io.smache.node.store.Command;
import io.smache.node.store.Command.CommandReport;
import io.smache.node.store.JsonValue;
import io.smache.protocol.message.Json;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The caches of the cluster and their configurations. Thread-safe. */
@Dependent
public class CacheRequests {
  /** The most bytes of a configuration. */
  public static final int MAX_BYTES = 1 << 16;

  private static final ObjectReader STRICT =
      Json.MAPPER
          .reader()
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);

  private final Broadcast broadcast;
  private final Configurations configurations;
  private final Access access;

  /** Takes what asks all members, what they are configured with, and who may see what. */
  @Inject
  public CacheRequests(Broadcast broadcast, Configurations configurations, Access access) {
    this.broadcast = broadcast;
    this.configurations = configurations;
    this.access = access;
  }

  /** Statistics of all caches, summed over all nodes. */
  record CacheList(Collection<CacheStatistics> caches) {}

  /** The configuration of a cache; times in seconds. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ConfigView(
      @Nullable BigDecimal ttl,
      @Nullable BigDecimal idle,
      @Nullable Long maxEntries,
      @Nullable Long maxBytes,
      @Nullable Long maxValueBytes) {
    static ConfigView of(CacheConfig config) {
      return new ConfigView(
          seconds(config.ttl()),
          seconds(config.idle()),
          config.maxEntries(),
          config.maxBytes(),
          config.maxValueBytes());
    }

    private static @Nullable BigDecimal seconds(@Nullable Long millis) {
      return millis == null ? null : TimeSpan.seconds(millis);
    }
  }

  /** Returns all caches that have entries or a configuration, and that the client may read. */
  public CompletionStage<Reply> list(Request request) {
    Query.of(request).allowing();
    Caller caller = access.known(request);
    return broadcast
        .command(new Command.Count())
        .thenApply(
            reports ->
                Invalidations.incomplete(reports.missing(), "counted")
                    .orElseGet(() -> Reply.json(Status.OK, sum(reports.reports(), caller))));
  }

  private static CacheList sum(List<CommandReport> reports, Caller caller) {
    Map<String, CacheStatistics> caches = new TreeMap<>();
    for (CommandReport report : reports) {
      report.statistics().forEach(each -> caches.merge(each.cache(), each, CacheStatistics::plus));
    }
    caches.keySet().removeIf(cache -> !caller.may(Right.READ, cache));
    return new CacheList(caches.values());
  }

  /** Returns the configuration of a cache; 404 when it has none. */
  public Reply get(Request request, EntryAddress address) {
    Query.of(request).allowing();
    String name = address.cache();
    return configurations
        .of(name)
        .map(config -> Reply.json(Status.OK, ConfigView.of(config)))
        .orElseGet(
            () ->
                Reply.problem(
                    Status.NOT_FOUND, "the cache '%s' has no configuration".formatted(name)));
  }

  /** Configures a cache on all nodes; members left out get their defaults. */
  public CompletionStage<Reply> configure(Request request, EntryAddress address)
      throws IOException {
    Query.of(request).allowing();
    String name = address.cache();
    CacheConfig config = config(JsonBody.read(request, MAX_BYTES));
    if (!configurations.accepts(name)) {
      throw new ProblemException(Status.CONFLICT, "this node accepts no more cache names");
    }
    return done(configurations.say(name, config), "configured");
  }

  /** Drops a cache: all entries and its configuration. */
  public CompletionStage<Reply> drop(Request request, EntryAddress address) {
    Query.of(request).allowing();
    return done(configurations.drop(address.cache()), "dropped");
  }

  private static CompletionStage<Reply> done(
      CompletionStage<Broadcast.ClusterReport> command, String what) {
    return command.thenApply(
        reports ->
            Invalidations.incomplete(reports.missing(), what)
                .orElseGet(() -> Reply.of(Status.NO_CONTENT)));
  }

  private static CacheConfig config(byte[] body) throws IOException {
    JsonNode json = object(body);
    List<String> unknown = new ArrayList<>();
    json.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(List.of("ttl", "idle", "maxEntries", "maxBytes", "maxValueBytes"));
    if (!unknown.isEmpty()) {
      throw bad(
          "the member '%s' is unknown; a cache has ttl, idle, maxEntries, maxBytes, maxValueBytes"
              .formatted(unknown.get(0)));
    }
    return new CacheConfig(
        millis(json, "ttl"),
        millis(json, "idle"),
        positive(json, "maxEntries"),
        positive(json, "maxBytes"),
        positive(json, "maxValueBytes"));
  }

  private static JsonNode object(byte[] body) throws IOException {
    if (!JsonValue.isUtf8(body)) {
      throw bad("the body is not JSON in UTF-8");
    }
    try {
      JsonNode json = STRICT.readTree(body);
      if (json.isObject()) {
        return json;
      }
    } catch (JsonProcessingException e) {
      throw bad("the body is not valid JSON: " + e.getOriginalMessage());
    }
    throw bad("the body must be a JSON object");
  }

  private static @Nullable Long millis(JsonNode json, String name) {
    JsonNode member = json.path(name);
    return member.isMissingNode() || member.isNull()
        ? null
        : TimeSpan.parse(member.asText(), "the member " + name, TimeSpan.MAX_LIFE);
  }

  private static @Nullable Long positive(JsonNode json, String name) {
    JsonNode member = json.path(name);
    if (member.isMissingNode() || member.isNull()) {
      return null;
    }
    if (!member.isIntegralNumber() || !member.canConvertToLong() || member.longValue() < 1) {
      throw bad("the member %s is %s but must be a whole number from 1 on".formatted(name, member));
    }
    return member.longValue();
  }

  private static ProblemException bad(String detail) {
    return new ProblemException(Status.BAD_REQUEST, detail);
  }
}

package io.smache.node.api.metrics;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smache.node.api.message.Query;
import io.smache.node.api.message.Reply;
import io.smache.node.api.message.Request;
import io.smache.node.api.message.TimeSpan;
import io.smache.node.runtime.NodeScoped;
import io.smache.protocol.message.Status;
import io.smache.protocol.settings.Settings;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The last requests that took long, for operators. One that waits for a value as long as its client
 * wants is not slow. Thread-safe.
 */
@NodeScoped
public class SlowRequests {
  private static final String SETTING = "SMACHE_SLOW";
  private static final long DEFAULT_MILLIS = 100;
  private static final long MOST_MILLIS = TimeUnit.HOURS.toMillis(1);
  private static final int MOST = 128;

  private final long thresholdNanos;
  private final Deque<Answered> newest = new ArrayDeque<>(MOST); // guarded by itself

  /**
   * Reads {@code SMACHE_SLOW}, ms.
   *
   * @throws io.smache.protocol.settings.SettingException when it is wrong
   */
  @Inject
  public SlowRequests() {
    this(Settings.ofApplication());
  }

  /** As the settings say. */
  public SlowRequests(Settings settings) {
    long millis = settings.positive(SETTING, DEFAULT_MILLIS, MOST_MILLIS);
    thresholdNanos = TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** Returns whether a request that took so many ns is one. */
  public boolean isSlow(long nanos) {
    return nanos >= thresholdNanos;
  }

  /** Adds a request, in place of the oldest one when there are many. */
  public void add(Answered request) {
    synchronized (newest) {
      if (newest.size() == MOST) {
        newest.removeLast();
      }
      newest.addFirst(request);
    }
  }

  /** Those that there are, and from how many seconds on a request is one. */
  record View(BigDecimal threshold, List<Line> requests) {}

  /**
   * A slow request.
   *
   * @param at when it was answered (RFC 3339)
   * @param path without its query, percent-encoded
   * @param seconds that it took
   * @param from address of the client
   * @param node the owner of the entry, absent for none
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Line(
      String at,
      String method,
      String path,
      int status,
      BigDecimal seconds,
      String from,
      @Nullable String node) {
    static Line of(Answered each) {
      return new Line(
          each.at().toString(),
          each.asked().method(),
          each.asked().path(),
          each.status().code(),
          TimeSpan.seconds(TimeUnit.NANOSECONDS.toMillis(each.nanos())),
          each.asked().from(),
          each.node());
    }
  }

  /** Returns them, the newest first. */
  public CompletionStage<Reply> get(Request request) {
    Query.of(request).allowing();
    List<Line> lines;
    synchronized (newest) {
      lines = newest.stream().map(Line::of).toList();
    }
    long threshold = TimeUnit.NANOSECONDS.toMillis(thresholdNanos);
    return Reply.json(Status.OK, new View(TimeSpan.seconds(threshold), lines)).now();
  }
}

package io.smache.node.api.entry;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smache.node.api.message.Query;
import io.smache.node.api.message.Reply;
import io.smache.node.api.message.Representation;
import io.smache.node.api.message.TimeSpan;
import io.smache.node.cache.Broadcast;
import io.smache.node.store.Command;
import io.smache.node.store.Command.CommandReport;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.node.store.Listed;
import io.smache.node.store.Snapshot;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Pages of the entries of a cache, in the order of their keys: a page depends only on the last key
 * of the page before, so no node keeps state between pages. Thread-safe.
 */
@Dependent
public class Listing {
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1000;

  private final Broadcast broadcast;

  /** Takes what sends commands to all members. */
  @Inject
  public Listing(Broadcast broadcast) {
    this.broadcast = broadcast;
  }

  /**
   * A page.
   *
   * @param cursor of the next page, absent on the last one
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Page(List<Line> entries, @Nullable String cursor) {}

  /**
   * An entry; times in seconds, absent for none.
   *
   * @param bytes of its value
   * @param ttl that it lives on
   * @param expires until it ends however often it is used, when it ends unused as well
   * @param idle that it lives without being used
   * @param stale that it may be served after its end
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Line(
      String key,
      int bytes,
      String etag,
      @Nullable BigDecimal ttl,
      @Nullable BigDecimal expires,
      @Nullable BigDecimal idle,
      @Nullable BigDecimal stale) {
    static Line of(Listed listed) {
      boolean idles = listed.idle() > 0;
      return new Line(
          listed.key().toString(),
          listed.bytes(),
          Representation.tag(listed.version()),
          left(listed.left()),
          idles ? left(listed.expires()) : null,
          idles ? TimeSpan.seconds(listed.idle()) : null,
          listed.stale() > 0 ? TimeSpan.seconds(listed.stale()) : null);
    }

    private static @Nullable BigDecimal left(long millis) {
      return millis == Snapshot.ENDLESS ? null : TimeSpan.seconds(Math.max(0, millis));
    }
  }

  CompletionStage<Reply> page(String cache, Query query) throws KeyException {
    query.allowing("prefix", "limit", "cursor");
    int limit = query.text("limit").map(Listing::limit).orElse(DEFAULT_LIMIT);
    Key after = query.text("cursor").map(Listing::key).orElse(null);
    Command page = new Command.Page(cache, Invalidations.prefix(query), after, limit + 1);
    return broadcast
        .command(page)
        .thenApply(
            reports ->
                Invalidations.incomplete(reports.missing(), "listed")
                    .orElseGet(() -> reply(reports.reports(), limit)));
  }

  private static Reply reply(List<CommandReport> reports, int limit) {
    List<Listed> sorted =
        reports.stream()
            .flatMap(report -> report.page().stream())
            .sorted(Comparator.comparing(Listed::key))
            .toList();
    boolean more = sorted.size() > limit;
    List<Listed> page = more ? sorted.subList(0, limit) : sorted;
    String cursor = more ? cursor(page.get(limit - 1).key()) : null;
    return Reply.json(Status.OK, new Page(page.stream().map(Line::of).toList(), cursor));
  }

  private static int limit(String text) {
    int limit = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new ProblemException(
          Status.BAD_REQUEST,
          "the parameter limit is '%s' but must be a whole number from 1 to %d"
              .formatted(text, MAX_LIMIT));
    }
    return limit;
  }

  private static String cursor(Key last) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(last.utf8());
  }

  private static Key key(String cursor) {
    try {
      return Key.ofUtf8(Base64.getUrlDecoder().decode(cursor));
    } catch (IllegalArgumentException | KeyException e) {
      throw new ProblemException(
          Status.BAD_REQUEST,
          "the parameter cursor is '%s' but must be the cursor of the page before"
              .formatted(cursor));
    }
  }
}

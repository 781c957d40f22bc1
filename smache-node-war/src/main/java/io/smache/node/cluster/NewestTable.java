package io.smache.node.cluster;

import io.smache.node.runtime.NodeScoped;
import io.smache.protocol.PartitionTable;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Fetches the newest table from uplink for whoever needs it. Thread-safe. */
@NodeScoped
public class NewestTable {
  private final Membership membership;
  private final UplinkLink uplink;

  private final AtomicReference<@Nullable CompletableFuture<PartitionTable>> fetching =
      new AtomicReference<>();

  /** Takes what has the table in force, and what has the newest. */
  @Inject
  public NewestTable(Membership membership, UplinkLink uplink) {
    this.membership = membership;
    this.uplink = uplink;
  }

  /**
   * Completes with a table newer than the given epoch once it is in force here, or fails within a
   * few seconds when there is none. Requests that come together share one question to uplink.
   */
  public CompletableFuture<PartitionTable> newerThan(long epoch) {
    Optional<PartitionTable> known = membership.table().filter(table -> table.epoch() > epoch);
    if (known.isPresent()) {
      return CompletableFuture.completedFuture(known.get());
    }
    return fetch()
        .thenApply(
            table -> {
              if (table.epoch() <= epoch) {
                throw new RefusedException("uplink knows no table newer than epoch " + epoch, 0);
              }
              return table;
            });
  }

  /** Completes with the newest table once it is in force here. */
  CompletableFuture<PartitionTable> fetch() {
    CompletableFuture<PartitionTable> mine = new CompletableFuture<>();
    CompletableFuture<PartitionTable> other = fetching.compareAndExchange(null, mine);
    if (other != null) {
      return other;
    }
    return CompletableFuture.completedFuture(uplink)
        .thenCompose(this::newest)
        .thenApply(this::adopt)
        .whenComplete(
            (table, failure) -> {
              fetching.set(null);
              if (failure == null) {
                mine.complete(table);
              } else {
                mine.completeExceptionally(failure);
              }
            });
  }

  private CompletableFuture<PartitionTable> newest(UplinkLink link) {
    return membership
        .table()
        .map(known -> link.tableAfter(known).exceptionallyCompose(failure -> link.table()))
        .orElseGet(link::table);
  }

  private PartitionTable adopt(PartitionTable table) {
    membership.accept(table);
    return table;
  }
}

package io.smache.node.transfer;

import io.smache.node.cluster.Discovery;
import io.smache.node.cluster.Membership;
import io.smache.node.cluster.PeerLink;
import io.smache.node.cluster.TableChange;
import io.smache.node.runtime.NodeScoped;
import io.smache.node.runtime.Timeouts;
import io.smache.node.shard.Shards;
import io.smache.node.store.Caches;
import io.smache.node.store.Command;
import io.smache.node.store.Command.Invalidate;
import io.smache.node.store.Command.Result;
import io.smache.node.store.EntryId;
import io.smache.node.store.InvalidationLog;
import io.smache.node.store.TransferChunk;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import jakarta.ejb.ConcurrentAccessException;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The partitions that move to this node and are not completely here yet. Their sources are fenced
 * first; then they push chunks of entries, and this node fetches single keys that a request needs
 * earlier. Thread-safe; no method waits for the network.
 */
@NodeScoped
public class InboundTransfers {
  private static final Logger LOG = System.getLogger(InboundTransfers.class.getName());
  private static final long PAUSE_MILLIS = 200;

  private final Membership membership;
  private final Discovery discovery;
  private final PeerLink peers;
  private final Shards shards;
  private final Caches caches;
  private final ExecutorService executor;

  private final Map<Integer, Inbound> arriving = new ConcurrentHashMap<>();

  /** Fetches under way, so that no second request fetches the same entry. */
  private final Map<EntryId, CompletableFuture<Void>> asked = new ConcurrentHashMap<>();

  /** Takes what the entries come from and go to. */
  @Inject
  public InboundTransfers(
      Membership membership,
      Discovery discovery,
      PeerLink peers,
      Shards shards,
      Caches caches,
      ExecutorService executor) {
    this.membership = membership;
    this.discovery = discovery;
    this.peers = peers;
    this.shards = shards;
    this.caches = caches;
    this.executor = executor;
  }

  private record Inbound(long since, TransferSource source) {}

  /** Stops all writes to partitions that this node does not keep. */
  synchronized void fence(BitSet kept) {
    shards.own(kept, open(kept));
  }

  /**
   * Opens the partitions that a table gives this node, and notes which of them still have to
   * arrive.
   */
  synchronized void begin(TableChange change) {
    PartitionTable table = change.table();
    arriving.keySet().removeIf(partition -> !change.kept().get(partition));
    Map<String, TransferSource> sources = new HashMap<>();
    change.owned().stream()
        .filter(partition -> !change.kept().get(partition))
        .forEach(
            partition -> {
              Member member = table.source(partition);
              if (member != null && !member.isSameProcess(membership.self())) {
                TransferSource source =
                    sources.computeIfAbsent(member.instance(), i -> new TransferSource(member));
                arriving.put(partition, new Inbound(table.since().get(partition), source));
              }
            });
    shards.own(change.owned(), open(change.owned()));
  }

  /** Fences the sources, and gives up on those that are gone. */
  void prepare(PartitionTable table) {
    try {
      giveUp(table);
    } catch (ConcurrentAccessException e) {
      LOG.log(
          Level.DEBUG,
          "a shard's lock was not available in time; crashed sources are given up later",
          e);
    }
    List<TransferSource> sources =
        arriving.values().stream().map(Inbound::source).distinct().toList();
    sources.stream()
        .filter(source -> !source.fenced().isDone())
        .forEach(source -> fence(source, table));
    if (!sources.isEmpty()) {
      LOG.log(
          Level.INFO,
          "receiving {0} partitions from {1}",
          arriving.size(),
          sources.stream().map(source -> source.member().name()).toList());
      tell(table, sources);
    }
  }

  /** Sends the table to the other members, so that they need not wait for their next renewal. */
  private void tell(PartitionTable table, List<TransferSource> sources) {
    table.members().stream()
        .filter(member -> !member.isSameProcess(membership.self()))
        .filter(member -> sources.stream().noneMatch(g -> g.member().isSameProcess(member)))
        .forEach(member -> peers.follow(member, table).exceptionally(failure -> null));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // its outcome is seen in the source
  private void fence(TransferSource source, PartitionTable table) {
    peers
        .follow(source.member(), table)
        .whenComplete(
            (report, failure) -> {
              if (failure == null) {
                caches.configure(report.configurations());
                source.fenced().complete(null);
              } else if (isAwaited(source)) {
                Executor later =
                    CompletableFuture.delayedExecutor(
                        PAUSE_MILLIS, TimeUnit.MILLISECONDS, executor);
                later.execute(() -> fence(source, membership.table().orElse(table)));
              }
            });
  }

  private boolean isAwaited(TransferSource source) {
    return arriving.values().stream().anyMatch(each -> each.source() == source);
  }

  /**
   * Gives up on crashed sources: their entries are lost and their keys begin empty. The source of a
   * partition of a newer table is a member of that table.
   *
   * @throws ConcurrentAccessException when a shard's lock was not available in time; to be called
   *     again
   */
  public void giveUp(PartitionTable table) {
    Map<Integer, Long> lost = new HashMap<>();
    arriving.forEach(
        (partition, each) -> {
          if (each.since() <= table.epoch() && !table.has(each.source().member())) {
            lost.put(partition, each.since());
          }
        });
    if (!lost.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "{0} partitions did not arrive completely: their old owner is gone; the missing entries are lost",
          lost.size());
      complete(lost);
    }
  }

  /** Synchronized, so that no new table takes effect between the two views. */
  private synchronized void complete(Map<Integer, Long> arrived) {
    shards.complete(arrived);
    arrived.forEach(
        (partition, since) ->
            arriving.computeIfPresent(
                partition, (same, each) -> each.since() == since ? null : each));
    if (arriving.isEmpty()) {
      LOG.log(
          Level.INFO,
          "all partitions of epoch {0} have arrived",
          Long.toString(membership.epoch()));
      discovery.renewSoon();
    }
  }

  /** Returns those of the partitions that are not completely here, with the epoch they came in. */
  private Map<Integer, Long> open(BitSet partitions) {
    return arriving.entrySet().stream()
        .filter(each -> partitions.get(each.getKey()))
        .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().since()));
  }

  /** Returns how many partitions are not completely here yet. */
  public int size() {
    return arriving.size();
  }

  /**
   * Completes when the sources' entries of these ids are here; fails when they do not come, or not
   * in time.
   */
  public CompletableFuture<Void> fetch(List<EntryId> ids) {
    List<CompletableFuture<Void>> calls = new ArrayList<>();
    Map<TransferSource, List<EntryId>> bySource = new HashMap<>();
    for (EntryId id : ids) {
      CompletableFuture<Void> known = asked.get(id);
      Inbound from = arriving.get(id.key().partition());
      if (known != null) {
        calls.add(known);
      } else if (from != null) {
        bySource.computeIfAbsent(from.source(), none -> new ArrayList<>()).add(id);
      }
    }
    bySource.forEach((source, some) -> calls.add(begin(source, some)));
    return CompletableFuture.allOf(calls.toArray(CompletableFuture<?>[]::new));
  }

  private CompletableFuture<Void> begin(TransferSource source, List<EntryId> ids) {
    CompletableFuture<Void> chunk =
        fetch(source, ids).orTimeout(Timeouts.FETCH.toMillis(), TimeUnit.MILLISECONDS);
    ids.forEach(id -> asked.put(id, chunk));
    return chunk.whenComplete((fetched, failure) -> ids.forEach(id -> asked.remove(id, chunk)));
  }

  private CompletableFuture<Void> fetch(TransferSource source, List<EntryId> ids) {
    return source
        .fenced()
        .copy()
        .thenCompose(fenced -> ask(source, ids))
        .thenCompose(
            received ->
                received ? CompletableFuture.<Void>completedFuture(null) : fetch(source, ids));
  }

  /** Completes with false when an invalidation happened meanwhile that the source may not know. */
  private CompletableFuture<Boolean> ask(TransferSource source, List<EntryId> ids) {
    InvalidationLog log = shards.invalidations();
    long known = log.count();
    return peers
        .send(source.member(), new Command.FetchEntries(ids, log.after(source.told())))
        .thenApplyAsync(report -> receive(source, report.result(), known), executor);
  }

  private boolean receive(TransferSource source, Result result, long known) {
    if (!(result instanceof Result.Fetched handed)) {
      throw new IllegalStateException("the result of a fetch has no entries");
    }
    boolean received = shards.receive(handed.transferred(), this::since, true, known);
    if (received) {
      source.told(known);
    }
    return received;
  }

  private long since(int partition) {
    Inbound each = arriving.get(partition);
    return each == null ? 0 : each.since();
  }

  /**
   * Stores chunks that a source pushes, or returns the invalidations that the source has to apply
   * first.
   *
   * @param asked whether a request needs exactly these keys, which settles them
   * @throws ConcurrentAccessException when a shard's lock was not available in time; the source
   *     pushes again
   */
  public Result.Pushed receive(Command.PushChunks chunks, boolean asked) {
    InvalidationLog log = shards.invalidations();
    long known = log.count();
    List<Invalidate> missed = log.after(chunks.heard());
    if (!missed.isEmpty() || isAhead(chunks.chunks())) {
      return new Result.Pushed(false, missed, known);
    }
    Map<Integer, Long> arrived = new HashMap<>();
    for (TransferChunk chunk : chunks.chunks()) {
      proveFenced(chunk);
      if (!shards.receive(chunk.transferred(), partition -> chunk.since(), asked, known)) {
        long count = log.count();
        return new Result.Pushed(false, log.after(known), count);
      }
      if (chunk.last()) {
        arrived.put(chunk.partition(), chunk.since());
      }
    }
    if (!arrived.isEmpty()) {
      complete(arrived);
    }
    return new Result.Pushed(true, List.of(), known);
  }

  /** Whether the source has a newer table than this node. */
  private boolean isAhead(List<TransferChunk> calls) {
    long epoch = membership.epoch();
    boolean ahead = calls.stream().anyMatch(chunk -> chunk.since() > epoch);
    if (ahead) {
      discovery.renewSoon();
    }
    return ahead;
  }

  /**
   * A source that pushes a partition no longer writes to it; it may be stopping, and answer
   * nothing.
   */
  private void proveFenced(TransferChunk chunk) {
    Inbound each = arriving.get(chunk.partition());
    if (each != null && each.since() == chunk.since()) {
      each.source().fenced().complete(null);
    }
  }
}

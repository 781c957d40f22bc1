package io.smache.node.cache;

import io.smache.node.cluster.Discovery;
import io.smache.node.cluster.Membership;
import io.smache.node.cluster.PeerLink;
import io.smache.node.cluster.TableChange;
import io.smache.node.shard.Shards;
import io.smache.node.store.Caches;
import io.smache.node.store.Command;
import io.smache.node.store.Command.Invalidate;
import io.smache.node.store.Command.Said;
import io.smache.node.store.InvalidationLog;
import io.smache.node.store.Part;
import io.smache.node.store.Place;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import jakarta.ejb.ConcurrentAccessException;
import jakarta.enterprise.context.ApplicationScoped;
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
 * The partitions that came to this node and are not here as a whole yet. Their old owners are
 * fenced first; from then on they give what they have, part by part and, when it is asked for, key
 * by key. Thread-safe; no method waits for the network.
 */
@ApplicationScoped
class Arrivals {
  private static final Logger LOG = System.getLogger(Arrivals.class.getName());
  private static final long PAUSE_MILLIS = 200;

  /** Who needs an entry asks again by then, if it still does. */
  private static final long PATIENCE_MILLIS = 1500;

  @Inject Membership membership;
  @Inject Discovery discovery;
  @Inject PeerLink peers;
  @Inject Shards shards;
  @Inject Caches caches;
  @Inject ExecutorService executor;

  private final Map<Integer, Arriving> arriving = new ConcurrentHashMap<>();

  /** What is being asked for, so that nobody asks for it again meanwhile. */
  private final Map<Place, CompletableFuture<Void>> asked = new ConcurrentHashMap<>();

  private record Arriving(long since, Giver giver) {}

  /** Ends all writes to what is not kept. */
  synchronized void fence(BitSet kept) {
    shards.own(kept, open(kept));
  }

  /**
   * Opens what is owned with a table that is about to be in force, and notes what comes with it.
   */
  synchronized void begin(TableChange change) {
    PartitionTable table = change.table();
    arriving.keySet().removeIf(partition -> !change.kept().get(partition));
    Map<String, Giver> givers = new HashMap<>();
    change.owned().stream()
        .filter(partition -> !change.kept().get(partition))
        .forEach(
            partition -> {
              Member member = table.giver(partition);
              if (member != null && !member.isSameProcess(membership.self())) {
                Giver giver = givers.computeIfAbsent(member.instance(), i -> new Giver(member));
                arriving.put(partition, new Arriving(table.since().get(partition), giver));
              }
            });
    shards.own(change.owned(), open(change.owned()));
  }

  /** Fences the old owners, and forgets those that are gone. */
  void prepare(PartitionTable table) {
    try {
      giveUp(table);
    } catch (ConcurrentAccessException e) {
      LOG.log(Level.DEBUG, "a shard was not to be had in time; what is lost is given up soon", e);
    }
    List<Giver> givers = arriving.values().stream().map(Arriving::giver).distinct().toList();
    givers.stream().filter(giver -> !giver.fenced().isDone()).forEach(giver -> fence(giver, table));
    if (!givers.isEmpty()) {
      LOG.log(
          Level.INFO,
          "{0} partitions arrive from {1}",
          arriving.size(),
          givers.stream().map(giver -> giver.member().name()).toList());
      tell(table, givers);
    }
  }

  /** The others need not wait for their next renewal to hear of the table. */
  private void tell(PartitionTable table, List<Giver> givers) {
    table.members().stream()
        .filter(member -> !member.isSameProcess(membership.self()))
        .filter(member -> givers.stream().noneMatch(g -> g.member().isSameProcess(member)))
        .forEach(member -> peers.follow(member, table).exceptionally(failure -> null));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // what comes of it is seen in the giver
  private void fence(Giver giver, PartitionTable table) {
    peers
        .follow(giver.member(), table)
        .whenComplete(
            (report, failure) -> {
              if (failure == null) {
                caches.configure(report.configurations());
                giver.fenced().complete(null);
              } else if (isAwaited(giver)) {
                Executor later =
                    CompletableFuture.delayedExecutor(
                        PAUSE_MILLIS, TimeUnit.MILLISECONDS, executor);
                later.execute(() -> fence(giver, membership.table().orElse(table)));
              }
            });
  }

  private boolean isAwaited(Giver giver) {
    return arriving.values().stream().anyMatch(each -> each.giver() == giver);
  }

  /**
   * What a node took with it that crashed is lost: its keys begin empty. Who gives what came with a
   * newer table is in that one.
   *
   * @throws ConcurrentAccessException when a shard was not to be had in time; to be called again
   */
  void giveUp(PartitionTable table) {
    Map<Integer, Long> lost = new HashMap<>();
    arriving.forEach(
        (partition, each) -> {
          if (each.since() <= table.epoch() && !table.has(each.giver().member())) {
            lost.put(partition, each.since());
          }
        });
    if (!lost.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "{0} partitions did not arrive as a whole: their old owner is gone",
          lost.size());
      complete(lost);
    }
  }

  /** No table may come between the shards' view and this one. */
  private synchronized void complete(Map<Integer, Long> arrived) {
    shards.complete(arrived);
    arrived.forEach(
        (partition, since) ->
            arriving.computeIfPresent(
                partition, (same, each) -> each.since() == since ? null : each));
    if (arriving.isEmpty()) {
      LOG.log(
          Level.INFO, "all partitions of epoch {0} are here", Long.toString(membership.epoch()));
      discovery.renewSoon();
    }
  }

  /** Returns those of the partitions that are not here as a whole, with the epoch they came in. */
  private Map<Integer, Long> open(BitSet partitions) {
    return arriving.entrySet().stream()
        .filter(each -> partitions.get(each.getKey()))
        .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().since()));
  }

  /** Returns how many partitions are not here as a whole yet. */
  int size() {
    return arriving.size();
  }

  /**
   * Completes when the old owners' entries of these places are here; fails when they are not, or
   * not in time.
   */
  CompletableFuture<Void> fetch(List<Place> places) {
    List<CompletableFuture<Void>> parts = new ArrayList<>();
    Map<Giver, List<Place>> byGiver = new HashMap<>();
    for (Place place : places) {
      CompletableFuture<Void> known = asked.get(place);
      Arriving from = arriving.get(place.key().partition());
      if (known != null) {
        parts.add(known);
      } else if (from != null) {
        byGiver.computeIfAbsent(from.giver(), none -> new ArrayList<>()).add(place);
      }
    }
    byGiver.forEach((giver, some) -> parts.add(begin(giver, some)));
    return CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new));
  }

  private CompletableFuture<Void> begin(Giver giver, List<Place> places) {
    CompletableFuture<Void> part =
        fetch(giver, places).orTimeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    places.forEach(place -> asked.put(place, part));
    return part.whenComplete(
        (fetched, failure) -> places.forEach(place -> asked.remove(place, part)));
  }

  private CompletableFuture<Void> fetch(Giver giver, List<Place> places) {
    return giver
        .fenced()
        .copy()
        .thenCompose(fenced -> ask(giver, places))
        .thenCompose(
            taken -> taken ? CompletableFuture.<Void>completedFuture(null) : fetch(giver, places));
  }

  /** Completes with false when an invalidation was done meanwhile, which the giver may not know. */
  private CompletableFuture<Boolean> ask(Giver giver, List<Place> places) {
    InvalidationLog log = shards.invalidations();
    long known = log.count();
    return peers
        .send(giver.member(), new Command.Hand(places, log.after(giver.told())))
        .thenApplyAsync(report -> take(giver, report.said(), known), executor);
  }

  private boolean take(Giver giver, Said said, long known) {
    if (!(said instanceof Said.Handed handed)) {
      throw new IllegalStateException("a node handed over something else than entries");
    }
    boolean taken = shards.take(handed.moved(), this::since, true, known);
    if (taken) {
      giver.told(known);
    }
    return taken;
  }

  private long since(int partition) {
    Arriving each = arriving.get(partition);
    return each == null ? 0 : each.since();
  }

  /**
   * Takes parts that an old owner gives, or says which invalidations it has to do before.
   *
   * @param asked whether somebody asks for just these keys, which settles them
   * @throws ConcurrentAccessException when a shard was not to be had in time; the giver gives again
   */
  Said.Taken take(Command.Take take, boolean asked) {
    InvalidationLog log = shards.invalidations();
    long known = log.count();
    List<Invalidate> missed = log.after(take.heard());
    if (!missed.isEmpty() || isAhead(take.parts())) {
      return new Said.Taken(false, missed, known);
    }
    Map<Integer, Long> arrived = new HashMap<>();
    for (Part part : take.parts()) {
      proveFenced(part);
      if (!shards.take(part.moved(), partition -> part.since(), asked, known)) {
        long count = log.count();
        return new Said.Taken(false, log.after(known), count);
      }
      if (part.last()) {
        arrived.put(part.partition(), part.since());
      }
    }
    if (!arrived.isEmpty()) {
      complete(arrived);
    }
    return new Said.Taken(true, List.of(), known);
  }

  /** Whether the giver has a table that this node does not have yet. */
  private boolean isAhead(List<Part> parts) {
    long epoch = membership.epoch();
    boolean ahead = parts.stream().anyMatch(part -> part.since() > epoch);
    if (ahead) {
      discovery.renewSoon();
    }
    return ahead;
  }

  /** Who gives a partition writes to it no more; it may be ending, and answer no question. */
  private void proveFenced(Part part) {
    Arriving each = arriving.get(part.partition());
    if (each != null && each.since() == part.since()) {
      each.giver().fenced().complete(null);
    }
  }
}

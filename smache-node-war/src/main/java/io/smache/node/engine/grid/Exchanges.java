package io.smache.node.engine.grid;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.infinispan.AdvancedCache;
import org.infinispan.commons.marshall.WrappedByteArray;
import org.infinispan.distribution.DistributionInfo;
import org.infinispan.distribution.LocalizedCacheTopology;
import org.infinispan.factories.ComponentRegistry;
import org.infinispan.manager.ClusterExecutor;
import org.infinispan.partitionhandling.AvailabilityException;
import org.infinispan.partitionhandling.AvailabilityMode;
import org.infinispan.remoting.transport.Address;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges cells of one cache. Their owner decides, tells all that have copies, and does it itself
 * when they have done it; what comes while a message to the same members is under way goes together
 * in the next one. Nothing of a grid is written in another way. Thread-safe.
 */
final class Exchanges {
  /** Each takes one of Infinispan's 150 threads that may wait; copies need them, too. */
  private static final int MOST_ASKS = 32;

  private final AdvancedCache<byte[], byte[]> cache;
  private final Map<String, Copies> known;
  private final Map<String, Exchanges> own;
  private final Copies copies;

  /** How many members may wait here for what the owner does. */
  private final Semaphore asks = new Semaphore(MOST_ASKS);

  /** Keys of decisions that are being told. */
  private final Set<WrappedByteArray> underWay = ConcurrentHashMap.newKeySet();

  private volatile Lanes lanes;

  /** The lanes of a placement, by the members with copies: one that is slow holds up no others. */
  private record Lanes(
      LocalizedCacheTopology placed,
      Map<List<Address>, Lane> byCopies,
      AtomicReferenceArray<@Nullable Lane> byPartition) {
    Lanes(LocalizedCacheTopology placed) {
      this(placed, new ConcurrentHashMap<>(), new AtomicReferenceArray<>(placed.getNumSegments()));
    }
  }

  /**
   * Takes the cache.
   *
   * @param known what this member has, by the names of caches
   * @param own what this member exchanges, by the names of caches
   */
  Exchanges(
      AdvancedCache<byte[], byte[]> cache, Map<String, Copies> known, Map<String, Exchanges> own) {
    this.cache = cache;
    this.known = known;
    this.own = own;
    copies = Copies.of(ComponentRegistry.of(cache), known);
    lanes = new Lanes(placement());
  }

  private LocalizedCacheTopology placement() {
    return cache.getDistributionManager().getCacheTopology();
  }

  /**
   * Makes a swap of a key that this member owns.
   *
   * @return what the owner has if it refused, {@link Swap#NOTHING} for no cell; null if it did not;
   *     fails when it is not known what became of it
   */
  CompletableFuture<byte @Nullable []> add(byte[] key, Swap swap) {
    return add(new WrappedByteArray(key), swap);
  }

  private CompletableFuture<byte @Nullable []> add(WrappedByteArray key, Swap swap) {
    return lane(key).add(key, swap);
  }

  /** Makes a swap wherever its owner is; as {@link #add}. */
  CompletableFuture<byte @Nullable []> ask(byte[] key, Swap swap) {
    WrappedByteArray wrapped = new WrappedByteArray(key);
    DistributionInfo holders = placement().getDistribution(wrapped);
    if (holders.isPrimary()) {
      return add(wrapped, swap);
    }
    if (holders.primary() == null) {
      return CompletableFuture.failedFuture(new IllegalStateException("nobody owns the key now"));
    }
    CompletableFuture<byte @Nullable []> found = new CompletableFuture<>();
    return members(List.of(holders.primary()))
        .submitConsumer(
            new Ask(cache.getName(), key, swap, own),
            (address, done, failure) -> {
              if (failure == null) {
                found.complete(done);
              } else {
                found.completeExceptionally(failure);
              }
            })
        .thenCompose(asked -> found);
  }

  Semaphore asks() {
    return asks;
  }

  private Lane lane(WrappedByteArray key) {
    LocalizedCacheTopology placed = placement();
    Lanes now = lanes;
    if (now.placed().getTopologyId() != placed.getTopologyId()) {
      now = new Lanes(placed);
      lanes = now;
    }
    int partition = placed.getSegment(key);
    Lane known = now.byPartition().get(partition);
    return known == null ? begin(now, partition) : known;
  }

  private Lane begin(Lanes now, int partition) {
    LocalizedCacheTopology placed = now.placed();
    List<Address> others =
        placed.getSegmentDistribution(partition).writeOwners().stream()
            .filter(each -> !each.equals(placed.getLocalAddress()))
            .toList();
    Lane lane =
        now.byCopies()
            .computeIfAbsent(others, none -> new Lane(swaps -> exchange(swaps, placed, others)));
    now.byPartition().set(partition, lane);
    return lane;
  }

  /**
   * Makes swaps of keys with the same copies. Fails with {@link AvailabilityException} only when
   * nothing was sent.
   */
  private CompletableFuture<@Nullable Void> exchange(
      Map<WrappedByteArray, Swap> swaps, LocalizedCacheTopology placed, List<Address> others) {
    if (!isAvailable()) {
      return CompletableFuture.failedFuture(new AvailabilityException());
    }
    Decision decision =
        new Decision(placed.getTopologyId(), copies.nextNumber(placed), new LinkedHashMap<>());
    return CompletableFuture.runAsync(() -> decide(swaps, placed, decision), Runnable::run)
        .thenCompose(done -> tell(decision, others))
        .thenRun(() -> copies.keep(decision))
        .thenRun(this::checkAvailable)
        .whenComplete((done, failure) -> underWay.removeAll(decision.cells().keySet()));
  }

  /** Leaves out what another member owns now, and what is under way by another placement. */
  private void decide(
      Map<WrappedByteArray, Swap> swaps, LocalizedCacheTopology placed, Decision made) {
    for (Map.Entry<WrappedByteArray, Swap> each : swaps.entrySet()) {
      WrappedByteArray key = each.getKey();
      Swap swap = each.getValue();
      DistributionInfo holders = placed.getDistribution(key);
      if (holders.isPrimary() && underWay.add(key)) {
        made.cells().put(key, swap.next());
        swap.decide(copies.cell(holders.segmentId(), key));
        if (swap.isRefused()) {
          made.cells().remove(key);
          underWay.remove(key);
        }
      }
    }
  }

  private CompletionStage<@Nullable Void> tell(Decision decision, List<Address> others) {
    if (decision.cells().isEmpty() || others.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    AtomicInteger done = new AtomicInteger();
    return members(others)
        .submitConsumer(
            new Follow(cache.getName(), decision, known),
            (address, followed, failure) -> {
              if (failure != null) {
                throw new CompletionException(failure);
              }
              done.incrementAndGet();
            })
        .thenRun(() -> checkAll(done.get() == others.size()));
  }

  /** Infinispan asks only those that it still sees. */
  private static void checkAll(boolean told) {
    if (!told) {
      throw new IllegalStateException("a member with copies is gone");
    }
  }

  private ClusterExecutor members(List<Address> some) {
    return cache
        .getCacheManager()
        .executor()
        .filterTargets(some)
        .timeout(GridCaches.REMOTE_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void checkAvailable() {
    if (!isAvailable()) {
      throw new IllegalStateException("not all members have it: the grid has fallen apart");
    }
  }

  private boolean isAvailable() {
    return cache.getAvailability() == AvailabilityMode.AVAILABLE;
  }
}

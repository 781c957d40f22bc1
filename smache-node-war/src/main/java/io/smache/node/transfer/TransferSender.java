package io.smache.node.transfer;

import io.smache.node.cluster.Discovery;
import io.smache.node.cluster.Membership;
import io.smache.node.cluster.PeerLink;
import io.smache.node.runtime.NodeScoped;
import io.smache.node.runtime.Timeouts;
import io.smache.node.shard.Shards;
import io.smache.node.store.Command;
import io.smache.node.store.Command.CommandReport;
import io.smache.node.store.Command.Result;
import io.smache.node.store.EntryId;
import io.smache.node.store.OutboundTransfers;
import io.smache.node.store.TransferChunk;
import io.smache.node.store.TransferredEntry;
import io.smache.protocol.Member;
import io.smache.protocol.settings.Settings;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Pushes partitions to their new owners, on a thread of its own: one batch at a time, to one target
 * after the other. A batch is repeated until the target has confirmed it.
 */
@NodeScoped
public class TransferSender {
  private static final Logger LOG = System.getLogger(TransferSender.class.getName());
  private static final long PAUSE_MILLIS = 100;

  /** Larger entries are not sent along with operations, but fetched once. */
  private static final int MOST_GIVEN = 1 << 12;

  private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(5);

  @Resource ManagedThreadFactory threads;
  private final Membership membership;
  private final Discovery discovery;
  private final PeerLink peers;
  private final Shards shards;

  private final Semaphore work = new Semaphore(0);

  /** How many invalidations of each target this node has applied. */
  private final Map<String, Long> heard = new ConcurrentHashMap<>();

  private volatile @Nullable Thread thread;
  private long reported;

  /** Takes what the entries come from and go to. */
  @Inject
  public TransferSender(Membership membership, Discovery discovery, PeerLink peers, Shards shards) {
    this.membership = membership;
    this.discovery = discovery;
    this.peers = peers;
    this.shards = shards;
  }

  /**
   * Starts the thread, which waits for work.
   *
   * @throws io.smache.protocol.settings.SettingException when {@code SMACHE_TRANSFER_RATE} is wrong
   */
  public void start() {
    TransferThrottle rate = TransferThrottle.of(Settings.ofApplication());
    Thread mine = threads.newThread(() -> run(rate));
    thread = mine;
    mine.start();
  }

  /** Stops the thread, whatever is left to do. */
  public void stop() {
    Thread mine = thread;
    if (mine != null) {
      thread = null;
      mine.interrupt();
      try {
        mine.join(Timeouts.TRANSFER.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Returns whether partitions are left to hand over. */
  public boolean isBusy() {
    return shards.outboundTransfers().size() > 0;
  }

  /** Wakes the thread: there are partitions to hand over. */
  void wake() {
    work.release();
  }

  private void run(TransferThrottle rate) {
    try {
      while (thread != null) {
        work.acquire();
        work.drainPermits();
        handOver(rate);
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "the transfer thread ends");
    }
  }

  private void handOver(TransferThrottle rate) {
    OutboundTransfers outboundTransfers = shards.outboundTransfers();
    boolean any = outboundTransfers.size() > 0;
    outboundTransfers.close();
    if (any) {
      tell("hands over");
    }
    while (outboundTransfers.size() > 0 && thread != null) {
      round(rate);
      if (System.nanoTime() - reported > REPORT_NANOS) {
        tell("still hands over");
      }
    }
    if (any) {
      LOG.log(Level.INFO, "all partitions are handed over");
      discovery.renewSoon();
    }
  }

  /**
   * Sends a large batch to each target, without a rest. Called while the node stops, when no other
   * thread runs: what is not handed over soon would be lost.
   */
  public void hurry() {
    round(TransferThrottle.hurried());
  }

  private void round(TransferThrottle rate) {
    OutboundTransfers outboundTransfers = shards.outboundTransfers();
    outboundTransfers.close();
    outboundTransfers.targets().forEach(target -> sendTo(target, rate));
    heard.keySet().retainAll(outboundTransfers.targets());
  }

  /**
   * Returns what is still here of a key, to be sent along with an operation; null when it is large
   * or not here.
   */
  public Command.@Nullable PushChunks given(EntryId id, Member target) {
    long known = heard(target);
    TransferChunk chunk = shards.outboundTransfers().chunk(id, target.instance(), MOST_GIVEN);
    return chunk == null ? null : new Command.PushChunks(List.of(chunk), known);
  }

  private void tell(String what) {
    reported = System.nanoTime();
    LOG.log(
        Level.INFO,
        "{0} {1} partitions with {2} entries",
        what,
        shards.outboundTransfers().size(),
        Long.toString(shards.outboundTransfers().entries()));
  }

  /** Sends one batch; a failed one is sent again in the next round. */
  private void sendTo(String target, TransferThrottle rate) {
    long rest = PAUSE_MILLIS;
    try {
      rest = deliverTo(target, rate);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.log(Level.DEBUG, "a batch could not be handed over; retrying", e);
    }
    rest(rest);
  }

  /** Returns how long to rest afterwards, in ms. */
  private long deliverTo(String target, TransferThrottle rate) throws Exception {
    Member member = member(target);
    OutboundTransfers.Batch batch = shards.outboundTransfers().batch(target, rate.batchBytes());
    if (member == null || batch.chunks().isEmpty()) {
      return PAUSE_MILLIS;
    }
    long began = System.nanoTime();
    give(member, batch);
    return rate.restMillis(bytes(batch), System.nanoTime() - began);
  }

  private @Nullable Member member(String instance) {
    return membership.table().flatMap(table -> table.process(instance)).orElse(null);
  }

  private void give(Member member, OutboundTransfers.Batch batch) throws Exception {
    Command push = new Command.PushChunks(batch.chunks(), heard(member));
    CommandReport report =
        peers.send(member, push).get(Timeouts.TRANSFER.toMillis(), TimeUnit.MILLISECONDS);
    if (!(report.result() instanceof Result.Pushed pushed)) {
      throw new IllegalStateException("the result of a push says nothing about it");
    }
    pushed.missed().forEach(shards::invalidate);
    heard.put(member.instance(), pushed.heard());
    if (pushed.all()) {
      shards.outboundTransfers().confirm(batch);
    }
  }

  /** Read before collecting entries, so that they reflect every invalidation reported here. */
  private long heard(Member target) {
    return heard.getOrDefault(target.instance(), 0L);
  }

  private static long bytes(OutboundTransfers.Batch batch) {
    return batch.chunks().stream()
        .flatMap(chunk -> chunk.transferred().stream())
        .mapToLong(TransferredEntry::bytes)
        .sum();
  }

  /** An interrupt, now or since the last rest, ends the thread. */
  private void rest(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      thread = null;
    }
  }
}

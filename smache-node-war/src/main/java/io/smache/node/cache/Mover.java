package io.smache.node.cache;

import io.smache.node.cluster.Discovery;
import io.smache.node.cluster.Membership;
import io.smache.node.cluster.PeerLink;
import io.smache.node.shard.Shards;
import io.smache.node.store.Command;
import io.smache.node.store.Command.Report;
import io.smache.node.store.Command.Said;
import io.smache.node.store.Departures;
import io.smache.node.store.Moved;
import io.smache.node.store.Part;
import io.smache.node.store.Place;
import io.smache.protocol.Member;
import io.smache.protocol.settings.Settings;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
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
 * Hands partitions over to their new owners, on a thread of its own: one batch at a time, to one
 * taker after the other. A batch is sent until the taker has confirmed it.
 */
@ApplicationScoped
public class Mover {
  private static final Logger LOG = System.getLogger(Mover.class.getName());
  private static final long PATIENCE_SECONDS = 5;
  private static final long PAUSE_MILLIS = 100;

  /** What is larger than that is not sent with every operation on it, but asked for once. */
  private static final int MOST_GIVEN = 1 << 12;

  private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(5);

  @Resource ManagedThreadFactory threads;
  @Inject Membership membership;
  @Inject Discovery discovery;
  @Inject PeerLink peers;
  @Inject Shards shards;
  @Inject Everywhere everywhere;

  private final Semaphore work = new Semaphore(0);

  /** How many of its invalidations a taker was told to have been done here. */
  private final Map<String, Long> heard = new ConcurrentHashMap<>();

  private volatile @Nullable Thread thread;
  private long reported;

  /**
   * Begins to wait for work.
   *
   * @throws io.smache.protocol.settings.SettingException when {@code SMACHE_HANDOFF_RATE} is wrong
   */
  public void start() {
    HandoffRate rate = HandoffRate.of(Settings.ofApplication());
    Thread mine = threads.newThread(() -> run(rate));
    thread = mine;
    mine.start();
  }

  /** Ends, whatever is left to do. */
  public void stop() {
    Thread mine = thread;
    if (mine != null) {
      thread = null;
      mine.interrupt();
      try {
        mine.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Returns whether something is left to hand over. */
  public boolean isBusy() {
    return shards.departures().size() > 0;
  }

  /** Says that there is something to hand over. */
  void wake() {
    work.release();
  }

  private void run(HandoffRate rate) {
    try {
      while (thread != null) {
        work.acquire();
        work.drainPermits();
        handOver(rate);
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "nothing is handed over any more");
    }
  }

  private void handOver(HandoffRate rate) {
    Departures departures = shards.departures();
    boolean any = departures.size() > 0;
    departures.close();
    if (any) {
      tell("hands over");
    }
    while (departures.size() > 0 && thread != null) {
      round(rate);
      if (System.nanoTime() - reported > REPORT_NANOS) {
        tell("still hands over");
      }
    }
    if (any) {
      LOG.log(Level.INFO, "everything is handed over");
      discovery.renewSoon();
    }
  }

  /**
   * Sends a large batch to each taker, without a rest. When no thread runs any more, whoever ends
   * the node calls it: what is not handed over soon would be lost.
   */
  public void hurry() {
    round(HandoffRate.hurried());
  }

  private void round(HandoffRate rate) {
    Departures departures = shards.departures();
    departures.close();
    departures.takers().forEach(taker -> sendTo(taker, rate));
    heard.keySet().retainAll(departures.takers());
  }

  /** Returns what is still here of a key, for its new owner, if it is little; else null. */
  Command.@Nullable Take given(Place place, Member taker) {
    long known = heard(taker);
    Part part = shards.departures().part(place, taker.instance(), MOST_GIVEN);
    return part == null ? null : new Command.Take(List.of(part), known);
  }

  private void tell(String what) {
    reported = System.nanoTime();
    LOG.log(
        Level.INFO,
        "{0} {1} partitions with {2} entries",
        what,
        shards.departures().size(),
        Long.toString(shards.departures().entries()));
  }

  /** Sends one batch; what fails is sent again in the next round. */
  private void sendTo(String taker, HandoffRate rate) {
    long rest = PAUSE_MILLIS;
    try {
      rest = deliverTo(taker, rate);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.log(Level.DEBUG, "a batch could not be handed over; it is sent again", e);
    }
    rest(rest);
  }

  /** Returns for how many ms to rest then. */
  private long deliverTo(String taker, HandoffRate rate) throws Exception {
    Member member = member(taker);
    Departures.Batch batch = shards.departures().batch(taker, rate.batchBytes());
    if (member == null || batch.parts().isEmpty()) {
      return PAUSE_MILLIS;
    }
    long began = System.nanoTime();
    give(member, batch);
    return rate.restMillis(bytes(batch), System.nanoTime() - began);
  }

  private @Nullable Member member(String instance) {
    return membership.table().flatMap(table -> table.process(instance)).orElse(null);
  }

  private void give(Member member, Departures.Batch batch) throws Exception {
    Command take = new Command.Take(batch.parts(), heard(member));
    Report report = peers.send(member, take).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (!(report.said() instanceof Said.Taken taken)) {
      throw new IllegalStateException("the taker said something else");
    }
    taken.missed().forEach(everywhere::commandHere);
    heard.put(member.instance(), taken.heard());
    if (taken.all()) {
      shards.departures().confirm(batch);
    }
  }

  /** To be asked for before the entries are looked at: these have to know of what is told so. */
  private long heard(Member taker) {
    return heard.getOrDefault(taker.instance(), 0L);
  }

  private static long bytes(Departures.Batch batch) {
    return batch.parts().stream()
        .flatMap(part -> part.moved().stream())
        .mapToLong(Moved::bytes)
        .sum();
  }

  /** Whoever is interrupted, now or since it rested last, ends. */
  private void rest(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      thread = null;
    }
  }
}

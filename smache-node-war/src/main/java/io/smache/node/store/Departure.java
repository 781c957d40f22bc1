package io.smache.node.store;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A partition that has another owner now, and what is left of it here until that owner has
 * confirmed everything.
 *
 * <p>Entries are taken out of the caches by one thread while others look; so a key is first looked
 * for there and then here. Sent by one thread.
 */
final class Departure {
  /**
   * An entry that waits, or who is to compute one.
   *
   * @param until moment (ns) to which it is to be kept; means nothing when it is endless
   * @param claimed moment (ns) to which somebody computes the value; 0 for nobody
   */
  record Held(@Nullable Entry entry, boolean endless, long until, long claimed) {
    int bytes(Place place) {
      return entry == null ? Weight.OVERHEAD_BYTES : Weight.of(place.key(), entry);
    }

    Moved moved(Place place, long now) {
      long claim = claimed == 0 ? 0 : Math.max(0, claimed - now);
      long keep = endless ? Life.ENDLESS : until - now;
      return entry == null || keep <= 0
          ? new Moved(place, null, claim)
          : new Moved(place, Moved.Contents.of(entry, keep, now), claim);
    }
  }

  private final int partition;
  private final long since;
  private final String taker;
  private final Map<Place, Held> held = new ConcurrentHashMap<>();

  /** The order in which it is sent; null until everything is taken out of the caches. */
  private volatile @Nullable List<Place> order;

  /** How many of the order are confirmed; used by the sender only. */
  private int confirmed;

  Departure(int partition, long since, String taker) {
    this.partition = partition;
    this.since = since;
    this.taker = taker;
  }

  int partition() {
    return partition;
  }

  long since() {
    return since;
  }

  /** Returns the instance of the process that owns the partition now. */
  String taker() {
    return taker;
  }

  void hold(Place place, Held entry) {
    held.put(place, entry);
  }

  @Nullable Held find(Place place) {
    return held.get(place);
  }

  Map<Place, Held> all() {
    return held;
  }

  /** Everything is taken out of the caches. */
  void close() {
    order = List.copyOf(held.keySet());
  }

  boolean isClosed() {
    return order != null;
  }

  /** Returns the places behind those that are confirmed; empty while they are not known yet. */
  List<Place> ahead() {
    List<Place> known = order;
    return known == null ? List.of() : known.subList(confirmed, known.size());
  }

  void confirm(int more) {
    confirmed += more;
  }
}

package io.smache.node.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a node owned and has to hand over yet. Its bytes stay part of the node's bound. Thread-safe,
 * but for {@link #batch} and {@link #confirm}, which belong to one sender.
 */
public final class Departures {
  private final Caches caches;
  private final Function<Key, Shard> shardOf;
  private final Map<Integer, Departure> leaving = new ConcurrentHashMap<>();

  /**
   * A partition that begins to leave.
   *
   * @param since epoch in which it went to its new owner
   * @param taker instance of the process that owns it now
   */
  public record Leaving(int partition, long since, String taker) {}

  /**
   * What is sent next to one taker.
   *
   * @param sizes of the parts in places, which are more than are sent: some have ended meanwhile
   */
  public record Batch(List<Part> parts, List<Integer> sizes) {}

  /**
   * Makes a node that hands over nothing.
   *
   * @param shardOf returns which shard a key belongs to
   */
  public Departures(Caches caches, Function<Key, Shard> shardOf) {
    this.caches = caches;
    this.shardOf = shardOf;
  }

  /** From now on these can be asked for; they are fenced already, so nobody writes to them. */
  public void begin(List<Leaving> partitions) {
    for (Leaving each : partitions) {
      leaving.compute(
          each.partition(),
          (partition, known) ->
              known != null && known.since() == each.since()
                  ? known
                  : new Departure(partition, each.since(), each.taker()));
    }
  }

  /** Takes what leaves out of the caches, if that is to be done yet: a pass over all entries. */
  public synchronized void close() {
    List<Departure> open =
        leaving.values().stream().filter(departure -> !departure.isClosed()).toList();
    if (open.isEmpty()) {
      return;
    }
    for (Entries entries : caches.all()) {
      for (Key key : entries.keys()) {
        Departure departure = leaving.get(key.partition());
        if (departure != null && !departure.isClosed()) {
          takeOut(departure, entries, key);
        }
      }
      for (Key key : entries.claimed()) {
        Departure departure = leaving.get(key.partition());
        if (departure != null && !departure.isClosed()) {
          departure.all().putIfAbsent(new Place(entries.name(), key), claim(entries, key));
          entries.unclaim(key);
        }
      }
    }
    open.forEach(Departure::close);
  }

  /** It is here before it is not there any more: so whoever looks there first misses nothing. */
  private void takeOut(Departure departure, Entries entries, Key key) {
    Place place = new Place(entries.name(), key);
    Departure.Held held = held(entries, place);
    if (held != null) {
      departure.hold(place, held);
      caches.reserve(held.bytes(place));
    }
    entries.remove(key);
    entries.unclaim(key);
  }

  private Departure.@Nullable Held held(Entries entries, Place place) {
    Key key = place.key();
    Entry entry = shardOf.apply(key).valid(place, () -> entries.look(key));
    if (entry == null) {
      return null;
    }
    long now = caches.clock().nanos();
    long keep = entries.left(key, entry) + entry.life().stale();
    long claimed = entries.claimed(key);
    return new Departure.Held(
        entry, keep >= Life.ENDLESS, now + keep, claimed == 0 ? 0 : now + claimed);
  }

  private Departure.Held claim(Entries entries, Key key) {
    return new Departure.Held(
        null, false, 0, caches.clock().nanos() + Math.max(1, entries.claimed(key)));
  }

  /** Returns what there is of a key; nothing when it does not leave from here. */
  public Moved find(Place place) {
    Departure departure = leaving.get(place.key().partition());
    if (departure == null) {
      return Moved.nothing(place);
    }
    Entries entries = departure.isClosed() ? null : caches.find(place.cache());
    Departure.Held held = entries == null ? null : held(entries, place);
    if (held == null) {
      held = valid(departure, place);
    }
    if (held == null && entries != null && entries.claimed(place.key()) > 0) {
      held = claim(entries, place.key());
    }
    return held == null ? Moved.nothing(place) : held.moved(place, caches.clock().nanos());
  }

  /**
   * Returns what there is of a key that a process owns now, if it is still to be handed over to it
   * and small; else null.
   *
   * @param most bytes
   */
  public @Nullable Part part(Place place, String taker, int most) {
    Departure departure = leaving.get(place.key().partition());
    if (departure == null || !departure.taker().equals(taker)) {
      return null;
    }
    Moved moved = find(place);
    return moved.bytes() > most
        ? null
        : new Part(departure.partition(), departure.since(), List.of(moved), false);
  }

  private Departure.@Nullable Held valid(Departure departure, Place place) {
    Departure.Held held = departure.find(place);
    if (held == null || held.entry() == null) {
      return held;
    }
    Entry entry = shardOf.apply(place.key()).valid(place, () -> entry(departure, place));
    return entry == null ? null : held;
  }

  private static @Nullable Entry entry(Departure departure, Place place) {
    Departure.Held held = departure.find(place);
    return held == null ? null : held.entry();
  }

  /** Returns the instances of the processes that something is to be handed over to. */
  public Set<String> takers() {
    return leaving.values().stream().map(Departure::taker).collect(Collectors.toSet());
  }

  /**
   * Returns what is sent next to a taker, and again until it is confirmed.
   *
   * @param most about how many bytes
   */
  public Batch batch(String taker, int most) {
    List<Part> parts = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    long now = caches.clock().nanos();
    int bytes = 0;
    for (Departure departure : leaving.values()) {
      if (bytes >= most) {
        break;
      }
      if (!departure.taker().equals(taker) || !departure.isClosed()) {
        continue;
      }
      List<Place> ahead = departure.ahead();
      List<Moved> moved = new ArrayList<>();
      int size = 0;
      while (size < ahead.size() && bytes < most) {
        Place place = ahead.get(size);
        Departure.Held held = valid(departure, place);
        if (held != null) {
          Moved next = held.moved(place, now);
          moved.add(next);
          bytes += next.bytes();
        }
        size++;
      }
      boolean last = size == ahead.size();
      parts.add(new Part(departure.partition(), departure.since(), moved, last));
      sizes.add(size);
      bytes += Weight.OVERHEAD_BYTES;
    }
    return new Batch(parts, sizes);
  }

  /** The taker has it all: what was the last part of a partition ends its departure. */
  public void confirm(Batch batch) {
    for (int i = 0; i < batch.parts().size(); i++) {
      Part part = batch.parts().get(i);
      Departure departure = leaving.get(part.partition());
      if (departure == null || departure.since() != part.since()) {
        continue;
      }
      departure.confirm(batch.sizes().get(i));
      if (part.last()) {
        end(departure);
      }
    }
  }

  /** Wipes what is meant for processes that are not there any more; returns how many partitions. */
  public synchronized int abandon(Set<String> present) {
    List<Departure> lost =
        leaving.values().stream().filter(each -> !present.contains(each.taker())).toList();
    if (!lost.isEmpty()) {
      close();
    }
    lost.forEach(this::end);
    return lost.size();
  }

  private void end(Departure departure) {
    if (leaving.remove(departure.partition(), departure)) {
      long bytes =
          departure.all().entrySet().stream()
              .filter(each -> each.getValue().entry() != null)
              .mapToLong(each -> each.getValue().bytes(each.getKey()))
              .sum();
      caches.reserve(-bytes);
    }
  }

  /** Frees the memory of what was invalidated; returns how many entries there were. */
  synchronized long removeInvalidated(String cache) {
    long removed = 0;
    for (Departure departure : leaving.values()) {
      for (Place place : departure.all().keySet()) {
        if (place.cache().equals(cache) && isInvalidated(departure, place)) {
          Departure.Held held = departure.all().remove(place);
          caches.reserve(held == null ? 0 : -held.bytes(place));
          removed++;
        }
      }
    }
    return removed;
  }

  private boolean isInvalidated(Departure departure, Place place) {
    return entry(departure, place) != null && valid(departure, place) == null;
  }

  /** Returns how many partitions are not handed over as a whole yet. */
  public int size() {
    return leaving.size();
  }

  /** Returns how many entries wait, about. */
  public long entries() {
    return leaving.values().stream().mapToLong(departure -> departure.all().size()).sum();
  }
}

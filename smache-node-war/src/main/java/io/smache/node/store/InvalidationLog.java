package io.smache.node.store;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The invalidations that a node has done lately, in their order. By them an old and a new owner
 * agree which of them an entry on its way has seen: the giver does what the taker knows, and knows
 * by its id what it has done before the entry was written. Thread-safe.
 */
public final class InvalidationLog {
  /** For so long a taker tells givers of an invalidation. */
  static final Duration TOLD = Duration.ofMinutes(1);

  /** For so long a giver knows one again: longer, since both heard of it at about the same time. */
  static final Duration KNOWN = Duration.ofMinutes(5);

  private static final int MOST = 1 << 16;

  private record Line(long number, long at, Command.Invalidate invalidate) {}

  private final Clock clock;
  private final Map<String, Line> lines = new LinkedHashMap<>();
  private volatile long count;

  /** Makes an empty log. */
  public InvalidationLog(Clock clock) {
    this.clock = clock;
  }

  /** Adds one; returns false when it is there already. */
  public synchronized boolean add(Command.Invalidate invalidate) {
    long now = clock.nanos();
    trim(now);
    if (lines.containsKey(invalidate.id())) {
      return false;
    }
    long number = count + 1;
    lines.put(invalidate.id(), new Line(number, now, invalidate));
    count = number;
    return true;
  }

  /** Forgets one that could not be done. */
  public synchronized void forget(Command.Invalidate invalidate) {
    lines.remove(invalidate.id());
  }

  /** Returns how many were added since the start. */
  public long count() {
    return count;
  }

  /** Returns those that came after so many, without those that are long done everywhere. */
  public synchronized List<Command.Invalidate> after(long heard) {
    long now = clock.nanos();
    return lines.values().stream()
        .filter(line -> line.number() > heard && now - line.at() < TOLD.toNanos())
        .map(Line::invalidate)
        .toList();
  }

  private void trim(long now) {
    Iterator<Line> oldest = lines.values().iterator();
    while (oldest.hasNext()) {
      Line line = oldest.next();
      if (now - line.at() < KNOWN.toNanos() && lines.size() < MOST) {
        return;
      }
      oldest.remove();
    }
  }
}

package io.smache.node.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was invalidated in one cache of a grid. Invalidations are numbered in the order in which all
 * nodes have them; an entry carries the number of the last one that was known when it was written,
 * and a later one that covers it ends it. So an invalidation costs the same for any number of
 * entries. Beyond {@value #MOST_PARTS} groups and prefixes, or {@value #MOST_LENGTHS} lengths of
 * prefixes, all of the cache is invalidated in place of its parts. Immutable once made.
 */
public final class Marks {
  /** Nothing was ever invalidated. */
  public static final Marks NONE = new Marks();

  /** The most groups and prefixes that are known one by one. */
  static final int MOST_PARTS = 1_000;

  /** The most lengths that prefixes may have: each costs a read one look-up. */
  static final int MOST_LENGTHS = 64;

  /** How many invalidations are recognized when they come again, as they do from every node. */
  private static final int MOST_IDS = 256;

  /** How many keys may be spared at a time, until they are written anew. */
  private static final int MOST_SPARED = 64;

  private static final byte FORM = 1;

  private long number;
  private long all;
  private final Map<String, Long> groups = new HashMap<>();
  private final NavigableMap<Integer, Map<Key, Long>> prefixes = new TreeMap<>();
  private final Deque<String> ids = new ArrayDeque<>();
  private final Map<Key, Long> spared = new HashMap<>();

  private Marks() {}

  /** Returns the number of the last invalidation, 0 before the first. */
  public long number() {
    return number;
  }

  /** Returns whether an invalidation is among these. */
  public boolean knows(Command.Invalidate invalidate) {
    return ids.contains(invalidate.id());
  }

  /** Returns these and one more. */
  public Marks with(Command.Invalidate invalidate) {
    Marks next = copy();
    next.number++;
    next.ids.add(invalidate.id());
    if (next.ids.size() > MOST_IDS) {
      next.ids.remove();
    }
    Key except = invalidate.except();
    if (except != null) {
      next.spare(except);
    }
    next.add(invalidate.invalidation());
    return next;
  }

  private void spare(Key except) {
    if (spared.size() >= MOST_SPARED) {
      long oldest = spared.values().stream().mapToLong(Long::longValue).min().orElse(0);
      spared.values().removeIf(each -> each == oldest);
    }
    spared.put(except, number);
  }

  private void add(Invalidation invalidation) {
    invalidation.groups().forEach(group -> groups.put(group, number));
    Key prefix = invalidation.prefix();
    if (prefix != null) {
      prefixes.computeIfAbsent(prefix.length(), none -> new HashMap<>()).put(prefix, number);
    }
    int parts = groups.size() + prefixes.values().stream().mapToInt(Map::size).sum();
    if (invalidation.all() || parts > MOST_PARTS || prefixes.size() > MOST_LENGTHS) {
      all = number;
      groups.clear();
      prefixes.clear();
    }
  }

  /** Returns whether an entry was invalidated after it was written. */
  boolean cover(Key key, Entry entry) {
    long last = Math.max(all, Math.max(lastOfGroups(entry.groups()), lastOfPrefixes(key)));
    return entry.order() < last && !isSpared(key, last);
  }

  private boolean isSpared(Key key, long last) {
    Long of = spared.get(key);
    return of != null && of == last;
  }

  private long lastOfGroups(List<String> of) {
    long last = 0;
    for (int i = 0; i < of.size() && !groups.isEmpty(); i++) {
      last = Math.max(last, groups.getOrDefault(of.get(i), 0L));
    }
    return last;
  }

  private long lastOfPrefixes(Key key) {
    long last = 0;
    for (Map.Entry<Integer, Map<Key, Long>> each : prefixes.entrySet()) {
      if (each.getKey() > key.length()) {
        return last;
      }
      last = Math.max(last, each.getValue().getOrDefault(key.prefix(each.getKey()), 0L));
    }
    return last;
  }

  private Marks copy() {
    Marks copy = new Marks();
    copy.number = number;
    copy.all = all;
    copy.groups.putAll(groups);
    prefixes.forEach((length, some) -> copy.prefixes.put(length, new HashMap<>(some)));
    copy.ids.addAll(ids);
    copy.spared.putAll(spared);
    return copy;
  }

  /** Returns these as bytes. */
  public byte[] bytes() {
    Size size = new Size();
    groups.keySet().forEach(size::add);
    prefixes.values().forEach(some -> some.keySet().forEach(size::add));
    ids.forEach(size::add);
    spared.keySet().forEach(size::add);
    ByteBuffer out = ByteBuffer.allocate(1 + 2 * Long.BYTES + 4 * Integer.BYTES + size.bytes);
    out.put(FORM).putLong(number).putLong(all);
    out.putInt(groups.size());
    groups.forEach((group, last) -> put(out, utf8(group)).putLong(last));
    out.putInt(prefixes.values().stream().mapToInt(Map::size).sum());
    prefixes.values().forEach(some -> some.forEach((k, last) -> put(out, k.utf8()).putLong(last)));
    out.putInt(ids.size());
    ids.forEach(id -> put(out, utf8(id)).putLong(0));
    out.putInt(spared.size());
    spared.forEach((key, of) -> put(out, key.utf8()).putLong(of));
    return out.array();
  }

  private static final class Size {
    private int bytes;

    void add(String text) {
      bytes += Integer.BYTES + Long.BYTES + utf8(text).length;
    }

    void add(Key key) {
      bytes += Integer.BYTES + Long.BYTES + key.length();
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ByteBuffer put(ByteBuffer out, byte[] text) {
    return out.putInt(text.length).put(text);
  }

  /**
   * Reads what {@link #bytes} returned.
   *
   * @param bytes null for none
   * @throws IllegalArgumentException when a later version has written it
   */
  public static Marks of(byte @Nullable [] bytes) {
    if (bytes == null) {
      return NONE;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    byte form = in.get();
    if (form != FORM) {
      throw new IllegalArgumentException("marks of form " + form + ", which a later version has");
    }
    Marks marks = new Marks();
    marks.number = in.getLong();
    marks.all = in.getLong();
    for (int left = in.getInt(); left > 0; left--) {
      marks.groups.put(new String(text(in), StandardCharsets.UTF_8), in.getLong());
    }
    for (int left = in.getInt(); left > 0; left--) {
      Key prefix = key(in);
      marks
          .prefixes
          .computeIfAbsent(prefix.length(), none -> new HashMap<>())
          .put(prefix, in.getLong());
    }
    for (int left = in.getInt(); left > 0; left--) {
      marks.ids.add(new String(text(in), StandardCharsets.UTF_8));
      in.getLong();
    }
    for (int left = in.getInt(); left > 0; left--) {
      marks.spared.put(key(in), in.getLong());
    }
    return marks;
  }

  private static byte[] text(ByteBuffer in) {
    byte[] text = new byte[in.getInt()];
    in.get(text);
    return text;
  }

  private static Key key(ByteBuffer in) {
    try {
      return Key.ofUtf8(text(in));
    } catch (KeyException e) {
      throw new IllegalArgumentException("marks with a malformed key", e);
    }
  }
}

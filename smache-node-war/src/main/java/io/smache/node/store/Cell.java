package io.smache.node.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a grid keeps under a key: an entry or none, the claim to compute it, and the writes that may
 * be asked again. As bytes, so that nodes of several versions can read it; the first byte is the
 * version of the form. All times are ns since 1970, because several nodes read them. Immutable;
 * values are not copied on their way in.
 *
 * @param used when the entry was last used, for those that end when nobody does
 * @param claim when the claim ends, 0 for none
 * @param created whether there was no entry before the write that left this one
 * @param crowded whether writes were forgotten that may be asked again
 * @param done writes before that one which may be asked again
 */
public record Cell(
    @Nullable Entry entry,
    long used,
    long claim,
    boolean created,
    boolean crowded,
    List<Done> done) {
  /** Nothing is there. */
  public static final Cell EMPTY = new Cell(null, 0, 0, false, false, List.of());

  /** How many writes are remembered, so that a busy key stays small. */
  static final int MOST_DONE = 64;

  private static final Outcome UNKNOWN =
      new Outcome.Unavailable(
          "too many write this key at once to know whether this was done", true);

  private static final byte FORM = 1;
  private static final int HAS_ENTRY = 1;
  private static final int ENDS = 1 << 1;
  private static final int WELL_FORMED = 1 << 2;
  private static final int ENCODED = 1 << 3;
  private static final int CREATED = 1 << 4;
  private static final int CROWDED = 1 << 5;
  private static final int HAS_DONE = 1 << 6;

  /** Bytes of all that has the same length in every cell. */
  private static final int HEAD = 2 + 2 * Long.BYTES;

  private static final int ENTRY_HEAD = 6 * Long.BYTES + Integer.BYTES;

  /**
   * Reads a cell.
   *
   * @param bytes null for an empty one
   * @throws IllegalArgumentException when a later version has written it
   */
  public static Cell of(byte @Nullable [] bytes) {
    if (bytes == null) {
      return EMPTY;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    byte form = in.get();
    if (form != FORM) {
      throw new IllegalArgumentException("a cell of form " + form + ", which a later version has");
    }
    int flags = in.get();
    long used = in.getLong();
    long claim = in.getLong();
    List<Done> done = (flags & HAS_DONE) == 0 ? List.of() : done(in);
    Entry entry = (flags & HAS_ENTRY) == 0 ? null : entry(in, flags);
    return new Cell(entry, used, claim, (flags & CREATED) != 0, (flags & CROWDED) != 0, done);
  }

  /** Returns whether the bytes of a cell have an entry that lives until somebody ends it. */
  public static boolean isEndless(byte[] bytes) {
    return bytes[0] == FORM && (bytes[1] & (HAS_ENTRY | ENDS)) == HAS_ENTRY;
  }

  private static List<Done> done(ByteBuffer in) {
    int count = in.get();
    List<Done> done = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Version number = new Version(in.getLong(), in.getLong());
      boolean created = in.get() != 0;
      int length = in.get();
      byte[] value = length < 0 ? null : new byte[length];
      if (value != null) {
        in.get(value);
      }
      done.add(new Done(number, created, value));
    }
    return List.copyOf(done);
  }

  private static Entry entry(ByteBuffer in, int flags) {
    long instance = in.getLong();
    long sequence = in.getLong();
    long order = in.getLong();
    Expiration expiration =
        new Expiration((flags & ENDS) != 0, in.getLong(), in.getLong(), in.getLong());
    int modified = in.getInt();
    String type = text(in);
    String encoding = (flags & ENCODED) == 0 ? null : text(in);
    List<String> groups = groups(in);
    byte[] value = new byte[in.remaining()];
    in.get(value);
    Format format = new Format(type, encoding, (flags & WELL_FORMED) != 0).shared();
    return new Entry(value, format, groups, expiration, instance, sequence, order, modified);
  }

  private static List<String> groups(ByteBuffer in) {
    int count = in.getShort() & 0xffff;
    if (count == 0) {
      return List.of();
    }
    List<String> groups = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      groups.add(text(in));
    }
    return List.copyOf(groups);
  }

  private static String text(ByteBuffer in) {
    byte[] text = new byte[in.getShort() & 0xffff];
    in.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  /** Returns it as bytes; null when there is nothing to keep. */
  public byte @Nullable [] bytes() {
    Entry kept = entry;
    if (kept == null) {
      byte[] bytes = new byte[HEAD + doneBytes()];
      head(bytes, 0);
      return claim == 0 && done.isEmpty() ? null : bytes;
    }
    Format format = kept.format();
    byte[] type = utf8(format.type());
    byte[] encoding = format.encoding() == null ? null : utf8(format.encoding());
    List<byte[]> groups = kept.groups().stream().map(Cell::utf8).toList();
    int texts = 2 * Short.BYTES + type.length;
    texts += encoding == null ? 0 : Short.BYTES + encoding.length;
    for (byte[] group : groups) {
      texts += Short.BYTES + group.length;
    }
    byte[] bytes = new byte[HEAD + doneBytes() + ENTRY_HEAD + texts + kept.value().length];
    ByteBuffer out = head(bytes, flags(kept));
    Version version = kept.version();
    Expiration expiration = kept.expiration();
    out.putLong(version.instance()).putLong(version.sequence()).putLong(kept.order());
    out.putLong(expiration.end()).putLong(expiration.idle()).putLong(expiration.stale());
    out.putInt(kept.modified());
    put(out, type);
    if (encoding != null) {
      put(out, encoding);
    }
    out.putShort((short) groups.size());
    groups.forEach(group -> put(out, group));
    out.put(kept.value());
    return bytes;
  }

  private ByteBuffer head(byte[] bytes, int more) {
    int flags = more | (created ? CREATED : 0) | (crowded ? CROWDED : 0);
    flags |= done.isEmpty() ? 0 : HAS_DONE;
    ByteBuffer out = ByteBuffer.wrap(bytes);
    out.put(FORM).put((byte) flags).putLong(used).putLong(claim);
    if (!done.isEmpty()) {
      out.put((byte) done.size());
      done.forEach(each -> put(out, each));
    }
    return out;
  }

  private int doneBytes() {
    int bytes = done.isEmpty() ? 0 : 1;
    for (Done each : done) {
      bytes += 2 * Long.BYTES + 2 + (each.value() == null ? 0 : each.value().length);
    }
    return bytes;
  }

  private static void put(ByteBuffer out, Done each) {
    out.putLong(each.number().instance()).putLong(each.number().sequence());
    out.put((byte) (each.created() ? 1 : 0));
    byte[] value = each.value();
    out.put((byte) (value == null ? -1 : value.length));
    if (value != null) {
      out.put(value);
    }
  }

  private static int flags(Entry entry) {
    int flags = HAS_ENTRY;
    flags |= entry.expiration().ends() ? ENDS : 0;
    flags |= entry.format().wellFormed() ? WELL_FORMED : 0;
    flags |= entry.format().encoding() == null ? 0 : ENCODED;
    return flags;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void put(ByteBuffer out, byte[] text) {
    out.putShort((short) text.length).put(text);
  }

  /**
   * Returns for how many ns the entry lives on; not positive when it has ended or there is none.
   */
  long left(long now) {
    Entry kept = entry;
    if (kept == null) {
      return 0;
    }
    Expiration expiration = kept.expiration();
    long untilEnd = expiration.ends() ? expiration.end() - now : Expiration.ENDLESS;
    return expiration.idle() == 0 ? untilEnd : Math.min(untilEnd, used + expiration.idle() - now);
  }

  /** Returns the entry while it lives or may be served stale; null afterwards. */
  @Nullable Entry visible(long now) {
    Entry kept = entry;
    return kept == null || left(now) + kept.expiration().stale() <= 0 ? null : kept;
  }

  /** Returns for how many ns the claim lasts, 0 for none. */
  long claimed(long now) {
    return claim == 0 ? 0 : Math.max(0, claim - now);
  }

  /**
   * Returns after how many ns nothing of it means anything, {@link Expiration#ENDLESS} for never.
   */
  public long keep(long now) {
    Entry kept = entry;
    long entryKeeps = kept == null ? 0 : left(now) + kept.expiration().stale();
    return Math.max(entryKeeps, claimed(now));
  }

  /** Returns whether it is kept for ever. */
  public boolean isEndless(long now) {
    return keep(now) >= Expiration.ENDLESS;
  }

  /**
   * Returns what a claim leaves behind.
   *
   * @param visible the entry, null when it has ended
   */
  Cell claimed(@Nullable Entry visible, long until) {
    return new Cell(visible, used, until, created, crowded, done);
  }

  /** Returns the same, used at a time. */
  Cell usedAt(long now) {
    return new Cell(entry, now, claim, created, crowded, done);
  }

  /** Returns the same with the entry at another place among invalidations. */
  Cell at(Entry same, long order) {
    return new Cell(same.at(order), used, claim, created, crowded, done);
  }

  /**
   * Returns what a write leaves behind. It ends the claim, if it leaves an entry.
   *
   * @param next the entry from now on, null for none
   * @param fresh whether there was no entry before
   */
  Cell after(Numbered write, @Nullable Entry next, boolean fresh, long now) {
    List<Done> kept = new ArrayList<>(done.size() + 2);
    for (Done each : done) {
      if (!each.isSettled(write)) {
        kept.add(each);
      }
    }
    Entry before = entry;
    if (before != null) {
      Done last = Done.of(before, created);
      if (!last.isSettled(write)) {
        kept.add(last);
      }
    }
    if (next == null) {
      kept.add(new Done(write.number(), fresh, null));
    }
    boolean many = kept.size() > MOST_DONE;
    List<Done> latest = many ? kept.subList(kept.size() - MOST_DONE, kept.size()) : kept;
    return new Cell(
        next,
        next == null ? 0 : now,
        next == null ? claim : 0,
        fresh && next != null,
        many || (crowded && !kept.isEmpty()),
        List.copyOf(latest));
  }

  /** Returns what a write returned when it was done, null when it was not. */
  @Nullable Outcome recall(Numbered write, long now) {
    Entry last = entry;
    if (last != null && last.version().equals(write.number())) {
      return new Done(write.number(), created, last.value())
          .outcome(write.operation(), last, left(now));
    }
    for (Done each : done) {
      if (each.number().equals(write.number())) {
        return each.outcome(write.operation(), last, left(now));
      }
    }
    return write.again() && crowded ? UNKNOWN : null;
  }
}

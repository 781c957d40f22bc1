package io.smache.node.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a grid keeps under a key: an entry or none, and the claim to compute it. As bytes, so that
 * nodes of several versions can read it; the first byte is the version of the form. All times are
 * ns since 1970, because several nodes read them. Immutable; values are not copied on their way in.
 *
 * @param used when the entry was last used, for those that end when nobody does
 * @param claim when the claim ends, 0 for none
 */
public record Cell(@Nullable Entry entry, long used, long claim) {
  /** Nothing is there. */
  public static final Cell EMPTY = new Cell(null, 0, 0);

  private static final byte FORM = 1;
  private static final int HAS_ENTRY = 1;
  private static final int ENDS = 1 << 1;
  private static final int WELL_FORMED = 1 << 2;
  private static final int ENCODED = 1 << 3;

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
    Entry entry = (flags & HAS_ENTRY) == 0 ? null : entry(in, flags);
    return new Cell(entry, used, claim);
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
      return claim == 0
          ? null
          : ByteBuffer.allocate(HEAD).put(FORM).put((byte) 0).putLong(used).putLong(claim).array();
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
    ByteBuffer out = ByteBuffer.allocate(HEAD + ENTRY_HEAD + texts + kept.value().length);
    out.put(FORM).put((byte) flags(kept)).putLong(used).putLong(claim);
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
    return out.array();
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
}

package io.smache.node.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of a cell, so that nodes of several versions can read it: the version of the form,
 * flags, times, the writes that may be asked again, and the entry with its value at the end.
 */
final class CellForm {
  private static final byte FORM = 1;
  private static final int HAS_ENTRY = 1;
  private static final int ENDS = 1 << 1;
  private static final int WELL_FORMED = 1 << 2;
  private static final int ENCODED = 1 << 3;
  private static final int CREATED = 1 << 4;
  private static final int CROWDED = 1 << 5;
  private static final int HAS_DONE = 1 << 6;
  private static final int IDLES = 1 << 7;

  /** Bytes of all that has the same length in every cell. */
  private static final int HEAD = 2 + 2 * Long.BYTES;

  private static final int ENTRY_HEAD = 6 * Long.BYTES + Integer.BYTES;

  private CellForm() {}

  /**
   * Reads a cell.
   *
   * @throws IllegalArgumentException when a later version has written it
   */
  static Cell read(byte[] bytes) {
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

  /** Returns whether there is an entry that lives until somebody ends it. */
  static boolean isEndless(byte[] bytes) {
    return bytes[0] == FORM && (bytes[1] & (HAS_ENTRY | ENDS | IDLES)) == HAS_ENTRY;
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

  /** Returns a cell as bytes. */
  static byte[] write(Cell cell) {
    Entry entry = cell.entry();
    int length = HEAD + length(cell.done());
    if (entry == null) {
      byte[] bytes = new byte[length];
      head(bytes, cell, 0);
      return bytes;
    }
    Format format = entry.format();
    byte[] type = utf8(format.type());
    byte[] encoding = format.encoding() == null ? null : utf8(format.encoding());
    List<byte[]> groups = entry.groups().stream().map(CellForm::utf8).toList();
    int texts = 2 * Short.BYTES + type.length;
    texts += encoding == null ? 0 : Short.BYTES + encoding.length;
    for (byte[] group : groups) {
      texts += Short.BYTES + group.length;
    }
    byte[] bytes = new byte[length + ENTRY_HEAD + texts + entry.value().length];
    ByteBuffer out = head(bytes, cell, flags(entry));
    Version version = entry.version();
    Expiration expiration = entry.expiration();
    out.putLong(version.instance()).putLong(version.sequence()).putLong(entry.order());
    out.putLong(expiration.end()).putLong(expiration.idle()).putLong(expiration.stale());
    out.putInt(entry.modified());
    put(out, type);
    if (encoding != null) {
      put(out, encoding);
    }
    out.putShort((short) groups.size());
    groups.forEach(group -> put(out, group));
    out.put(entry.value());
    return bytes;
  }

  private static ByteBuffer head(byte[] bytes, Cell cell, int more) {
    List<Done> done = cell.done();
    int flags = more | (cell.created() ? CREATED : 0) | (cell.crowded() ? CROWDED : 0);
    flags |= done.isEmpty() ? 0 : HAS_DONE;
    ByteBuffer out = ByteBuffer.wrap(bytes);
    out.put(FORM).put((byte) flags).putLong(cell.used()).putLong(cell.claim());
    if (!done.isEmpty()) {
      out.put((byte) done.size());
      done.forEach(each -> put(out, each));
    }
    return out;
  }

  private static int length(List<Done> done) {
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
    flags |= entry.expiration().idle() == 0 ? 0 : IDLES;
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
}

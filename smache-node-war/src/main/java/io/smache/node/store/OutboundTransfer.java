package io.smache.node.store;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A partition that has a new owner, and what is left of it here until that owner has confirmed
 * everything.
 *
 * <p>Entries are taken out of the caches by one thread while others look; so a key is first looked
 * for there and then here. Sent by one thread.
 */
final class OutboundTransfer {
  /**
   * An entry that waits for its transfer, or a claim to compute one.
   *
   * @param until moment (ns) until which it is kept; ignored when endless
   * @param claimed moment (ns) until which a client holds the claim to compute the value; 0 for
   *     none
   */
  record Held(@Nullable Entry entry, boolean endless, long until, long claimed) {
    int bytes(EntryId id) {
      return entry == null ? Weight.OVERHEAD_BYTES : Weight.of(id.key(), entry);
    }

    TransferredEntry transferred(EntryId id, long now) {
      long claim = claimed == 0 ? 0 : Math.max(0, claimed - now);
      long keep = endless ? Expiration.ENDLESS : until - now;
      return entry == null || keep <= 0
          ? new TransferredEntry(id, null, claim)
          : new TransferredEntry(id, TransferredEntry.Contents.of(entry, keep, now), claim);
    }
  }

  private final int partition;
  private final long since;
  private final String target;
  private final Map<EntryId, Held> held = new ConcurrentHashMap<>();

  /** The order in which entries are sent; null until all are taken out of the caches. */
  private volatile @Nullable List<EntryId> order;

  /** How many of the order are confirmed; used by the sender only. */
  private int confirmed;

  OutboundTransfer(int partition, long since, String target) {
    this.partition = partition;
    this.since = since;
    this.target = target;
  }

  int partition() {
    return partition;
  }

  long since() {
    return since;
  }

  /** Returns the instance of the process that owns the partition now. */
  String target() {
    return target;
  }

  void hold(EntryId id, Held entry) {
    held.put(id, entry);
  }

  @Nullable Held find(EntryId id) {
    return held.get(id);
  }

  Map<EntryId, Held> all() {
    return held;
  }

  /** Everything is taken out of the caches. */
  void close() {
    order = List.copyOf(held.keySet());
  }

  boolean isClosed() {
    return order != null;
  }

  /** Returns the ids after those that are confirmed; empty until the order is known. */
  List<EntryId> ahead() {
    List<EntryId> known = order;
    return known == null ? List.of() : known.subList(confirmed, known.size());
  }

  void confirm(int more) {
    confirmed += more;
  }
}

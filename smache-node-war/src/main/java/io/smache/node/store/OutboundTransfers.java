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
 * The partitions that a node still has to hand over. Their bytes count towards the node's bound.
 * Thread-safe, except {@link #batch} and {@link #confirm}, which belong to one sender.
 */
public final class OutboundTransfers {
  private final Caches caches;
  private final Function<Key, Shard> shardOf;
  private final Map<Integer, OutboundTransfer> leaving = new ConcurrentHashMap<>();

  /**
   * A partition whose transfer begins.
   *
   * @param since epoch in which it got its new owner
   * @param target instance of the process that owns it now
   */
  public record Outbound(int partition, long since, String target) {}

  /**
   * What is sent next to one target.
   *
   * @param sizes of the parts in places, which are more than are sent: some have ended meanwhile
   */
  public record Batch(List<TransferChunk> chunks, List<Integer> sizes) {}

  /**
   * Begins without transfers.
   *
   * @param shardOf returns which shard a key belongs to
   */
  public OutboundTransfers(Caches caches, Function<Key, Shard> shardOf) {
    this.caches = caches;
    this.shardOf = shardOf;
  }

  /** Begins transfers of partitions that are fenced already, so that no write reaches them. */
  public void begin(List<Outbound> partitions) {
    for (Outbound each : partitions) {
      leaving.compute(
          each.partition(),
          (partition, known) ->
              known != null && known.since() == each.since()
                  ? known
                  : new OutboundTransfer(partition, each.since(), each.target()));
    }
  }

  /** Takes the entries of new transfers out of the caches: a pass over all entries. */
  public synchronized void close() {
    List<OutboundTransfer> open =
        leaving.values().stream().filter(transfer -> !transfer.isClosed()).toList();
    if (open.isEmpty()) {
      return;
    }
    for (Entries entries : caches.all()) {
      for (Key key : entries.keys()) {
        OutboundTransfer transfer = leaving.get(key.partition());
        if (transfer != null && !transfer.isClosed()) {
          takeOut(transfer, entries, key);
        }
      }
      for (Key key : entries.claimed()) {
        OutboundTransfer transfer = leaving.get(key.partition());
        if (transfer != null && !transfer.isClosed()) {
          transfer.all().putIfAbsent(new EntryId(entries.name(), key), claim(entries, key));
          entries.unclaim(key);
        }
      }
    }
    open.forEach(OutboundTransfer::close);
  }

  /**
   * Adds the entry here before it removes it there: a reader that looks there first misses nothing.
   */
  private void takeOut(OutboundTransfer transfer, Entries entries, Key key) {
    EntryId id = new EntryId(entries.name(), key);
    OutboundTransfer.Held held = held(entries, id);
    if (held != null) {
      transfer.hold(id, held);
      caches.reserve(held.bytes(id));
    }
    entries.remove(key);
    entries.unclaim(key);
  }

  private OutboundTransfer.@Nullable Held held(Entries entries, EntryId id) {
    Key key = id.key();
    Entry entry = shardOf.apply(key).unlessInvalidated(id, () -> entries.look(key));
    if (entry == null) {
      return null;
    }
    long now = caches.clock().nanos();
    long keep = entries.left(key, entry) + entry.expiration().stale();
    long claimed = entries.claimed(key);
    return new OutboundTransfer.Held(
        entry, keep >= Expiration.ENDLESS, now + keep, claimed == 0 ? 0 : now + claimed);
  }

  private OutboundTransfer.Held claim(Entries entries, Key key) {
    return new OutboundTransfer.Held(
        null, false, 0, caches.clock().nanos() + Math.max(1, entries.claimed(key)));
  }

  /** Returns what is here of a key; nothing when its partition is not handed over from here. */
  public TransferredEntry find(EntryId id) {
    OutboundTransfer transfer = leaving.get(id.key().partition());
    if (transfer == null) {
      return TransferredEntry.nothing(id);
    }
    Entries entries = transfer.isClosed() ? null : caches.find(id.cache());
    OutboundTransfer.Held held = entries == null ? null : held(entries, id);
    if (held == null) {
      held = unlessInvalidated(transfer, id);
    }
    if (held == null && entries != null && entries.claimed(id.key()) > 0) {
      held = claim(entries, id.key());
    }
    return held == null
        ? TransferredEntry.nothing(id)
        : held.transferred(id, caches.clock().nanos());
  }

  /**
   * Returns what is still here of a key for its new owner, if it is small; else null.
   *
   * @param most bytes
   */
  public @Nullable TransferChunk chunk(EntryId id, String target, int most) {
    OutboundTransfer transfer = leaving.get(id.key().partition());
    if (transfer == null || !transfer.target().equals(target)) {
      return null;
    }
    TransferredEntry transferred = find(id);
    return transferred.bytes() > most
        ? null
        : new TransferChunk(transfer.partition(), transfer.since(), List.of(transferred), false);
  }

  private OutboundTransfer.@Nullable Held unlessInvalidated(OutboundTransfer transfer, EntryId id) {
    OutboundTransfer.Held held = transfer.find(id);
    if (held == null || held.entry() == null) {
      return held;
    }
    Entry entry = shardOf.apply(id.key()).unlessInvalidated(id, () -> entry(transfer, id));
    return entry == null ? null : held;
  }

  private static @Nullable Entry entry(OutboundTransfer transfer, EntryId id) {
    OutboundTransfer.Held held = transfer.find(id);
    return held == null ? null : held.entry();
  }

  /** Returns the instances of the processes that are targets of transfers. */
  public Set<String> targets() {
    return leaving.values().stream().map(OutboundTransfer::target).collect(Collectors.toSet());
  }

  /**
   * Returns what is sent next to a target, and again until it is confirmed.
   *
   * @param most about how many bytes
   */
  public Batch batch(String target, int most) {
    List<TransferChunk> chunks = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    long now = caches.clock().nanos();
    int bytes = 0;
    for (OutboundTransfer transfer : leaving.values()) {
      if (bytes >= most) {
        break;
      }
      if (!transfer.target().equals(target) || !transfer.isClosed()) {
        continue;
      }
      List<EntryId> ahead = transfer.ahead();
      List<TransferredEntry> transferred = new ArrayList<>();
      int size = 0;
      while (size < ahead.size() && bytes < most) {
        EntryId id = ahead.get(size);
        OutboundTransfer.Held held = unlessInvalidated(transfer, id);
        if (held != null) {
          TransferredEntry next = held.transferred(id, now);
          transferred.add(next);
          bytes += next.bytes();
        }
        size++;
      }
      boolean last = size == ahead.size();
      chunks.add(new TransferChunk(transfer.partition(), transfer.since(), transferred, last));
      sizes.add(size);
      bytes += Weight.OVERHEAD_BYTES;
    }
    return new Batch(chunks, sizes);
  }

  /** The target has confirmed a batch: the last chunk of a partition ends its transfer. */
  public void confirm(Batch batch) {
    for (int i = 0; i < batch.chunks().size(); i++) {
      TransferChunk chunk = batch.chunks().get(i);
      OutboundTransfer transfer = leaving.get(chunk.partition());
      if (transfer == null || transfer.since() != chunk.since()) {
        continue;
      }
      transfer.confirm(batch.sizes().get(i));
      if (chunk.last()) {
        end(transfer);
      }
    }
  }

  /** Removes what is meant for processes that are gone; returns the number of partitions. */
  public synchronized int abandon(Set<String> present) {
    List<OutboundTransfer> lost =
        leaving.values().stream().filter(each -> !present.contains(each.target())).toList();
    if (!lost.isEmpty()) {
      close();
    }
    lost.forEach(this::end);
    return lost.size();
  }

  private void end(OutboundTransfer transfer) {
    if (leaving.remove(transfer.partition(), transfer)) {
      long bytes =
          transfer.all().entrySet().stream()
              .filter(each -> each.getValue().entry() != null)
              .mapToLong(each -> each.getValue().bytes(each.getKey()))
              .sum();
      caches.reserve(-bytes);
    }
  }

  /** Frees the memory of what was invalidated; returns how many entries there were. */
  synchronized long removeInvalidated(String cache) {
    long removed = 0;
    for (OutboundTransfer transfer : leaving.values()) {
      for (EntryId id : transfer.all().keySet()) {
        if (id.cache().equals(cache) && isInvalidated(transfer, id)) {
          OutboundTransfer.Held held = transfer.all().remove(id);
          caches.reserve(held == null ? 0 : -held.bytes(id));
          removed++;
        }
      }
    }
    return removed;
  }

  private boolean isInvalidated(OutboundTransfer transfer, EntryId id) {
    return entry(transfer, id) != null && unlessInvalidated(transfer, id) == null;
  }

  /** Returns how many partitions are not completely handed over yet. */
  public int size() {
    return leaving.size();
  }

  /** Returns about how many entries wait. */
  public long entries() {
    return leaving.values().stream().mapToLong(transfer -> transfer.all().size()).sum();
  }
}

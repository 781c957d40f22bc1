package io.smache.node.store;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * One slice of a node. It knows which partitions the node owns, and refuses all others.
 *
 * <p>{@link #read} may be called at any time by any thread. The methods that change something must
 * not overlap: whoever calls them holds the lock of this shard. Since ownership changes under the
 * same lock, no write slips through once it is gone.
 */
public final class Shard {
  private final Entries entries;

  /** Never changed, only replaced; written under the shard's lock. */
  private volatile BitSet owned = new BitSet();

  /** Makes a shard that owns nothing yet. */
  public Shard(Entries entries) {
    this.entries = entries;
  }

  /** Returns {@link Outcome.Found}, {@link Outcome.Absent} or {@link Outcome.NotOwned}. */
  public Outcome read(Key key) {
    if (!owns(key)) {
      return new Outcome.NotOwned();
    }
    Entry entry = entries.get(key);
    return entry == null ? new Outcome.Absent() : new Outcome.Found(entry);
  }

  /** Does what the write decides. Guarded by the shard's lock. */
  public Outcome write(Key key, Write write) {
    if (!owns(key)) {
      return new Outcome.NotOwned();
    }
    Write.Change change = write.apply(entries.get(key));
    replace(key, change.next());
    return change.outcome();
  }

  /** From now on serves exactly these partitions. Guarded by the shard's lock. */
  public void own(BitSet partitions) {
    owned = (BitSet) partitions.clone();
  }

  private boolean owns(Key key) {
    return owned.get(key.partition());
  }

  private void replace(Key key, @Nullable Entry next) {
    if (next == null) {
      entries.remove(key);
    } else {
      entries.put(key, next);
    }
  }
}

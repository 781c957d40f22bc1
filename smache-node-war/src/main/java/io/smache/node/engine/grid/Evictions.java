package io.smache.node.engine.grid;

import java.util.function.Consumer;
import org.infinispan.notifications.Listener;
import org.infinispan.notifications.cachelistener.annotation.CacheEntriesEvicted;
import org.infinispan.notifications.cachelistener.event.CacheEntriesEvictedEvent;

/** Hears from Infinispan what is evicted at this member. Thread-safe. */
@Listener
public final class Evictions {
  private final Consumer<byte[]> evicted;

  /** Takes what is called with the key of each entry. */
  Evictions(Consumer<byte[]> evicted) {
    this.evicted = evicted;
  }

  /** Passes the keys on. */
  @CacheEntriesEvicted
  public void evicted(CacheEntriesEvictedEvent<byte[], byte[]> event) {
    event.getEntries().keySet().forEach(evicted);
  }
}

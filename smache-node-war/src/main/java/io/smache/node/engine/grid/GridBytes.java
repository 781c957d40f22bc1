package io.smache.node.engine.grid;

import org.infinispan.AdvancedCache;
import org.infinispan.commons.marshall.WrappedByteArray;
import org.infinispan.container.entries.InternalCacheEntry;
import org.infinispan.container.impl.InternalDataContainer;
import org.jspecify.annotations.Nullable;

/** Bytes as the containers of a grid keep them. */
final class GridBytes {
  private GridBytes() {}

  /** Returns what a cache has at this member: keys and values as it wraps them. */
  @SuppressWarnings("unchecked") // how the container wraps bytes is its own
  static InternalDataContainer<Object, Object> container(AdvancedCache<byte[], byte[]> cache) {
    return (InternalDataContainer<Object, Object>) (Object) cache.getDataContainer();
  }

  /**
   * Returns the bytes that a container has under a key, also of what has expired; null for none.
   */
  static byte @Nullable [] peek(
      InternalDataContainer<Object, Object> container, int partition, WrappedByteArray key) {
    InternalCacheEntry<Object, Object> entry = container.peek(partition, key);
    return entry == null ? null : unwrapped(entry.getValue());
  }

  /** Returns the bytes themselves, null for null. */
  static byte @Nullable [] unwrapped(@Nullable Object kept) {
    if (kept instanceof WrappedByteArray wrapped) {
      return wrapped.getBytes();
    }
    return (byte[]) kept;
  }
}

package io.smache.node.engine.grid;

import org.infinispan.AdvancedCache;
import org.infinispan.commons.marshall.WrappedByteArray;
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

  /** Returns the bytes themselves, null for null. */
  static byte @Nullable [] unwrapped(@Nullable Object kept) {
    if (kept instanceof WrappedByteArray wrapped) {
      return wrapped.getBytes();
    }
    return (byte[]) kept;
  }
}

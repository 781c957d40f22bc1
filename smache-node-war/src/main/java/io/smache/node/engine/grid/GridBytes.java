package io.smache.node.engine.grid;

import org.infinispan.commons.marshall.WrappedByteArray;
import org.jspecify.annotations.Nullable;

/** Bytes as the containers of a grid keep them. */
final class GridBytes {
  private GridBytes() {}

  /** Returns the bytes themselves, null for null. */
  static byte @Nullable [] unwrapped(@Nullable Object kept) {
    if (kept instanceof WrappedByteArray wrapped) {
      return wrapped.getBytes();
    }
    return (byte[]) kept;
  }
}

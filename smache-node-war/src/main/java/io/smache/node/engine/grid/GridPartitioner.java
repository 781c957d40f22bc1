package io.smache.node.engine.grid;

import org.infinispan.commons.marshall.WrappedByteArray;
import org.infinispan.distribution.ch.KeyPartitioner;

/** Segments of the grid are the partitions of the cluster. Thread-safe. */
public final class GridPartitioner implements KeyPartitioner {
  @Override
  public int getSegment(Object key) {
    if (key instanceof WrappedByteArray wrapped) {
      return GridKey.partition(wrapped.getBytes());
    }
    if (key instanceof byte[] bytes) {
      return GridKey.partition(bytes);
    }
    if (key instanceof Integer segment) { // Infinispan asks so when owners are added
      return segment;
    }
    throw new IllegalArgumentException("no key of the grid: " + key.getClass());
  }
}

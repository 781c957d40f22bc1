package io.smache.node.store;

import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** A shard that owns everything, with the lock that a shard bean would hold. */
final class Guard {
  final Shard shard;
  private final ReentrantLock lock = new ReentrantLock();

  Guard(Caches caches) {
    shard = new Shard(caches);
    BitSet all = new BitSet();
    all.set(0, 1024);
    shard.own(all, Map.of());
  }

  Outcome perform(Operation operation) {
    lock.lock();
    try {
      return shard.perform(operation);
    } finally {
      lock.unlock();
    }
  }

  void invalidate(String cache, Invalidation invalidation) {
    lock.lock();
    try {
      shard.invalidate(cache, invalidation, null);
    } finally {
      lock.unlock();
    }
  }
}

package io.smache.node.shard;

import jakarta.ejb.ConcurrentAccessException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Locks as the shard beans have them, without a server. Thread-safe. */
public class PlainLocks implements ShardLocks {
  private final List<ReentrantLock> locks;
  private final AtomicInteger taken = new AtomicInteger();
  private volatile boolean held;

  public PlainLocks(int count) {
    locks = Stream.generate(ReentrantLock::new).limit(count).toList();
  }

  @Override
  public int count() {
    return locks.size();
  }

  @Override
  public <T> T call(int index, Supplier<T> work) {
    if (held) {
      throw new ConcurrentAccessException("the lock was not available in time");
    }
    ReentrantLock lock = locks.get(index);
    taken.incrementAndGet();
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /** Returns how often one was taken. */
  public int taken() {
    return taken.get();
  }

  /** Lets every caller find its lock held for too long, or no longer. */
  public void hold(boolean all) {
    held = all;
  }
}

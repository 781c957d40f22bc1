package io.smache.node.shard;

import jakarta.ejb.AccessTimeout;
import jakarta.ejb.Lock;
import jakarta.ejb.LockType;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The guard of a shard. {@code WEB-INF/ejb-jar.xml}, which the build generates, declares it as a
 * singleton under many names ({@code shard-0}, {@code shard-1}, …); each is an instance with a lock
 * of its own. Both methods hold the write lock; who does not get it in time is told so by a {@link
 * jakarta.ejb.ConcurrentAccessException}. The timeout stands on each method because Payara does not
 * heed it on the class of a bean that is declared in XML.
 */
@Lock(LockType.WRITE)
@TransactionManagement(TransactionManagementType.BEAN)
public class ShardBean {
  /** How long a write waits for the lock, in ms: a positive value means the same on all servers. */
  static final long PATIENCE_MILLIS = 2000;

  /** Changes the shard, alone, and returns what came of it. */
  @AccessTimeout(value = PATIENCE_MILLIS, unit = TimeUnit.MILLISECONDS)
  public <T> T call(Supplier<T> work) {
    return work.get();
  }

  /** Changes the shard, alone. */
  @AccessTimeout(value = PATIENCE_MILLIS, unit = TimeUnit.MILLISECONDS)
  public void run(Runnable work) {
    work.run();
  }
}

package io.smache.node.shard;

import jakarta.ejb.AccessTimeout;
import jakarta.ejb.Lock;
import jakarta.ejb.LockType;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The singleton EJB that serializes the writes of a shard. {@code WEB-INF/ejb-jar.xml}, which the
 * build generates, declares it as a singleton under many names ({@code shard-0}, {@code shard-1},
 * …); each is an instance with a lock of its own. Both methods hold the write lock; a caller that
 * does not get it in time gets a {@link jakarta.ejb.ConcurrentAccessException}. The timeout is on
 * each method because Payara ignores it on the class of a bean that is declared in XML.
 */
@Lock(LockType.WRITE)
@TransactionManagement(TransactionManagementType.BEAN)
public class ShardBean {
  /** How long a write waits for the lock, in ms: a positive value means the same on all servers. */
  static final long TIMEOUT_MILLIS = 2000;

  /** Executes a write under the lock and returns its outcome. */
  @AccessTimeout(value = TIMEOUT_MILLIS, unit = TimeUnit.MILLISECONDS)
  public <T> T call(Supplier<T> work) {
    return work.get();
  }

  /** Changes the shard, alone. */
  @AccessTimeout(value = TIMEOUT_MILLIS, unit = TimeUnit.MILLISECONDS)
  public void run(Runnable work) {
    work.run();
  }
}

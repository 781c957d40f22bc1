package io.smache.node.shard;

import io.smache.node.runtime.Timeouts;
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
 * …); each is an instance with a lock of its own. Its method holds the write lock; a caller that
 * does not get it in time gets a {@link jakarta.ejb.ConcurrentAccessException}. The timeout is on
 * the method because Payara ignores it on the class of a bean that is declared in XML.
 */
@Lock(LockType.WRITE)
@TransactionManagement(TransactionManagementType.BEAN)
public class ShardBean {
  /** Executes a write under the lock and returns its outcome. */
  @AccessTimeout(value = Timeouts.LOCK_MILLIS, unit = TimeUnit.MILLISECONDS)
  public <T> T call(Supplier<T> work) {
    return work.get();
  }
}

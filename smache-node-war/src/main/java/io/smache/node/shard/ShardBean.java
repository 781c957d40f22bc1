package io.smache.node.shard;

import io.smache.node.store.Key;
import io.smache.node.store.Outcome;
import io.smache.node.store.Shard;
import io.smache.node.store.Write;
import jakarta.ejb.AccessTimeout;
import jakarta.ejb.Lock;
import jakarta.ejb.LockType;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;

/**
 * The guard of a shard. {@code WEB-INF/ejb-jar.xml}, which the build generates, declares it as a
 * singleton under many names ({@code shard-0}, {@code shard-1}, …); each is an instance with a lock
 * of its own. Every method holds the write lock; who does not get it in time is told so by a {@link
 * jakarta.ejb.ConcurrentAccessException}. The timeout stands on every method because Payara does
 * not heed it on the class of a bean that is declared in XML.
 */
@Lock(LockType.WRITE)
@TransactionManagement(TransactionManagementType.BEAN)
public class ShardBean {
  /** How long a write waits for the lock, in ms: a positive value means the same on all servers. */
  static final long PATIENCE_MILLIS = 2000;

  /** Runs a write on the shard. */
  @AccessTimeout(value = PATIENCE_MILLIS, unit = TimeUnit.MILLISECONDS)
  public Outcome write(Shard shard, Key key, Write write) {
    return shard.write(key, write);
  }

  /** Changes which partitions the shard serves. */
  @AccessTimeout(value = PATIENCE_MILLIS, unit = TimeUnit.MILLISECONDS)
  public void own(Shard shard, BitSet partitions) {
    shard.own(partitions);
  }
}

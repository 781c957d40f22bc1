package io.smache.node.engine.grid;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.infinispan.commons.CacheException;
import org.infinispan.manager.EmbeddedCacheManager;
import org.jspecify.annotations.Nullable;

/**
 * Has a swap made by its owner, where Infinispan brings it; the thread is one that may wait.
 *
 * @param cache its name
 * @param own what this member exchanges, by the names of caches
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Ask(String cache, byte[] key, Swap swap, Map<String, Exchanges> own)
    implements Function<EmbeddedCacheManager, byte @Nullable []> {
  @Override
  public byte @Nullable [] apply(EmbeddedCacheManager manager) {
    Exchanges here = own.get(cache);
    if (here == null) {
      throw new IllegalStateException("this member is still joining the grid");
    }
    if (!here.asks().tryAcquire()) {
      throw new IllegalStateException("too many members wait for the owner");
    }
    try {
      return here.add(key, swap).get(GridCaches.REMOTE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CacheException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new CacheException(e);
    } finally {
      here.asks().release();
    }
  }
}

package io.smache.node.engine.grid;

import io.smache.node.store.Command;
import io.smache.node.store.Marks;
import jakarta.ejb.ConcurrentAccessException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.infinispan.AdvancedCache;
import org.infinispan.commons.marshall.WrappedByteArray;
import org.infinispan.container.entries.InternalCacheEntry;
import org.infinispan.container.impl.InternalDataContainer;
import org.jspecify.annotations.Nullable;

/** What was invalidated, as this member has it: all members have the same. Thread-safe. */
final class KnownMarks {
  private static final long MOST_MILLIS = 1_500;
  private static final long PAUSE_MILLIS = 20;

  private final AdvancedCache<byte[], byte[]> marks;
  private final InternalDataContainer<Object, Object> here;
  private final Exchanges exchanges;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  KnownMarks(Grid grid) {
    this.marks = grid.marks();
    this.here = GridBytes.container(marks);
    this.exchanges = grid.exchanges(marks);
  }

  /** What is known of a cache, and of which bytes it was read. */
  private static final class Known {
    private final WrappedByteArray name;
    private final int segment;
    private volatile Read read = new Read(null, Marks.NONE);

    Known(WrappedByteArray name, int segment) {
      this.name = name;
      this.segment = segment;
    }
  }

  private record Read(@Nullable Object bytes, Marks marks) {}

  /** Returns those of a cache. */
  @SuppressWarnings("ReferenceEquality") // the very bytes
  Marks of(String cache) {
    Known of = known.get(cache);
    if (of == null) {
      of = known.computeIfAbsent(cache, this::begin);
    }
    InternalCacheEntry<Object, Object> entry = here.peek(of.segment, of.name);
    Object bytes = entry == null ? null : entry.getValue();
    Read read = of.read;
    if (read.bytes() != bytes) {
      read = new Read(bytes, Marks.of(GridBytes.unwrapped(bytes)));
      of.read = read;
    }
    return read.marks();
  }

  private Known begin(String cache) {
    WrappedByteArray name = new WrappedByteArray(name(cache));
    return new Known(name, marks.getDistributionManager().getCacheTopology().getSegment(name));
  }

  private static byte[] name(String cache) {
    return cache.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Adds an invalidation on all members. One that is known already is told to all once more: not
   * all may have it. Waits for the network.
   *
   * @throws ConcurrentAccessException when it could not be done in time
   */
  void add(Command.Invalidate invalidate) {
    byte[] name = name(invalidate.cache());
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MOST_MILLIS);
    byte[] before = await(marks.getAsync(name), deadline);
    byte[] found = swap(name, before, invalidate, deadline);
    while (found != null) {
      before = found.length == 0 ? null : found;
      found = swap(name, before, invalidate, deadline);
    }
  }

  /** What failed, as when the owner has changed meanwhile, is tried again with the same. */
  private byte @Nullable [] swap(
      byte[] name, byte @Nullable [] before, Command.Invalidate invalidate, long deadline) {
    Marks known = Marks.of(before);
    byte[] after = known.knows(invalidate) ? before : known.with(invalidate).bytes();
    CompletableFuture<byte @Nullable []> found =
        exchanges
            .ask(name, new Swap(before, after))
            .exceptionallyCompose(failure -> pause(before == null ? Swap.NOTHING : before));
    return await(found, deadline);
  }

  private static CompletableFuture<byte @Nullable []> pause(byte[] before) {
    return new CompletableFuture<byte @Nullable []>()
        .completeOnTimeout(before, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static <T> @Nullable T await(CompletableFuture<T> done, long deadline) {
    try {
      return done.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw late(e);
    } catch (ExecutionException | TimeoutException e) {
      throw late(e);
    }
  }

  private static ConcurrentAccessException late(Exception cause) {
    return new ConcurrentAccessException("not all members of the grid have it in time", cause);
  }
}

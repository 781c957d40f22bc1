package io.smache.node.container;

import io.smache.node.shard.ShardLimit;
import io.smache.node.shard.Shards;
import io.smache.node.store.Entry;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.node.store.Write;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.inject.Inject;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Deployed beside the node by a test: runs writes that take as long as the test wants. */
@WebServlet("/test/*")
public class LockServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final long TIMEOUT_SECONDS = 30;

  @Inject transient Shards shards;
  @Inject @ShardLimit int shardLimit;
  @Resource transient ManagedExecutorService executor;

  /** Writes that sit in their lock, by key. */
  private final transient ConcurrentHashMap<String, CountDownLatch> held =
      new ConcurrentHashMap<>();

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    try {
      response.getWriter().print(answer(request.getPathInfo(), request.getParameter("key")));
    } catch (Exception e) {
      throw new ServletException(e);
    }
  }

  private Object answer(String path, @Nullable String key) throws Exception {
    return switch (path) {
      case "/shard-limit" -> shardLimit;
      case "/shard" -> key(key).shard(shardLimit);
      case "/hold" -> hold(key(key));
      case "/release" -> release(key(key));
      case "/inside" -> mostInside(key(key));
      default -> throw new ServletException(path);
    };
  }

  /** Returns once a write of that key sits in the lock of its shard. */
  private String hold(Key key) throws InterruptedException {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    held.put(key.toString(), release);
    Future<?> writing =
        executor.submit(() -> shards.write(Operation.DEFAULT_CACHE, key, sitting(inside, release)));
    return inside.await(TIMEOUT_SECONDS, TimeUnit.SECONDS) ? "held" : "not held " + writing;
  }

  private static Write sitting(CountDownLatch inside, CountDownLatch release) {
    return (current, stamp) -> {
      inside.countDown();
      awaitQuietly(release);
      return unchanged(current);
    };
  }

  private String release(Key key) {
    CountDownLatch release = held.remove(key.toString());
    if (release != null) {
      release.countDown();
    }
    return "released";
  }

  /** Returns how many of many writes of one key were in their lock at the same time, at most. */
  private int mostInside(Key key) throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Future<?>> writers = new ArrayList<>();
    for (int writer = 0; writer < 8; writer++) {
      writers.add(
          executor.submit(
              () -> {
                for (int i = 0; i < 500; i++) {
                  shards.write(Operation.DEFAULT_CACHE, key, counting(inside, most));
                }
              }));
    }
    for (Future<?> writer : writers) {
      writer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
    return most.get();
  }

  private static Write counting(AtomicInteger inside, AtomicInteger most) {
    return (current, stamp) -> {
      most.accumulateAndGet(inside.incrementAndGet(), Math::max);
      Thread.onSpinWait();
      inside.decrementAndGet();
      return unchanged(current);
    };
  }

  private static Write.Change unchanged(@Nullable Entry current) {
    return new Write.Change(current, new Outcome.Removed());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Key key(@Nullable String text) throws KeyException {
    return Key.of(String.valueOf(text));
  }
}

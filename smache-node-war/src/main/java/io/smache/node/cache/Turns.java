package io.smache.node.cache;

import io.smache.node.runtime.EventLoops;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The turns of the event loops. Thread-safe. */
@Dependent
class Turns {
  private final EventLoops loops;
  private final Map<Executor, Turn> turns = new ConcurrentHashMap<>();

  @Inject
  Turns(EventLoops loops) {
    this.loops = loops;
  }

  /** Returns the turn of the event loop that runs this; null on another thread. */
  @Nullable Turn current() {
    Executor loop = loops.current();
    return loop == null ? null : turns.computeIfAbsent(loop, Turn::new);
  }
}

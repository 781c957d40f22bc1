package io.smache.node.runtime;

import io.smache.protocol.settings.Settings;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Produces the event loops, on threads of the container. */
@ApplicationScoped
public class EventLoopsProducer {
  private static final int MAX_LOOPS = 1_024;

  @Resource ManagedThreadFactory threads;

  /** Makes as many as {@code SMACHE_LOOPS} says, by default one a core. */
  @Produces
  @Singleton
  EventLoops loops() {
    int cores = Runtime.getRuntime().availableProcessors();
    int count = (int) Settings.ofApplication().positive("SMACHE_LOOPS", cores, MAX_LOOPS);
    return new EventLoops(count, threads);
  }

  void stop(@Disposes EventLoops loops) {
    loops.stop();
  }
}

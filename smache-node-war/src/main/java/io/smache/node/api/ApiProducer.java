package io.smache.node.api;

import io.smache.node.api.entry.Replies;
import io.smache.protocol.settings.Settings;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Produces the API that all doors of a node share. */
@ApplicationScoped
public class ApiProducer {
  @Resource ManagedThreadFactory threads;

  private @Nullable ExecutorService executor;

  /** With as many threads as cores: what takes long has no use for more. */
  @Produces
  @Singleton
  Replies replies() {
    executor = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), threads);
    return new Replies(executor);
  }

  @PreDestroy
  void stop() {
    if (executor != null) {
      executor.shutdownNow();
    }
  }

  @Produces
  @Singleton
  Origins origins() {
    return Origins.allowed(Settings.ofApplication());
  }

  @Produces
  @Singleton
  Api api(Router router, Origins origins) {
    return new Api(router, origins);
  }
}

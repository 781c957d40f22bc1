package io.smache.node.api;

import io.smache.node.api.access.Access;
import io.smache.node.api.access.Origins;
import io.smache.node.api.access.TokensFile;
import io.smache.node.api.entry.Replies;
import io.smache.node.api.metrics.AccessLog;
import io.smache.node.api.metrics.SlowRequests;
import io.smache.protocol.settings.Settings;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Produces the API that all doors of a node share. */
@ApplicationScoped
public class ApiProducer {
  @Resource ManagedThreadFactory threads;
  @Resource ManagedScheduledExecutorService scheduler;

  private @Nullable ExecutorService executor;
  private @Nullable ScheduledFuture<?> looking;

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
    if (looking != null) {
      looking.cancel(false);
    }
  }

  @Produces
  @Singleton
  Origins origins() {
    return Origins.allowed(Settings.ofApplication());
  }

  /** Looked at again once a second, away from what answers requests. */
  @Produces
  @Singleton
  TokensFile tokens() {
    TokensFile file = TokensFile.of(Settings.ofApplication());
    if (file.isSet()) {
      looking = scheduler.scheduleWithFixedDelay(file::look, 1, 1, TimeUnit.SECONDS);
    }
    return file;
  }

  @Produces
  @Singleton
  Api api(Router router, Origins origins, Access access, SlowRequests slow, AccessLog log) {
    return new Api(router, origins, access, slow, log);
  }
}

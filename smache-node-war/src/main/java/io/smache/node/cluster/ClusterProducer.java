package io.smache.node.cluster;

import io.smache.protocol.ClusterSecret;
import io.smache.protocol.settings.Settings;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.time.Duration;

/** Produces the node's identity, its secret, and the client that all its links share. */
@ApplicationScoped
public class ClusterProducer {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

  @Resource ManagedExecutorService executor;

  @Produces
  @Singleton
  ClusterConfig config() {
    return ClusterConfig.of(Settings.ofApplication());
  }

  @Produces
  @Singleton
  ClusterSecret secret(ClusterConfig config) {
    return config.secret();
  }

  @Produces
  @Singleton
  HttpClient client() {
    return HttpClient.newBuilder()
        .executor(executor)
        .version(Version.HTTP_1_1)
        .connectTimeout(CONNECT_TIMEOUT)
        .build();
  }
}

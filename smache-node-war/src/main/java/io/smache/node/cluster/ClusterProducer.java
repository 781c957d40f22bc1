package io.smache.node.cluster;

import io.smache.node.cluster.link.PeerClient;
import io.smache.node.cluster.link.PooledClient;
import io.smache.node.runtime.EventLoops;
import io.smache.node.runtime.Timeouts;
import io.smache.protocol.ClusterSecret;
import io.smache.protocol.settings.Settings;
import io.smache.protocol.settings.Trust;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** Produces the node's identity, its secret, and what calls others. */
@ApplicationScoped
public class ClusterProducer {
  @Resource ManagedThreadFactory threads;

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

  /**
   * Few threads of the container's, kept: its executor would capture the application's context anew
   * for every step of every call, which on Payara reads through all its jars.
   */
  @Produces
  @Singleton
  ExecutorService executor() {
    return Executors.newFixedThreadPool(2 * Runtime.getRuntime().availableProcessors(), threads);
  }

  void stop(@Disposes ExecutorService executor) {
    executor.shutdownNow();
  }

  @Produces
  @Singleton
  PeerClient peerClient(EventLoops loops, ExecutorService executor) {
    return new PooledClient(loops, executor, trust());
  }

  private static SSLContext trust() {
    try {
      Optional<SSLContext> own = Trust.of(Settings.ofApplication());
      return own.isPresent() ? own.get() : SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no TLS", e);
    }
  }

  @Produces
  @Singleton
  HttpClient client(ExecutorService executor) {
    HttpClient.Builder client =
        HttpClient.newBuilder()
            .executor(executor)
            .version(Version.HTTP_1_1)
            .connectTimeout(Timeouts.CONNECT);
    Trust.of(Settings.ofApplication()).ifPresent(client::sslContext);
    return client.build();
  }
}

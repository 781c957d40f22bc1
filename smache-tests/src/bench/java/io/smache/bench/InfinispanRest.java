package io.smache.bench;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.global.GlobalConfigurationBuilder;
import org.infinispan.lifecycle.ComponentStatus;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.rest.RestServer;
import org.infinispan.rest.configuration.RestServerConfigurationBuilder;
import org.infinispan.server.core.ServerManagement;

/** Infinispan's REST server around one cache of bytes, {@code bench}: local, or with one copy. */
public final class InfinispanRest {
  private InfinispanRest() {}

  /**
   * Starts it on the port that is given; it ends with the process. With a second argument, a file
   * that says how members find each other, each entry has a copy at another member.
   */
  public static void main(String[] arguments) {
    boolean clustered = arguments.length > 1;
    GlobalConfigurationBuilder global =
        clustered
            ? GlobalConfigurationBuilder.defaultClusteredBuilder()
            : new GlobalConfigurationBuilder().nonClusteredDefault();
    global.cacheManagerName("default");
    ConfigurationBuilder bytes = new ConfigurationBuilder();
    bytes.encoding().mediaType("application/octet-stream");
    if (clustered) {
      global.transport().addProperty("configurationFile", arguments[1]);
      bytes.clustering().cacheMode(CacheMode.DIST_SYNC).hash().numOwners(2);
    }
    DefaultCacheManager manager = new DefaultCacheManager(global.build());
    manager.defineConfiguration("bench", bytes.build());
    manager.getCache("bench");
    RestServer server = new RestServer();
    server.setServerManagement(management(), true);
    RestServerConfigurationBuilder rest = new RestServerConfigurationBuilder();
    rest.host("127.0.0.1").port(Integer.parseInt(arguments[0])).name("bench");
    server.start(rest.build(), manager);
    server.postStart();
  }

  /** The server that is usually around it, of which there is nothing here but that it runs. */
  private static ServerManagement management() {
    ClassLoader loader = InfinispanRest.class.getClassLoader();
    Map<Class<?>, Object> answers =
        Map.of(
            ClassLoader.class, loader,
            ComponentStatus.class, ComponentStatus.RUNNING,
            Set.class, Set.of(),
            Map.class, Map.of(),
            List.class, List.of(),
            boolean.class, false);
    return (ServerManagement)
        Proxy.newProxyInstance(
            loader,
            new Class<?>[] {ServerManagement.class},
            (proxy, method, given) -> answers.get(method.getReturnType()));
  }
}

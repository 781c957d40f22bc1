package io.smache.node.cache;

import io.smache.node.cluster.ClusterConfig;
import io.smache.node.cluster.TableInForce;
import io.smache.node.engine.Engine;
import io.smache.node.engine.grid.GridEngine;
import io.smache.node.engine.shards.ShardsEngine;
import io.smache.node.runtime.NodeScoped;
import io.smache.protocol.settings.Settings;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Produces the engine that {@code SMACHE_ENGINE} names, and lets it follow the cluster. */
@NodeScoped
public class EngineProducer {
  private final Engine engine;

  @Inject
  EngineProducer(Instance<ShardsEngine> shards, Instance<GridEngine> grid) {
    engine = ClusterConfig.isGrid(Settings.ofApplication()) ? grid.get() : shards.get();
  }

  @Produces
  @Singleton
  Engine engine() {
    return engine;
  }

  void follow(@Observes TableInForce inForce) {
    engine.follow(inForce.table());
  }
}

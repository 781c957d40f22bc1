package io.smache.node;

import io.smache.node.rest.BatchResource;
import io.smache.node.rest.CachesResource;
import io.smache.node.rest.ClusterResource;
import io.smache.node.rest.ConsoleResource;
import io.smache.node.rest.EntriesResource;
import io.smache.node.rest.HealthResource;
import io.smache.node.rest.MetricsResource;
import io.smache.node.rest.OpenApiResource;
import io.smache.node.rest.PeerResource;
import io.smache.node.rest.PlacementResource;
import io.smache.node.rest.RefusalMapper;
import io.smache.node.rest.RootMetricsResource;
import io.smache.node.rest.SimpleResource;
import io.smache.protocol.http.JsonProvider;
import io.smache.protocol.http.NoStoreFilter;
import io.smache.protocol.http.UnexpectedExceptionMapper;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Map;
import java.util.Set;

/** The Jakarta REST application of this WAR. */
@ApplicationPath("/")
public class NodeApplication extends Application {
  @Override
  public Set<Class<?>> getClasses() {
    return Set.of(
        BatchResource.class,
        CachesResource.class,
        ClusterResource.class,
        ConsoleResource.class,
        EntriesResource.class,
        HealthResource.class,
        OpenApiResource.class,
        PeerResource.class,
        MetricsResource.class,
        PlacementResource.class,
        RootMetricsResource.class,
        SimpleResource.class,
        RefusalMapper.class,
        JsonProvider.class,
        NoStoreFilter.class,
        UnexpectedExceptionMapper.class);
  }

  @Override
  public Map<String, Object> getProperties() {
    return JsonProvider.PROPERTIES;
  }
}

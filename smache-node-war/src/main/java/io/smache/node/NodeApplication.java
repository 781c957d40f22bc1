package io.smache.node;

import io.smache.node.http.AdministrationFilter;
import io.smache.node.http.BatchResource;
import io.smache.node.http.CachesResource;
import io.smache.node.http.ClusterIdFilter;
import io.smache.node.http.ClusterResource;
import io.smache.node.http.EntriesResource;
import io.smache.node.http.HealthResource;
import io.smache.node.http.KeyExceptionMapper;
import io.smache.node.http.OpenApiResource;
import io.smache.node.http.PeerResource;
import io.smache.node.http.PlacementResource;
import io.smache.node.http.SimpleResource;
import io.smache.protocol.http.ClusterOnlyFilter;
import io.smache.protocol.http.JsonProcessingExceptionMapper;
import io.smache.protocol.http.JsonProvider;
import io.smache.protocol.http.NoStoreFilter;
import io.smache.protocol.http.UnexpectedExceptionMapper;
import io.smache.protocol.http.WebApplicationExceptionMapper;
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
        AdministrationFilter.class,
        BatchResource.class,
        CachesResource.class,
        ClusterResource.class,
        EntriesResource.class,
        HealthResource.class,
        KeyExceptionMapper.class,
        ClusterIdFilter.class,
        OpenApiResource.class,
        PeerResource.class,
        PlacementResource.class,
        SimpleResource.class,
        ClusterOnlyFilter.class,
        JsonProvider.class,
        JsonProcessingExceptionMapper.class,
        NoStoreFilter.class,
        WebApplicationExceptionMapper.class,
        UnexpectedExceptionMapper.class);
  }

  @Override
  public Map<String, Object> getProperties() {
    return JsonProvider.PROPERTIES;
  }
}

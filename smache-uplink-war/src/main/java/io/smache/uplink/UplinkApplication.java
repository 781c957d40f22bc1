package io.smache.uplink;

import io.smache.protocol.http.JsonProvider;
import io.smache.protocol.http.NoStoreFilter;
import io.smache.protocol.http.ProblemExceptionMapper;
import io.smache.protocol.http.UnexpectedExceptionMapper;
import io.smache.protocol.http.WebApplicationExceptionMapper;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Map;
import java.util.Set;

/** The Jakarta REST application of this WAR. */
@ApplicationPath("/")
public class UplinkApplication extends Application {
  @Override
  public Set<Class<?>> getClasses() {
    return Set.of(
        HealthResource.class,
        MembersResource.class,
        TableResource.class,
        RefusedExceptionMapper.class,
        ClusterOnlyFilter.class,
        JsonProvider.class,
        ProblemExceptionMapper.class,
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

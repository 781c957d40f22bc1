package io.smache.protocol.http;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;
import java.util.ArrayList;
import java.util.List;

/**
 * Says of a response that says nothing else that no cache may keep it: without a word, a cache in
 * front may choose for how long it keeps it (RFC 9111, section 4.2.2).
 */
@Provider
public class NoStoreFilter implements ContainerResponseFilter {
  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    response.getHeaders().computeIfAbsent(HttpHeaders.CACHE_CONTROL, name -> noStore());
  }

  private static List<Object> noStore() {
    return new ArrayList<>(List.of("no-store"));
  }
}

package io.smache.node.api;

import io.smache.protocol.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Produces the API that all doors of a node share. */
@ApplicationScoped
public class ApiProducer {
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

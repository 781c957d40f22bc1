package io.smache.node;

import io.smache.protocol.settings.SettingException;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Starts the node when the application is deployed and stops it when the application is undeployed.
 * A wrong setting fails the deployment; the log says which in one sentence, before the server's own
 * stack traces.
 */
@Singleton
@jakarta.ejb.Startup
@TransactionManagement(TransactionManagementType.BEAN)
public class Startup {
  private static final Logger LOG = System.getLogger(Startup.class.getName());

  @Inject Instance<Node> node;

  @PostConstruct
  void start() {
    try {
      node.get().start();
    } catch (RuntimeException e) {
      SettingException.causeOf(e)
          .ifPresent(
              wrong -> LOG.log(Level.ERROR, "Smache does not start: {0}", wrong.getMessage()));
      throw e;
    }
  }

  @PreDestroy
  void stop() {
    node.get().stop();
  }
}

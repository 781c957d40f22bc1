package io.smache.uplink;

import io.smache.protocol.settings.SettingException;
import io.smache.protocol.settings.Version;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Starts uplink when the application is deployed and stops it before it goes. */
@Singleton
@jakarta.ejb.Startup
@TransactionManagement(TransactionManagementType.BEAN)
public class Startup {
  private static final Logger LOG = System.getLogger(Startup.class.getName());

  @Inject Instance<LeaseMonitor> leaseMonitors;
  private @Nullable LeaseMonitor leaseMonitor;

  @PostConstruct
  void start() {
    try {
      LeaseMonitor monitor = leaseMonitors.get();
      monitor.start();
      leaseMonitor = monitor;
      LOG.log(Level.INFO, "Smache uplink {0} is up and listens for nodes", Version.current());
    } catch (RuntimeException e) {
      SettingException.causeOf(e)
          .ifPresent(
              wrong -> LOG.log(Level.ERROR, "Smache does not start: {0}", wrong.getMessage()));
      throw e;
    }
  }

  @PreDestroy
  void stop() {
    if (leaseMonitor != null) {
      leaseMonitor.stop();
    }
  }
}

package io.smache.payara;

import org.glassfish.grizzly.filterchain.FilterChain;
import org.glassfish.grizzly.http.HttpServerFilter;
import org.glassfish.grizzly.portunif.PUFilter;
import org.glassfish.grizzly.portunif.PUProtocol;
import org.glassfish.grizzly.portunif.ProtocolFinder;

/**
 * Puts the {@link RequestGuard} behind the HTTP parser of a listener. Payara lets its configuration
 * name a class that chooses among the protocols of a port, and shows it the chain of filters of
 * each; a port with one protocol is the only place where a filter can be added to a listener by
 * configuration alone. {@code pre-boot.asadmin} names this class.
 */
public final class GuardedListener extends PUFilter {
  /** Made by Payara, by its name. */
  public GuardedListener() {}

  @Override
  public PUProtocol register(ProtocolFinder finder, FilterChain chain) {
    int parser = chain.indexOfType(HttpServerFilter.class);
    if (parser < 0) {
      throw new IllegalStateException("the guarded listener has no HTTP protocol");
    }
    ((HttpServerFilter) chain.get(parser)).getMonitoringConfig().addProbes(new ContinueProbe());
    chain.add(parser + 1, new RequestGuard());
    return super.register(finder, chain);
  }
}

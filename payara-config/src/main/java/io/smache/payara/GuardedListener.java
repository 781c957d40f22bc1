package io.smache.payara;

import java.io.IOException;
import org.glassfish.grizzly.filterchain.Filter;
import org.glassfish.grizzly.filterchain.FilterChain;
import org.glassfish.grizzly.filterchain.FilterChainBuilder;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.filterchain.TransportFilter;
import org.glassfish.grizzly.http.HttpServerFilter;
import org.glassfish.grizzly.nio.NIOConnection;
import org.glassfish.grizzly.portunif.PUFilter;
import org.glassfish.grizzly.portunif.PUProtocol;
import org.glassfish.grizzly.portunif.ProtocolFinder;
import org.jspecify.annotations.Nullable;

/**
 * Puts the {@link RequestGuard} behind the HTTP parser of a listener. Payara lets its configuration
 * name a class that chooses among the protocols of a port, and shows it the chain of filters of
 * each; a port with one protocol is the only place where a filter can be added to a listener by
 * configuration alone. {@code pre-boot.asadmin} names this class.
 *
 * <p>A connection is given the chain of the only protocol when it is accepted, so that no request
 * passes through the choice.
 */
public final class GuardedListener extends PUFilter {
  /**
   * What is kept for a client that does not read. Grizzly takes four times the buffer of the
   * socket, which are megabytes.
   */
  private static final int QUEUE_BYTES = 1 << 14;

  private volatile @Nullable FilterChain guarded;

  /** Made by Payara, by its name. */
  public GuardedListener() {}

  @Override
  public PUProtocol register(ProtocolFinder finder, FilterChain chain) {
    int parser = chain.indexOfType(HttpServerFilter.class);
    if (parser < 0) {
      throw new IllegalStateException("the guarded listener has no HTTP protocol");
    }
    ((HttpServerFilter) chain.get(parser)).getMonitoringConfig().addProbes(new ContinueProbe());
    // The first filter of the chain leads back to this one; a connection of its own begins at once.
    FilterChainBuilder builder = FilterChainBuilder.stateless().add(new TransportFilter());
    for (int i = 1; i < chain.size(); i++) {
      builder.add(chain.get(i));
      if (i == parser) {
        builder.add(new RequestGuard());
      }
    }
    guarded = builder.build();
    return super.register(finder, chain);
  }

  @Override
  public NextAction handleAccept(FilterChainContext context) throws IOException {
    FilterChain chain = guarded;
    if (chain == null) {
      throw new IllegalStateException("the guarded listener has no protocol");
    }
    context.getConnection().setProcessor(chain);
    ((NIOConnection) context.getConnection()).setMaxAsyncWriteQueueSize(QUEUE_BYTES);
    for (Filter each : chain.subList(1, chain.size())) {
      each.handleAccept(context);
    }
    return context.getInvokeAction();
  }
}

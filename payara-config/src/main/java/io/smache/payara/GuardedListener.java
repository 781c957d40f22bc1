package io.smache.payara;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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

  private volatile @Nullable Guarded guarded;

  /**
   * What a connection is given.
   *
   * @param filters of the chain, without that of the transport
   */
  private record Guarded(FilterChain chain, List<Filter> filters) {}

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
    List<Filter> filters = new ArrayList<>(chain);
    filters.add(parser + 1, new RequestGuard());
    filters.remove(0);
    FilterChainBuilder builder = FilterChainBuilder.stateless().add(new TransportFilter());
    filters.forEach(builder::add);
    guarded = new Guarded(builder.build(), List.copyOf(filters));
    return super.register(finder, chain);
  }

  @Override
  public NextAction handleAccept(FilterChainContext context) throws IOException {
    Guarded given = guarded;
    if (given == null) {
      throw new IllegalStateException("the guarded listener has no protocol");
    }
    context.getConnection().setProcessor(given.chain());
    ((NIOConnection) context.getConnection()).setMaxAsyncWriteQueueSize(QUEUE_BYTES);
    for (Filter each : given.filters()) {
      each.handleAccept(context);
    }
    return context.getInvokeAction();
  }
}

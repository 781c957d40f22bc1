package io.smache.payara;

import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.portunif.PUContext;
import org.glassfish.grizzly.portunif.ProtocolFinder;

/** Finds the only protocol of a port, whatever is sent. Payara makes it by its name. */
public final class OnlyProtocol implements ProtocolFinder {
  /** Made by Payara, by its name. */
  public OnlyProtocol() {}

  @Override
  public Result find(PUContext context, FilterChainContext chain) {
    return Result.FOUND;
  }
}

package io.smache.node.cluster.link;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.Executor;

/** Looks names up as the JVM does, which may wait for the network: so not on the event loops. */
final class NameResolver extends AddressResolverGroup<InetSocketAddress> {
  private final Executor executor;

  NameResolver(Executor executor) {
    this.executor = executor;
  }

  @Override
  protected AddressResolver<InetSocketAddress> newResolver(EventExecutor loop) {
    return new Names(loop, executor).asAddressResolver();
  }

  private static final class Names extends InetNameResolver {
    private final Executor executor;

    Names(EventExecutor loop, Executor executor) {
      super(loop);
      this.executor = executor;
    }

    @Override
    protected void doResolve(String name, Promise<InetAddress> found) {
      executor.execute(
          () -> {
            try {
              found.trySuccess(InetAddress.getByName(name));
            } catch (UnknownHostException | RuntimeException e) {
              found.tryFailure(e);
            }
          });
    }

    @Override
    protected void doResolveAll(String name, Promise<List<InetAddress>> found) {
      executor.execute(
          () -> {
            try {
              found.trySuccess(List.of(InetAddress.getAllByName(name)));
            } catch (UnknownHostException | RuntimeException e) {
              found.tryFailure(e);
            }
          });
    }
  }
}

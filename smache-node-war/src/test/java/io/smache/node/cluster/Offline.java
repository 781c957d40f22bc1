package io.smache.node.cluster;

import io.smache.node.cluster.link.PeerCall;
import io.smache.node.cluster.link.PeerClient;
import io.smache.node.cluster.link.PeerReply;
import io.smache.node.runtime.EventLoops;
import io.smache.protocol.ClusterSecret;
import io.smache.protocol.Member;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** What a node has of its cluster, without a network: tests override what others answer. */
public final class Offline {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final ExecutorService EXECUTOR = Executors.newCachedThreadPool(Offline::daemon);
  private static final EventLoops LOOPS = new EventLoops(1, Offline::daemon);

  private Offline() {}

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "offline");
    thread.setDaemon(true);
    return thread;
  }

  /** Returns one event loop, the same for all. */
  public static EventLoops loops() {
    return LOOPS;
  }

  /** Returns the configuration of a node that has no uplink. */
  public static ClusterConfig config(Member self) {
    return config(self, ClusterSecret.NONE);
  }

  public static ClusterConfig config(Member self, ClusterSecret secret) {
    return new ClusterConfig(self, Optional.empty(), secret);
  }

  /** Returns the view of a node that has no table yet. */
  public static Membership membership(
      ClusterConfig config, Consumer<TableChange> changes, Consumer<TableInForce> inForces) {
    return new Membership(config, changes, inForces);
  }

  public static NewestTable newestTable(ClusterConfig config, Membership membership) {
    return new NewestTable(membership, new UplinkLink(config, CLIENT));
  }

  public static ExecutorService executor() {
    return EXECUTOR;
  }

  /** A link over which nothing can be sent. */
  public static class Link extends PeerLink {
    public Link(ClusterConfig config, Membership membership) {
      super(config, new Unconnected(), membership, EXECUTOR);
    }
  }

  private static final class Unconnected implements PeerClient {
    @Override
    public CompletableFuture<PeerReply> send(PeerCall call) {
      return CompletableFuture.failedFuture(new ConnectException("offline"));
    }

    @Override
    public void retain(List<URI> urls) {
      // there is no connection
    }
  }

  /** Rounds that were never started. */
  public static class NoRounds extends Discovery {
    public NoRounds(ClusterConfig config, Membership membership, PeerLink peers) {
      super(
          config,
          membership,
          new UplinkLink(config, CLIENT),
          newestTable(config, membership),
          new Warmup(config, peers, new UplinkLink(config, CLIENT)));
    }
  }
}

package io.smache.node.cluster;

import io.smache.node.store.Command;
import io.smache.node.store.Format;
import io.smache.node.store.Get;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.node.store.Life;
import io.smache.node.store.Moved;
import io.smache.node.store.Operation;
import io.smache.node.store.Part;
import io.smache.node.store.Place;
import io.smache.node.store.Put;
import io.smache.node.store.Version;
import io.smache.protocol.Member;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a node does between its start and its first table. It waits until it can be reached: servers
 * start an application before they let requests in. If it is new to a cluster that works already,
 * it then sends itself what others will send it: from the moment at which it joins, its share of
 * all requests comes to it, and a JVM that runs something for the first time needs a hundred times
 * as long. For one thread.
 */
@Dependent
class Rehearsal {
  private static final Logger LOG = System.getLogger(Rehearsal.class.getName());

  /** A node that cannot reach its own URL may be reached by others. */
  private static final Duration UP_PATIENCE = Duration.ofSeconds(30);

  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration MOST = Duration.ofSeconds(10);
  private static final int ROUNDS = 1000;
  private static final byte[] VALUE = new byte[100];
  private static final Moved.Contents CONTENTS =
      new Moved.Contents(
          VALUE, Format.BYTES, List.of(), new Version(1, 1), 0, new Life(false, 0, 0, 0), 1);

  @Inject ClusterConfig config;
  @Inject PeerLink peers;
  @Inject UplinkLink uplink;

  private final long began = System.nanoTime();
  private boolean over;

  /** Returns whether this node may join; to be called until it may. */
  boolean isOver() throws InterruptedException, ExecutionException, TimeoutException {
    if (over) {
      return true;
    }
    if (await(peers.isOwnUrlUp())) {
      over = true;
      if (isNew()) {
        rehearse();
      }
    }
    over |= System.nanoTime() - began > UP_PATIENCE.toNanos();
    return over;
  }

  /** Whoever was a member is missed until it is back; a cluster that begins has no requests yet. */
  private boolean isNew() throws InterruptedException, ExecutionException, TimeoutException {
    String name = config.self().name();
    return await(
        uplink
            .table()
            .thenApply(table -> table.member(name).isEmpty())
            .exceptionally(failure -> false));
  }

  /** Whatever fails here fails again, and is told of, when somebody asks for it. */
  private void rehearse() throws InterruptedException {
    long started = System.nanoTime();
    int rounds = 0;
    try {
      while (rounds < ROUNDS && System.nanoTime() - started < MOST.toNanos()) {
        play(Key.of("rehearsal-" + rounds));
        rounds++;
      }
    } catch (ExecutionException | TimeoutException | KeyException e) {
      LOG.log(Level.DEBUG, "the rehearsal ends early", e);
    }
    LOG.log(
        Level.INFO,
        "rehearsed {0} rounds of requests in {1} ms",
        Integer.toString(rounds),
        Long.toString(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started)));
  }

  /** Nothing comes of it: a node without a table owns no key, and no partition arrives there. */
  private void play(Key key) throws InterruptedException, ExecutionException, TimeoutException {
    Member self = config.self();
    Place place = new Place(Operation.DEFAULT_CACHE, key);
    Operation put = Put.plain(place.cache(), key, VALUE, Format.BYTES);
    List<Operation> operations = List.of(Get.plain(place.cache(), key), put);
    Moved moved = new Moved(place, CONTENTS, 0);
    Command.Take take =
        new Command.Take(List.of(new Part(key.partition(), 0, List.of(moved), false)), 0);
    await(peers.sendAll(self, 0, operations));
    await(peers.send(self, 0, operations.get(0)));
    await(peers.send(self, 0, put, take));
    await(peers.send(self, take));
    await(peers.send(self, new Command.Hand(List.of(place), List.of())));
  }

  private static <T> T await(CompletableFuture<T> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
  }
}

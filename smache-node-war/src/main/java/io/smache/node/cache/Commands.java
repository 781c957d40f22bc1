package io.smache.node.cache;

import io.smache.node.cluster.Discovery;
import io.smache.node.cluster.Membership;
import io.smache.node.engine.Engine;
import io.smache.node.runtime.NodeScoped;
import io.smache.node.shard.Shards;
import io.smache.node.store.Caches;
import io.smache.node.store.Command;
import io.smache.node.store.Command.CommandReport;
import io.smache.node.store.Command.Result;
import io.smache.node.transfer.InboundTransfers;
import jakarta.ejb.ConcurrentAccessException;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Executes commands on this node. Thread-safe; no method waits for the network. */
@NodeScoped
public class Commands {
  private static final Logger LOG = System.getLogger(Commands.class.getName());

  private final Membership membership;
  private final Discovery discovery;
  private final Engine engine;
  private final Shards shards;
  private final Caches caches;
  private final InboundTransfers inboundTransfers;

  /** Takes what the commands act on. */
  @Inject
  public Commands(
      Membership membership,
      Discovery discovery,
      Engine engine,
      Shards shards,
      Caches caches,
      InboundTransfers inboundTransfers) {
    this.membership = membership;
    this.discovery = discovery;
    this.engine = engine;
    this.shards = shards;
    this.caches = caches;
    this.inboundTransfers = inboundTransfers;
  }

  /**
   * Executes a command.
   *
   * @throws ConcurrentAccessException when a shard's lock was not available in time
   */
  public CommandReport execute(Command command) {
    Result result = result(command);
    // After the command: a member that joined meanwhile may not have it.
    return new CommandReport(membership.epoch(), result);
  }

  private Result result(Command command) {
    if (command instanceof Command.Invalidate invalidate) {
      engine.invalidate(invalidate);
      return new Result.Done();
    }
    if (command instanceof Command.Configure configure) {
      caches.configure(configure.configurations());
      return new Result.Known(caches.configurations());
    }
    if (command instanceof Command.Count) {
      return new Result.Counted(engine.statistics());
    }
    if (command instanceof Command.Page page) {
      return new Result.Paged(engine.page(page));
    }
    if (command instanceof Command.Look) {
      return condition();
    }
    if (command instanceof Command.PushChunks push) {
      return inboundTransfers.receive(push, false);
    }
    if (command instanceof Command.FetchEntries fetch) {
      fetch.heard().forEach(shards::invalidate);
      return new Result.Fetched(
          fetch.ids().stream().map(shards.outboundTransfers()::find).toList());
    }
    throw new IllegalArgumentException("a command that this version does not know: " + command);
  }

  /** Stores the entries that a source sends along with operations on them, if possible. */
  public void receiveGiven(Command.PushChunks given) {
    try {
      inboundTransfers.receive(given, true);
    } catch (ConcurrentAccessException e) {
      LOG.log(
          Level.DEBUG, "entries sent along could not be stored; they are fetched when needed", e);
    }
  }

  /** Returns the condition of this node. */
  public Result.Condition condition() {
    Engine.Size size = engine.size();
    return new Result.Condition(
        discovery.isLongInTouch(),
        membership.arriving(),
        membership.leaving(),
        size.entries(),
        size.bytes());
  }
}

package io.smache.node.shard;

import io.smache.node.store.Entries;
import io.smache.node.store.Key;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.node.store.Shard;
import io.smache.node.store.Write;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.ConcurrentAccessException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * All shards of this node and their guards. The build declares a number of guards; with more shards
 * than that, shard i shares the guard of shard i modulo their number, which still lets one write at
 * a time into each shard and makes any shard count cost the same. Thread-safe.
 */
@ApplicationScoped
public class Shards {
  @Inject @ShardLimit int limit;
  @Inject Entries entries;

  /** How many guards {@code WEB-INF/ejb-jar.xml} declares; written by the build. */
  @Inject
  @ConfigProperty(name = "smache.shard.beans")
  int declared;

  private final List<Guarded> guarded = new ArrayList<>();

  private record Guarded(Shard shard, ShardBean bean) {}

  @PostConstruct
  void lookUp() {
    for (int i = 0; i < Math.min(limit, declared); i++) {
      guarded.add(new Guarded(new Shard(entries), bean(i)));
    }
  }

  @SuppressWarnings("BanJNDI") // the name is ours, and the namespace is this application's own
  private static ShardBean bean(int index) {
    String name = "java:module/shard-" + index;
    try {
      return InitialContext.doLookup(name);
    } catch (NamingException e) {
      throw new IllegalStateException("the server did not deploy the shard bean " + name, e);
    }
  }

  /** Returns how many shards there are. */
  public int count() {
    return limit;
  }

  /** Does the operation if its key's partition is owned here. */
  public Outcome perform(Operation operation) {
    return operation instanceof Operation.Put put
        ? write(put.key(), Write.put(put.value()))
        : guard(operation.key()).shard().read(operation.key());
  }

  /** Runs a write under the lock of the key's shard. */
  public Outcome write(Key key, Write write) {
    Guarded guard = guard(key);
    try {
      return guard.bean().write(guard.shard(), key, write);
    } catch (ConcurrentAccessException e) {
      return new Outcome.Unavailable("too many writes wait for the shard of this key");
    }
  }

  /**
   * Serves exactly these partitions from now on. When it returns, no write to any other is under
   * way.
   *
   * @throws ConcurrentAccessException when a shard was not to be had in time; the call may be
   *     repeated
   */
  public void own(BitSet partitions) {
    guarded.forEach(each -> each.bean().own(each.shard(), partitions));
  }

  private Guarded guard(Key key) {
    return guarded.get(key.shard(limit) % guarded.size());
  }
}

package io.smache.node.cache;

import io.smache.node.cluster.TableChange;
import io.smache.node.shard.Shards;
import io.smache.node.store.Caches;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Lets the shards follow the partition table: what moves away is fenced first and wiped then, so
 * that nothing old is there should it ever come back (seed, "TODOS" 3).
 */
@ApplicationScoped
class Ownership {
  private static final Logger LOG = System.getLogger(Ownership.class.getName());

  @Inject Shards shards;
  @Inject Caches caches;

  void follow(@Observes TableChange change) {
    shards.own(change.kept());
    long wiped = caches.removePartitions(partition -> !change.kept().get(partition));
    if (wiped > 0) {
      LOG.log(Level.INFO, "wiped {0} entries of partitions that moved away", Long.toString(wiped));
    }
    shards.own(change.owned());
  }
}

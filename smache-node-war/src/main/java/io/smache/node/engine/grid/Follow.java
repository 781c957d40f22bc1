package io.smache.node.engine.grid;

import java.util.Map;
import java.util.function.Function;
import org.infinispan.factories.ComponentRegistry;
import org.infinispan.factories.GlobalComponentRegistry;
import org.infinispan.manager.EmbeddedCacheManager;

/**
 * Does at a member with copies what the owner of cells has decided, where Infinispan brings it. A
 * member has copies while it is still joining.
 *
 * @param cache its name
 * @param known what this member has, by the names of caches
 */
record Follow(String cache, Decision decision, Map<String, Copies> known)
    implements Function<EmbeddedCacheManager, Boolean> {
  @Override
  public Boolean apply(EmbeddedCacheManager manager) {
    Copies here = known.get(cache);
    (here == null ? begin(manager) : here).follow(decision);
    return true;
  }

  private Copies begin(EmbeddedCacheManager manager) {
    ComponentRegistry joining =
        GlobalComponentRegistry.of(manager).getNamedComponentRegistry(cache);
    if (joining == null) {
      throw new IllegalStateException("this member has not begun to join the grid");
    }
    return Copies.of(joining, known);
  }
}

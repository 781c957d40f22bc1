package io.smache.node.engine.grid;

import org.infinispan.container.impl.InternalDataContainer;
import org.infinispan.distribution.ch.ConsistentHash;
import org.infinispan.notifications.Listener;
import org.infinispan.notifications.cachelistener.annotation.TopologyChanged;
import org.infinispan.notifications.cachelistener.event.TopologyChangedEvent;
import org.infinispan.remoting.transport.Address;
import org.jspecify.annotations.Nullable;

/**
 * Forgets what is here when the others have gone on without this member, which was cut off: state
 * transfer would keep it, and what was removed or changed meanwhile would come back. Thread-safe.
 */
@Listener
public final class Absence {
  private final InternalDataContainer<Object, Object> here;
  private final Address self;

  /** Takes what this member has of a cache, and its address. */
  Absence(InternalDataContainer<Object, Object> here, Address self) {
    this.here = here;
    this.self = self;
  }

  /** Is called before the members of a new topology are known here. */
  @TopologyChanged
  public void changed(TopologyChangedEvent<byte[], byte[]> event) {
    boolean had = has(event.getReadConsistentHashAtStart());
    if (event.isPre() && had && !has(event.getReadConsistentHashAtEnd())) {
      here.clear();
    }
  }

  private boolean has(@Nullable ConsistentHash placement) {
    return placement != null && placement.getMembers().contains(self);
  }
}

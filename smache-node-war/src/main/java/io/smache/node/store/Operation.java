package io.smache.node.store;

import java.util.List;

/** What a client wants of one key of a cache, wherever the key lives. */
public sealed interface Operation permits Get, Put, Delete, Patch, Increment, Numbered {
  /** Name of the cache of the simple API. */
  String DEFAULT_CACHE = "default";

  /** Returns the name of the cache. */
  String cache();

  /** Returns the key it is about. */
  Key key();

  /** Returns the entry it is about. */
  default EntryId id() {
    return new EntryId(cache(), key());
  }

  /** Returns what must be true of the entry. */
  Preconditions preconditions();

  /** Returns whether it changes something only if what is there is as the client thinks. */
  default boolean isConditional() {
    return !(this instanceof Get) && !preconditions().equals(Preconditions.NONE);
  }

  /** Returns about how many bytes its key and value have. */
  default long bytes() {
    return key().length();
  }

  /** Returns the groups that are invalidated if it changes something. */
  default List<String> invalidates() {
    return List.of();
  }
}

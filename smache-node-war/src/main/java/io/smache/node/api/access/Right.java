package io.smache.node.api.access;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a client may do. None of them includes another. */
public enum Right {
  /** Reading entries, lists, caches, the cluster and metrics. */
  READ,
  /** Changing and invalidating entries. */
  WRITE,
  /** Configuring and dropping caches, draining members, seeing what clients asked for. */
  ADMIN;

  /** Returns the right of that name, in small letters; empty for none. */
  static Optional<Right> of(String name) {
    return Stream.of(values()).filter(each -> each.toString().equals(name)).findFirst();
  }

  /** Returns the name as it stands in files and errors. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

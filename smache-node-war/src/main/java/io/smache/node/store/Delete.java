package io.smache.node.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Removes an entry. */
public record Delete(String cache, Key key, Preconditions preconditions, List<String> invalidates)
    implements Operation, Write {
  @Override
  public Change apply(@Nullable Entry current, WriteContext context) {
    if (!preconditions.allow(current)) {
      return new Change(current, new Outcome.PreconditionFailed());
    }
    return new Change(null, current == null ? Outcome.Absent.PLAIN : new Outcome.Removed());
  }
}

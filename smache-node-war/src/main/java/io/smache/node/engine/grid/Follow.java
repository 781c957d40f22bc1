package io.smache.node.engine.grid;

import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import org.infinispan.commands.functional.functions.InjectableComponent;
import org.infinispan.commons.marshall.WrappedByteArray;
import org.infinispan.factories.ComponentRegistry;
import org.infinispan.functional.EntryView.ReadWriteEntryView;
import org.jspecify.annotations.Nullable;

/**
 * Does at a member with copies what the owner of cells has decided, as {@link Copies} says.
 * Infinispan brings it there. For one message.
 */
final class Follow
    implements BiFunction<Decision, ReadWriteEntryView<byte[], byte[]>, @Nullable Void>,
        InjectableComponent {
  private final Map<String, Copies> known;
  private @Nullable Copies copies;

  /** Takes what this member has, by the names of caches; what is missing is added. */
  Follow(Map<String, Copies> known) {
    this.known = known;
  }

  @Override
  public void inject(ComponentRegistry cache) {
    copies = Copies.of(cache, known);
  }

  @Override
  public @Nullable Void apply(Decision decision, ReadWriteEntryView<byte[], byte[]> entry) {
    Objects.requireNonNull(copies).follow(new WrappedByteArray(entry.key()), decision);
    return null;
  }
}

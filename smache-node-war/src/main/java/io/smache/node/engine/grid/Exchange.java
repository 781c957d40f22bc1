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
 * Makes the swaps of one message at this member, as {@link Copies} says. All that an owner decides
 * in one message has one number. For one message at a time.
 */
final class Exchange
    implements BiFunction<Swap, ReadWriteEntryView<byte[], byte[]>, byte @Nullable []>,
        InjectableComponent {
  private final Map<String, Copies> known;
  private @Nullable Copies copies;
  private long number;

  /** Takes what this member has, by the names of caches; what is missing is added. */
  Exchange(Map<String, Copies> known) {
    this.known = known;
  }

  @Override
  public void inject(ComponentRegistry cache) {
    copies = known.computeIfAbsent(cache.getCacheName(), name -> new Copies(cache));
  }

  @Override
  public byte @Nullable [] apply(Swap swap, ReadWriteEntryView<byte[], byte[]> entry) {
    Copies here = Objects.requireNonNull(copies);
    WrappedByteArray key = new WrappedByteArray(entry.key());
    if (swap.isTold()) {
      here.follow(key, swap);
      return null;
    }
    if (swap.number() == number) { // the message begins, or comes again
      number = here.nextNumber();
    }
    here.decide(key, swap, entry, number);
    return swap.found();
  }
}

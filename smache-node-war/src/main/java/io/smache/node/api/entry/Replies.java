package io.smache.node.api.entry;

import io.smache.node.api.message.Reply;
import io.smache.node.engine.Answer;
import io.smache.node.store.Outcome;
import io.smache.node.store.Snapshot;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Makes replies of answers: at once, or on another thread when the value has to be encoded, decoded
 * or read, which would keep an event loop from its other clients. Thread-safe.
 */
public final class Replies {
  /** Bytes of a value that are encoded or read in less than a millisecond. */
  private static final int LARGE = 1 << 16;

  private final Executor executor;

  /**
   * Takes who may be kept.
   *
   * @param executor makes what takes long
   */
  public Replies(Executor executor) {
    this.executor = executor;
  }

  /** Returns whether a value is sent otherwise than it is kept, and that takes long. */
  static boolean isRecoded(Snapshot entry, boolean gzip) {
    return entry.format().encoding() == null ? gzip && entry.value().length > LARGE : !gzip;
  }

  /** Returns whether a value takes long to be read. */
  public static boolean isReadLong(Snapshot entry) {
    return entry.format().encoding() != null || entry.value().length > LARGE;
  }

  /**
   * Completes with the reply that is made of what is awaited, never on the thread that brings it.
   */
  public <T> CompletionStage<Reply> afterwards(
      CompletionStage<T> awaited, Function<T, Reply> reply) {
    CompletableFuture<T> here = awaited.toCompletableFuture();
    return here.isDone() ? here.thenApply(reply) : here.thenApplyAsync(reply, executor);
  }

  /**
   * Completes with the reply.
   *
   * @param takesLong whether a value that was found makes the reply take long
   */
  public CompletionStage<Reply> of(
      CompletionStage<Answer> answered,
      Predicate<Snapshot> takesLong,
      Function<Answer, Reply> reply) {
    CompletableFuture<Answer> here = answered.toCompletableFuture();
    return here.isDone()
        ? made(here.join(), takesLong, reply)
        : answered.thenCompose(answer -> made(answer, takesLong, reply));
  }

  private CompletionStage<Reply> made(
      Answer answer, Predicate<Snapshot> takesLong, Function<Answer, Reply> reply) {
    return answer.outcome() instanceof Outcome.Found found && takesLong.test(found.entry())
        ? CompletableFuture.supplyAsync(() -> reply.apply(answer), executor)
        : reply.apply(answer).now();
  }
}

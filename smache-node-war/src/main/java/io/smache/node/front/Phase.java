package io.smache.node.front;

import io.smache.node.runtime.Timeouts;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a connection waits for, and how long its client may take for it. */
enum Phase {
  /** The next request. */
  IDLE(Timeouts.IDLE),
  /** The rest of a head. */
  HEAD(Timeouts.HEAD),
  /** The rest of a body. */
  BODY(Timeouts.BODY),
  /** The client, to read replies. */
  READER(Timeouts.READER),
  /** A reply: the client can do nothing. */
  ANSWER(null);

  private final @Nullable Duration most;

  Phase(@Nullable Duration most) {
    this.most = most;
  }

  boolean isOver(long nanos) {
    return most != null && nanos > most.toNanos();
  }

  /** Returns whether a request has begun, so that its client is told why it ends. */
  boolean isOfRequest() {
    return this == HEAD || this == BODY;
  }

  /** Says that it was over. */
  String lateness() {
    long seconds = most == null ? 0 : most.toSeconds();
    return "the %s was not there within %d s".formatted(name().toLowerCase(Locale.ROOT), seconds);
  }
}

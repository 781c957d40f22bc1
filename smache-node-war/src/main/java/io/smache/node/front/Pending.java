package io.smache.node.front;

import io.smache.node.api.message.Exchange;
import io.smache.node.api.message.Reply;
import io.smache.node.cluster.InFlight;
import org.jspecify.annotations.Nullable;

/** A request that was read and whose reply is not written to its end yet. For one event loop. */
final class Pending {
  private ReplyEncoder.Persistence persistence;
  private final boolean safe;
  private InFlight.@Nullable Share share;
  private @Nullable Reply reply;
  private @Nullable BodyPipe body;
  private boolean begun;
  private int written;

  /**
   * Begins without a reply.
   *
   * @param safe whether the request changes nothing
   */
  Pending(ReplyEncoder.Persistence persistence, boolean safe) {
    this.persistence = persistence;
    this.safe = safe;
  }

  ReplyEncoder.Persistence persistence() {
    return persistence;
  }

  boolean isSafe() {
    return safe;
  }

  /** Lets the connection end after the reply. */
  void closeAfterwards() {
    persistence = new ReplyEncoder.Persistence(true, persistence.http10());
  }

  /** Sets the body that an exchange reads. */
  void body(BodyPipe pipe) {
    body = pipe;
  }

  /** Returns the body that an exchange reads; it is empty unless one was set. */
  BodyPipe body() {
    BodyPipe coming = body;
    return coming == null ? BodyPipe.empty() : coming;
  }

  /** Sets the reply, and what is reserved of the memory that it takes. */
  void answer(Reply answer, InFlight.@Nullable Share reserved) {
    reply = answer;
    share = reserved;
  }

  @Nullable Reply reply() {
    return reply;
  }

  /** Returns whether the head is still to be written, and says that it is now. */
  boolean begin() {
    boolean first = !begun;
    begun = true;
    return first;
  }

  /** Returns how many bytes of the body are written. */
  int written() {
    return written;
  }

  /** Counts bytes of the body that are about to be written. */
  void write(int more) {
    written += more;
  }

  /** Releases what was reserved. May be called again. */
  void end() {
    Exchange waiting = begun || reply == null ? null : reply.exchange();
    if (waiting != null) {
      begun = true;
      waiting.abandon();
    }
    InFlight.Share reserved = share;
    if (reserved != null) {
      reserved.end();
    }
  }
}

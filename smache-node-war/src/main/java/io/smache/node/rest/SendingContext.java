package io.smache.node.rest;

import jakarta.servlet.AsyncContext;

/** A context in which completion begins to send the answer; whoever sends it completes. */
final class SendingContext extends AsyncContextWrapper {
  private final Runnable sending;

  SendingContext(AsyncContext context, Runnable sending) {
    super(context);
    this.sending = sending;
  }

  @Override
  public void complete() {
    sending.run();
  }
}

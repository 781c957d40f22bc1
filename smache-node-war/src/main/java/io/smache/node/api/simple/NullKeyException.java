package io.smache.node.api.simple;

import io.smache.node.api.message.Reply;
import io.smache.protocol.message.Status;
import java.nio.charset.StandardCharsets;

/** A request that needs a key, as the simple API takes it, names none. */
public final class NullKeyException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final byte[] BODY =
      "{\"message\":\"key cannot be null\"}".getBytes(StandardCharsets.US_ASCII);

  NullKeyException() {
    super("key cannot be null", null, false, false);
  }

  /** Begins the reply: 403, in the original's own form. */
  public static Reply reply() {
    return Reply.json(Status.FORBIDDEN, BODY);
  }
}

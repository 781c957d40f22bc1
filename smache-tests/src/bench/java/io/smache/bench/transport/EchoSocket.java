package io.smache.bench.transport;

import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerEndpoint;

/** Answers with what it was sent. */
@ServerEndpoint("/socket")
public final class EchoSocket {
  /** Returns the answer to a message. */
  @OnMessage(maxMessageSize = 1 << 20)
  public byte[] echo(byte[] message) {
    return message;
  }
}

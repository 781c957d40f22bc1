package io.smache.node.api.message;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A reply that is written while its request is still read. Neither side holds more than a part: who
 * runs it waits for the client in both directions, and so needs a thread of its own.
 */
@FunctionalInterface
public interface Exchange {
  /**
   * Reads the body of the request and writes that of the reply, each to its end. To be called once.
   *
   * @throws IOException when the client is gone
   */
  void run(InputStream in, OutputStream out) throws IOException;

  /** Gives back what it holds, in place of {@link #run}: the client is gone before it began. */
  default void abandon() {}
}

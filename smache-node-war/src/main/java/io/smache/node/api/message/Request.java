package io.smache.node.api.message;

import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A request as a door received it. A door gathers the body before it hands the request over, so
 * that nothing here waits for a client. For one thread; not to be used once the reply is awaited.
 */
public interface Request {
  /** Returns the version of HTTP, such as {@code HTTP/1.1}. */
  String protocol();

  /** Returns the method, case-sensitive. */
  String method();

  /** Returns the path as it was sent, percent-encoded, without {@link #base}. */
  String path();

  /** Returns what is in front of all paths, such as the context path of a WAR; mostly empty. */
  String base();

  /** Returns the query as it was sent, null when there is none. */
  @Nullable String query();

  /**
   * Returns the value of a field without surrounding white space, its lines joined to one list (RFC
   * 9110, section 5.3); null when it is absent.
   */
  @Nullable String field(String name);

  /** Returns the announced bytes of the body, -1 when none are announced. */
  long length();

  /**
   * Returns the whole body; empty when there is none.
   *
   * @param most bytes that it may have
   * @throws ProblemException 413 when it has more; by its announced length before a byte is read
   * @throws IOException when the client is gone before its end
   */
  byte[] body(int most) throws IOException;

  /** Returns the host that the client addressed, without a port. */
  String host();

  /** Returns the refusal of a body that has more bytes than it may. */
  static ProblemException tooLarge(int most) {
    return new ProblemException(
        Status.CONTENT_TOO_LARGE, "the body may have at most " + most + " bytes");
  }

  /** Returns the refusal of a body for which there is no memory now. */
  static ProblemException crowded() {
    return new ProblemException(
        Status.SERVICE_UNAVAILABLE, "too many bodies are on their way to this node");
  }

  /** Returns the address of the other end of the connection. */
  String remoteAddress();
}

package io.smache.protocol.message;

/**
 * Problem details (RFC 9457, section 3.1); {@code type} is left out and so means {@code
 * about:blank}.
 *
 * @param title the status in words
 * @param status the HTTP status
 * @param detail what was wrong and what is allowed
 */
public record Problem(String title, int status, String detail) {
  /** Media type of problem details. */
  public static final String MEDIA_TYPE = "application/problem+json";

  /** Makes the problem of a status. */
  public Problem(Status status, String detail) {
    this(status.phrase(), status.code(), detail);
  }

  /** Returns it as JSON. */
  public byte[] json() {
    return Json.bytes(this);
  }
}

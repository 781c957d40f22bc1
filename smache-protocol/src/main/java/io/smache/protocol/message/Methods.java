package io.smache.protocol.message;

/** The methods of HTTP that are supported (RFC 9110, section 9, and RFC 5789). */
public final class Methods {
  /** All of them, as a list for Allow. */
  public static final String SUPPORTED = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

  private Methods() {}

  /** Returns whether a method changes nothing (RFC 9110, section 9.2.1). */
  public static boolean isSafe(String method) {
    return method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS");
  }

  /** Returns why a request with an unknown method is refused. */
  public static String refusal(String unknown) {
    return "the method '%s' is not supported; methods are case-sensitive: %s"
        .formatted(unknown, SUPPORTED);
  }
}

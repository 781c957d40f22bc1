package io.smache.protocol.message;

import org.jspecify.annotations.Nullable;

/** The status codes that Smache sends, with the phrases of RFC 9110, section 15. */
public enum Status {
  /** 200. */
  OK(200, "OK"),
  /** 201. */
  CREATED(201, "Created"),
  /** 202. */
  ACCEPTED(202, "Accepted"),
  /** 204. */
  NO_CONTENT(204, "No Content"),
  /** 206. */
  PARTIAL_CONTENT(206, "Partial Content"),
  /** 304. */
  NOT_MODIFIED(304, "Not Modified"),
  /** 308. */
  PERMANENT_REDIRECT(308, "Permanent Redirect"),
  /** 400. */
  BAD_REQUEST(400, "Bad Request"),
  /** 401. */
  UNAUTHORIZED(401, "Unauthorized"),
  /** 403. */
  FORBIDDEN(403, "Forbidden"),
  /** 404. */
  NOT_FOUND(404, "Not Found"),
  /** 405. */
  METHOD_NOT_ALLOWED(405, "Method Not Allowed"),
  /** 406. */
  NOT_ACCEPTABLE(406, "Not Acceptable"),
  /** 408. */
  REQUEST_TIMEOUT(408, "Request Timeout"),
  /** 409. */
  CONFLICT(409, "Conflict"),
  /** 412. */
  PRECONDITION_FAILED(412, "Precondition Failed"),
  /** 413. */
  CONTENT_TOO_LARGE(413, "Content Too Large"),
  /** 414. */
  URI_TOO_LONG(414, "URI Too Long"),
  /** 415. */
  UNSUPPORTED_MEDIA_TYPE(415, "Unsupported Media Type"),
  /** 416. */
  RANGE_NOT_SATISFIABLE(416, "Range Not Satisfiable"),
  /** 417. */
  EXPECTATION_FAILED(417, "Expectation Failed"),
  /** 431 (RFC 6585, section 5). */
  FIELDS_TOO_LARGE(431, "Request Header Fields Too Large"),
  /** 500. */
  INTERNAL_SERVER_ERROR(500, "Internal Server Error"),
  /** 501. */
  NOT_IMPLEMENTED(501, "Not Implemented"),
  /** 503. */
  SERVICE_UNAVAILABLE(503, "Service Unavailable"),
  /** 505. */
  VERSION_NOT_SUPPORTED(505, "HTTP Version Not Supported");

  private static final @Nullable Status[] BY_CODE = new Status[600];

  static {
    for (Status each : values()) {
      BY_CODE[each.code] = each;
    }
  }

  private final int code;
  private final String phrase;

  Status(int code, String phrase) {
    this.code = code;
    this.phrase = phrase;
  }

  /** Returns the status of a code, or null when Smache never sends it. */
  public static @Nullable Status of(int code) {
    return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
  }

  /** Returns the three digits. */
  public int code() {
    return code;
  }

  /** Returns the reason phrase. */
  public String phrase() {
    return phrase;
  }

  /** Returns whether the code is 2xx. */
  public boolean isSuccessful() {
    return code / 100 == 2;
  }
}

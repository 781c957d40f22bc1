package io.smache.node.api.message;

/** Names of header fields. */
public final class FieldName {
  /** RFC 9110, section 12.5.1. */
  public static final String ACCEPT = "Accept";

  /** RFC 9110, section 12.5.3. */
  public static final String ACCEPT_ENCODING = "Accept-Encoding";

  /** RFC 9110, section 14.3. */
  public static final String ACCEPT_RANGES = "Accept-Ranges";

  /** RFC 9111, section 5.1. */
  public static final String AGE = "Age";

  /** RFC 9110, section 10.2.1. */
  public static final String ALLOW = "Allow";

  /** RFC 9110, section 11.6.2. */
  public static final String AUTHORIZATION = "Authorization";

  /** RFC 9111, section 5.2. */
  public static final String CACHE_CONTROL = "Cache-Control";

  /** The groups that an entry is in (RFC 9875, section 2). */
  public static final String CACHE_GROUPS = "Cache-Groups";

  /** The groups that a request invalidates (RFC 9875, section 3). */
  public static final String CACHE_GROUP_INVALIDATION = "Cache-Group-Invalidation";

  /** RFC 9110, section 8.4. */
  public static final String CONTENT_ENCODING = "Content-Encoding";

  /** RFC 9110, section 8.6. */
  public static final String CONTENT_LENGTH = "Content-Length";

  /** RFC 9110, section 8.7. */
  public static final String CONTENT_LOCATION = "Content-Location";

  /** RFC 9110, section 14.4. */
  public static final String CONTENT_RANGE = "Content-Range";

  /** RFC 9110, section 8.3. */
  public static final String CONTENT_TYPE = "Content-Type";

  /** RFC 9110, section 8.8.3. */
  public static final String ETAG = "ETag";

  /** RFC 9110, section 7.2. */
  public static final String HOST = "Host";

  /** RFC 9110, section 13.1.1. */
  public static final String IF_MATCH = "If-Match";

  /** RFC 9110, section 13.1.3. */
  public static final String IF_MODIFIED_SINCE = "If-Modified-Since";

  /** RFC 9110, section 13.1.2. */
  public static final String IF_NONE_MATCH = "If-None-Match";

  /** RFC 9110, section 13.1.5. */
  public static final String IF_RANGE = "If-Range";

  /** RFC 9110, section 13.1.4. */
  public static final String IF_UNMODIFIED_SINCE = "If-Unmodified-Since";

  /** RFC 9110, section 8.8.2. */
  public static final String LAST_MODIFIED = "Last-Modified";

  /** RFC 9110, section 10.2.2. */
  public static final String LOCATION = "Location";

  /** RFC 9110, section 14.2. */
  public static final String RANGE = "Range";

  /** RFC 9110, section 10.2.3. */
  public static final String RETRY_AFTER = "Retry-After";

  /** RFC 9110, section 12.5.5. */
  public static final String VARY = "Vary";

  /** RFC 9110, section 11.6.1. */
  public static final String WWW_AUTHENTICATE = "WWW-Authenticate";

  /** The node that owns the entry, or that answers while nobody does. */
  public static final String NODE = "Smache-Node";

  /** Which client is to compute a value. */
  public static final String STATE = "Smache-State";

  /** How long an entry lives, as a parameter in a field. */
  public static final String TTL = "Smache-TTL";

  /** How long an entry lives unused, as a parameter in a field. */
  public static final String IDLE = "Smache-Idle";

  /** How long an ended entry is still served, as a parameter in a field. */
  public static final String STALE = "Smache-Stale";

  private FieldName() {}
}

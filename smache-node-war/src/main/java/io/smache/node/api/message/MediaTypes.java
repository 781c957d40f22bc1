package io.smache.node.api.message;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Media types that mean something to a node. */
public final class MediaTypes {
  /** JSON (RFC 8259). */
  public static final String JSON = "application/json";

  /** JSON texts, one a line. */
  public static final String NDJSON = "application/x-ndjson";

  /** A merge patch (RFC 7396). */
  public static final String MERGE_PATCH = "application/merge-patch+json";

  private MediaTypes() {}

  /** Returns whether a value of Content-Type names a media type, whatever its parameters. */
  public static boolean is(String type, @Nullable String field) {
    return field != null && field.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(type);
  }
}

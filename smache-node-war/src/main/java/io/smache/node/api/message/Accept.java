package io.smache.node.api.message;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which media types a client accepts (RFC 9110, section 12.5.1). */
public final class Accept {
  private static final int NOT_NAMED = -1;

  private Accept() {}

  /**
   * Returns whether a client accepts a media type. The most specific range that matches decides;
   * empty elements, a bare {@code *} and a weight such as {@code .2}, which Java's own client
   * sends, are understood.
   *
   * @param field value of Accept, null when it is absent: everything is accepted
   */
  public static boolean accepts(String type, @Nullable String field) {
    if (field == null || field.equals("*/*") || field.equals(type)) {
      return true;
    }
    String family = type.substring(0, type.indexOf('/')) + "/*";
    boolean any = false;
    double best = 0;
    int specific = NOT_NAMED;
    for (String element : field.split(",", -1)) {
      if (element.isBlank()) {
        continue;
      }
      any = true;
      String[] parts = element.split(";", -1);
      int match = match(parts[0].strip().toLowerCase(Locale.ROOT), type, family);
      if (match > specific) {
        specific = match;
        best = weight(parts);
      }
    }
    return !any || best > 0;
  }

  private static int match(String range, String type, String family) {
    if (range.equals(type)) {
      return 2;
    }
    if (range.equals(family)) {
      return 1;
    }
    return range.equals("*/*") || range.equals("*") ? 0 : NOT_NAMED;
  }

  /** A malformed weight counts as none: the client wants the type, as far as one can tell. */
  private static double weight(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
      if (parameter.matches("q=(?:[01](?:\\.[0-9]{0,3})?|\\.[0-9]{1,3})")) {
        return Double.parseDouble(parameter.substring(2));
      }
    }
    return 1;
  }
}

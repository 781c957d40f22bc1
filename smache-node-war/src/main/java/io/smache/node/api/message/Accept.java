package io.smache.node.api.message;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which media types a client accepts (RFC 9110, section 12.5.1). */
public final class Accept {
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  private static final String QUOTED = "\"(?:[^\"\\\\]|\\\\.)*\"";

  /** A media range and its parameters, or nothing; then the next comma or the end. */
  private static final Pattern ELEMENT =
      Pattern.compile(
          "[ \\t]*(?:(%1$s/%1$s|\\*)((?:[ \\t]*;[ \\t]*(?:%1$s=(?:%1$s|%2$s))?)*))?[ \\t]*(?:,|$)"
              .formatted(TOKEN, QUOTED));

  private static final Pattern PARAMETER =
      Pattern.compile(";[ \\t]*(%1$s)=(%1$s|%2$s)".formatted(TOKEN, QUOTED));

  private static final Pattern QUALITY =
      Pattern.compile("0(?:\\.[0-9]{0,3})?|1(?:\\.0{0,3})?|\\.[0-9]{1,3}");

  private static final int NOT_NAMED = -1;

  private Accept() {}

  /**
   * Returns whether a client accepts a media type: the most specific range that matches decides.
   * Empty elements, a bare {@code *} and a weight such as {@code .2}, which Java's own client
   * sends, are understood.
   *
   * @param field value of Accept, null when it is absent: everything is accepted
   * @throws io.smache.protocol.message.ProblemException 400 when it is malformed
   */
  public static boolean accepts(String type, @Nullable String field) {
    if (field == null || field.equals("*/*") || field.equals(type)) {
      return true;
    }
    boolean any = false;
    double best = 0;
    int specific = NOT_NAMED;
    Matcher element = ELEMENT.matcher(field);
    int at = 0;
    while (at < field.length()) {
      if (!element.region(at, field.length()).lookingAt()) {
        throw malformed(field);
      }
      at = element.end();
      String range = element.group(1);
      if (range == null) {
        continue;
      }
      any = true;
      double weight = weight(element.group(2), field);
      int match = match(range.toLowerCase(Locale.ROOT), type);
      if (match > specific) {
        specific = match;
        best = weight;
      }
    }
    return !any || best > 0;
  }

  private static int match(String range, String type) {
    if (range.equals(type)) {
      return 2;
    }
    if (range.equals(type.substring(0, type.indexOf('/')) + "/*")) {
      return 1;
    }
    return range.equals("*/*") || range.equals("*") ? 0 : NOT_NAMED;
  }

  private static double weight(String parameters, String field) {
    Matcher parameter = PARAMETER.matcher(parameters);
    while (parameter.find()) {
      if (parameter.group(1).equalsIgnoreCase("q")) {
        String weight = parameter.group(2);
        if (!QUALITY.matcher(weight).matches()) {
          throw malformed(field);
        }
        return Double.parseDouble(weight);
      }
    }
    return 1;
  }

  private static RuntimeException malformed(String field) {
    return Fields.malformed(
        FieldName.ACCEPT, field, "media ranges such as application/json;q=0.5, */*");
  }
}

package io.smache.node.api.message;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which content codings a client accepts (RFC 9110, section 12.5.3). */
final class AcceptEncoding {
  private static final Pattern ELEMENT =
      Pattern.compile(
          "([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:[ \\t]*;[ \\t]*[qQ]=(0(?:\\.[0-9]{0,3})?|1(?:\\.0{0,3})?))?");

  private AcceptEncoding() {}

  /**
   * Returns whether the field accepts gzip, by its name or by {@code *}.
   *
   * @throws io.smache.protocol.message.ProblemException 400 when it is malformed
   */
  static boolean acceptsGzip(String field) {
    BigDecimal any = BigDecimal.ZERO;
    BigDecimal gzip = null;
    for (String each : field.split(",", -1)) {
      if (each.isBlank()) {
        continue;
      }
      Matcher element = ELEMENT.matcher(each.strip());
      if (!element.matches()) {
        throw Fields.malformed(
            FieldName.ACCEPT_ENCODING, field, "content codings such as gzip;q=0.5, identity");
      }
      String weight = element.group(2);
      BigDecimal quality = weight == null ? BigDecimal.ONE : new BigDecimal(weight);
      switch (element.group(1).toLowerCase(Locale.ROOT)) {
        case "gzip", "x-gzip" -> gzip = quality;
        case "*" -> any = quality;
        default -> {}
      }
    }
    return (gzip == null ? any : gzip).signum() > 0;
  }
}

package io.smache.node.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/** Dates of header fields (RFC 9110, section 5.6.7). */
final class HttpDate {
  private static final DateTimeFormatter IMF_FIXDATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /** Two digits of a year mean one that is not far in the future. */
  private static final DateTimeFormatter RFC_850 =
      new DateTimeFormatterBuilder()
          .appendPattern("EEEE, dd-MMM-")
          .appendValueReduced(ChronoField.YEAR, 2, 2, 1970)
          .appendPattern(" HH:mm:ss 'GMT'")
          .toFormatter(Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private static final DateTimeFormatter ASCTIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private static final List<DateTimeFormatter> FORMS = List.of(IMF_FIXDATE, RFC_850, ASCTIME);

  /** Texts of some seconds: answers of the same time name few others, and a text takes longer. */
  private static final Known[] KNOWN = new Known[1 << 8];

  private HttpDate() {}

  /** Immutable, so that whichever thread finds one may use it. */
  private record Known(long seconds, String text) {}

  /** Returns seconds since 1970, or empty when the text is no date. */
  static OptionalLong parse(String text) {
    return FORMS.stream().flatMapToLong(form -> parse(text, form)).findFirst();
  }

  private static LongStream parse(String text, DateTimeFormatter form) {
    try {
      return LongStream.of(ZonedDateTime.parse(text, form).toEpochSecond());
    } catch (DateTimeException e) {
      return LongStream.empty();
    }
  }

  static String format(long epochSeconds) {
    int slot = (int) (epochSeconds & (KNOWN.length - 1));
    Known known = KNOWN[slot];
    if (known == null || known.seconds() != epochSeconds) {
      known = new Known(epochSeconds, IMF_FIXDATE.format(Instant.ofEpochSecond(epochSeconds)));
      KNOWN[slot] = known;
    }
    return known.text();
  }
}

package io.smache.protocol.message;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Year;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates of header fields in their three forms (RFC 9110, section 5.6.7). Thread-safe. */
public final class HttpDate {
  private static final DateTimeFormatter IMF_FIXDATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private static final List<String> MONTHS =
      List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");

  private static final String DAY_NAME = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
  private static final String LONG_DAY_NAME = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day";
  private static final String MONTH = "(?<month>" + String.join("|", MONTHS) + ")";
  private static final String TIME =
      "(?<hour>[01][0-9]|2[0-3]):(?<minute>[0-5][0-9]):(?<second>[0-5][0-9]|60)";

  /** IMF-fixdate, the form of RFC 850 and that of asctime, whose two spaces some servers fold. */
  private static final List<Pattern> FORMS =
      List.of(
          Pattern.compile(
              DAY_NAME + ", (?<day>[0-9]{2}) " + MONTH + " (?<year>[0-9]{4}) " + TIME + " GMT"),
          Pattern.compile(
              LONG_DAY_NAME
                  + ", (?<day>[0-9]{2})-"
                  + MONTH
                  + "-(?<year>[0-9]{2}) "
                  + TIME
                  + " GMT"),
          Pattern.compile(
              DAY_NAME + " " + MONTH + " {1,2}(?<day>[0-9]{1,2}) " + TIME + " (?<year>[0-9]{4})"));

  private static final int CENTURY = 100;

  /** A year of two digits is never more than this in the future. */
  private static final int FUTURE_YEARS = 50;

  private static final int LEAP_SECOND = 60;

  /** Texts of some seconds: answers of the same time name few others, and a text takes longer. */
  private static final Known[] KNOWN = new Known[1 << 8];

  private HttpDate() {}

  /** Immutable, so that whichever thread finds one may use it. */
  private record Known(long seconds, String text) {}

  /** Returns seconds since 1970, or empty when the text is no date. */
  public static OptionalLong parse(String text) {
    return parse(text, Year.now(ZoneOffset.UTC).getValue());
  }

  /** Returns what {@link #parse(String)} returns in that year. */
  static OptionalLong parse(String text, int thisYear) {
    for (Pattern form : FORMS) {
      Matcher date = form.matcher(text);
      if (date.matches()) {
        return seconds(date, thisYear);
      }
    }
    return OptionalLong.empty();
  }

  private static OptionalLong seconds(Matcher date, int thisYear) {
    int second = Integer.parseInt(date.group("second"));
    try {
      LocalDateTime minute =
          LocalDateTime.of(
              year(date.group("year"), thisYear),
              MONTHS.indexOf(date.group("month")) + 1,
              Integer.parseInt(date.group("day")),
              Integer.parseInt(date.group("hour")),
              Integer.parseInt(date.group("minute")));
      boolean wrongLeapSecond = second == LEAP_SECOND && minute.getMinute() != LEAP_SECOND - 1;
      return wrongLeapSecond
          ? OptionalLong.empty()
          : OptionalLong.of(minute.plusSeconds(second).toEpochSecond(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      return OptionalLong.empty();
    }
  }

  private static int year(String digits, int thisYear) {
    int year = Integer.parseInt(digits);
    if (digits.length() > 2) {
      return year;
    }
    int inThisCentury = thisYear - thisYear % CENTURY + year;
    return inThisCentury - thisYear > FUTURE_YEARS ? inThisCentury - CENTURY : inThisCentury;
  }

  /** Returns the text of the time that it is now. */
  public static String now() {
    return format(TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis()));
  }

  /** Returns the text of a time in seconds since 1970, in the form that senders use. */
  public static String format(long epochSeconds) {
    int slot = (int) (epochSeconds & (KNOWN.length - 1));
    Known known = KNOWN[slot];
    if (known == null || known.seconds() != epochSeconds) {
      known = new Known(epochSeconds, IMF_FIXDATE.format(Instant.ofEpochSecond(epochSeconds)));
      KNOWN[slot] = known;
    }
    return known.text();
  }
}

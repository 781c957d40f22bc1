package io.smache.node.api.message;

import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import java.math.BigDecimal;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Time spans as text. */
public final class TimeSpan {
  /** The longest life of an entry: 10 years, in ms. */
  public static final long MAX_LIFE = TimeUnit.DAYS.toMillis(3650);

  private static final Pattern FORM = Pattern.compile("([0-9]{1,18})(ms|s|m|h|d)?");

  private TimeSpan() {}

  /**
   * Returns ms of a text such as {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h}, {@code 7d} or
   * {@code 30}, which is seconds.
   *
   * @param what names the text in the error
   * @param most allowed, in ms
   * @throws ProblemException 400 when it is something else, or not from 1 ms to the most
   */
  public static long parse(String text, String what, long most) {
    Matcher form = FORM.matcher(text);
    if (form.matches()) {
      long number = Long.parseLong(form.group(1));
      long unit = millis(form.group(2));
      if (number > 0 && number <= most / unit) {
        return number * unit;
      }
    }
    throw new ProblemException(
        Status.BAD_REQUEST,
        "%s is '%s' but must be a time from 1ms to %s: a whole number of ms, s, m, h or d, or of seconds"
            .formatted(what, text, words(most)));
  }

  /** Returns ms as seconds for a JSON number. */
  public static BigDecimal seconds(long millis) {
    BigDecimal seconds = BigDecimal.valueOf(millis, 3);
    BigDecimal shortest = seconds.stripTrailingZeros();
    return shortest.scale() < 0 ? shortest.setScale(0) : shortest;
  }

  private static long millis(@Nullable String unit) {
    return switch (unit == null ? "s" : unit) {
      case "ms" -> 1;
      case "m" -> TimeUnit.MINUTES.toMillis(1);
      case "h" -> TimeUnit.HOURS.toMillis(1);
      case "d" -> TimeUnit.DAYS.toMillis(1);
      default -> TimeUnit.SECONDS.toMillis(1);
    };
  }

  private static String words(long millis) {
    return millis % TimeUnit.DAYS.toMillis(1) == 0
        ? TimeUnit.MILLISECONDS.toDays(millis) + "d"
        : TimeUnit.MILLISECONDS.toSeconds(millis) + "s";
  }
}

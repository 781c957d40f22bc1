package io.smache.node.api.message;

import io.smache.protocol.message.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The byte ranges that a request asks for (RFC 9110, section 14.1.2). */
public final class Ranges {
  /** More ranges are of no use. */
  private static final int MAX_RANGES = 64;

  private static final Pattern BYTES =
      Pattern.compile("bytes[ \\t]*=(.*)", Pattern.CASE_INSENSITIVE);
  private static final Pattern OTHER_UNIT = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+=.+");
  private static final Pattern SPEC = Pattern.compile("([0-9]*)-([0-9]*)");

  private Ranges() {}

  /**
   * Part of a value.
   *
   * @param from first byte
   * @param to last byte
   */
  public record Range(int from, int to) {
    public int length() {
      return to - from + 1;
    }

    /** Returns the value of Content-Range. */
    public String of(int length) {
      return "bytes %d-%d/%d".formatted(from, to, length);
    }
  }

  /** Returns whether the field asks for bytes at all; other units are to be ignored. */
  static boolean isBytes(String field) {
    if (BYTES.matcher(field).matches()) {
      return true;
    }
    if (OTHER_UNIT.matcher(field).matches()) {
      return false;
    }
    throw malformed(field);
  }

  /**
   * Returns the ranges that a value of this length has, none when it has none of them. A suffix of
   * an empty value is the value itself: a range of no bytes.
   *
   * @throws ProblemException 400 when the field is malformed
   */
  public static List<Range> parse(String field, int length) {
    Matcher bytes = BYTES.matcher(field);
    if (!bytes.matches()) {
      throw malformed(field);
    }
    String[] elements = bytes.group(1).split(",", -1);
    List<String> specs =
        Stream.of(elements).map(String::strip).filter(each -> !each.isEmpty()).toList();
    if (specs.isEmpty() || elements.length > MAX_RANGES) {
      throw malformed(field);
    }
    List<Range> ranges = new ArrayList<>();
    for (String each : specs) {
      Matcher spec = SPEC.matcher(each);
      if (!spec.matches() || spec.group().equals("-")) {
        throw malformed(field);
      }
      add(ranges, spec, length, field);
    }
    return ranges;
  }

  private static void add(List<Range> ranges, Matcher spec, int length, String field) {
    String first = spec.group(1);
    String last = spec.group(2);
    long from = first.isEmpty() ? Math.max(0, length - number(last)) : number(first);
    long to = first.isEmpty() || last.isEmpty() ? length - 1 : number(last);
    if (!first.isEmpty() && !last.isEmpty() && to < from) {
      throw malformed(field);
    }
    boolean emptySuffix = length == 0 && first.isEmpty() && number(last) > 0;
    if (from < length || emptySuffix) {
      ranges.add(new Range((int) from, (int) Math.min(to, length - 1)));
    }
  }

  /** Beyond a long there is nothing that a value could have. */
  private static long number(String digits) {
    String significant = digits.replaceFirst("^0+(?=.)", "");
    return significant.length() > 18 ? Long.MAX_VALUE : Long.parseLong(significant);
  }

  private static ProblemException malformed(String field) {
    return Fields.malformed(
        FieldName.RANGE,
        field,
        "bytes= and at most " + MAX_RANGES + " ranges such as 0-99, 500- or -20");
  }
}

package io.smache.node.api.access;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Who sends a request. Immutable.
 *
 * @param name for people, without spaces
 * @param rights what it may do
 * @param caches names of the caches where it may; {@code *} stands for any characters
 */
public record Caller(String name, Set<Right> rights, List<String> caches) {
  private static final String ANY = "*";

  /** May do everything: nobody needs a token, or the cluster's secret was shown. */
  static final Caller ANYBODY = new Caller("-", EnumSet.allOf(Right.class), List.of(ANY));

  /** Returns whether it may do something with a cache. */
  public boolean may(Right right, String cache) {
    return rights.contains(right) && caches.stream().anyMatch(each -> covers(each, cache));
  }

  /** Returns whether it may do something with at least some caches. */
  boolean mayAnywhere(Right right) {
    return rights.contains(right);
  }

  /** Returns whether it may do something with all caches. */
  boolean mayEverywhere(Right right) {
    return rights.contains(right) && caches.contains(ANY);
  }

  private static boolean covers(String pattern, String cache) {
    if (pattern.indexOf(ANY) < 0) {
      return pattern.equals(cache);
    }
    return pattern.equals(ANY) || Pattern.matches(regex(pattern), cache);
  }

  private static String regex(String pattern) {
    return "\\Q" + pattern.replace(ANY, "\\E.*\\Q") + "\\E";
  }
}

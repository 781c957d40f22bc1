package io.smache.node.api.message;

import io.smache.protocol.message.ProblemException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.greenbytes.http.sfv.ListElement;
import org.greenbytes.http.sfv.OuterList;
import org.greenbytes.http.sfv.ParseException;
import org.greenbytes.http.sfv.Parser;
import org.greenbytes.http.sfv.StringItem;

/** Groups of entries in header fields: a list of strings (RFC 9875; RFC 9651, section 3.1). */
public final class Groups {
  /** The number that every recipient must support (RFC 9875, section 2). */
  private static final int MAX_GROUPS = 32;

  private static final int MAX_LENGTH = 32;
  private static final String ALLOWED =
      "a list of at most %d strings in double quotes, each of at most %d characters"
          .formatted(MAX_GROUPS, MAX_LENGTH);

  private Groups() {}

  /**
   * Returns the groups of a field, each once.
   *
   * @throws ProblemException 400 when it is malformed or beyond the limits
   */
  public static Optional<List<String>> of(Request request, String field) {
    return Optional.ofNullable(request.field(field)).map(value -> parse(field, value));
  }

  static List<String> parse(String field, String value) {
    try {
      List<String> groups = new ArrayList<>();
      for (ListElement<?> element : Parser.parseList(value).get()) {
        if (!(element instanceof StringItem group)) {
          throw Fields.malformed(field, value, ALLOWED);
        }
        groups.add(group.get());
      }
      return checked(field, groups);
    } catch (ParseException e) {
      throw Fields.malformed(field, value, ALLOWED);
    }
  }

  /**
   * Returns the groups, each once.
   *
   * @param where names them in the error
   * @throws ProblemException 400 when they are beyond the limits
   */
  public static List<String> checked(String where, List<String> groups) {
    boolean fit =
        groups.size() <= MAX_GROUPS
            && groups.stream().allMatch(each -> each.length() <= MAX_LENGTH && isVisible(each));
    if (!fit) {
      throw Fields.malformed(where, String.join(", ", groups), ALLOWED + " of ASCII");
    }
    return List.copyOf(new LinkedHashSet<>(groups));
  }

  private static boolean isVisible(String group) {
    return group.chars().allMatch(sign -> sign >= ' ' && sign <= '~');
  }

  /** Returns the field value. */
  public static String format(List<String> groups) {
    List<ListElement<?>> items = new ArrayList<>();
    groups.forEach(group -> items.add(StringItem.valueOf(group)));
    return OuterList.valueOf(items).serialize();
  }
}

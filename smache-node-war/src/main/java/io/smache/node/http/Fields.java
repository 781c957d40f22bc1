package io.smache.node.http;

import io.smache.node.store.EntityTags;
import io.smache.node.store.EntityTags.Tag;
import io.smache.node.store.Preconditions;
import io.smache.protocol.http.HttpDate;
import io.smache.protocol.http.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response.Status;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Header fields of a request, read strictly: what is malformed is refused, not ignored. */
final class Fields {
  private static final Pattern TAG = Pattern.compile("(W/)?\"([\\x21\\x23-\\x7e\\x80-\\xff]*)\"");
  private static final Pattern COMMA = Pattern.compile("[ \\t]*,[ \\t,]*");

  private Fields() {}

  /** Returns the field value, lines joined as one list (RFC 9110, section 5.2). */
  static Optional<String> value(HttpServletRequest request, String name) {
    Enumeration<String> lines = request.getHeaders(name);
    if (!lines.hasMoreElements()) {
      return Optional.empty();
    }
    String value = lines.nextElement();
    while (lines.hasMoreElements()) {
      value += ", " + lines.nextElement();
    }
    return Optional.of(value.strip());
  }

  /**
   * Returns the preconditions of a request (RFC 9110, section 13.1).
   *
   * @throws ProblemException 400 naming the field that is malformed
   */
  static Preconditions preconditions(HttpServletRequest request) {
    return preconditions(request, true);
  }

  /**
   * Returns the preconditions of a request that reads.
   *
   * @param gzip whether the tag of the compressed form matches: only for clients that accept gzip
   */
  static Preconditions preconditions(HttpServletRequest request, boolean gzip) {
    EntityTags ifMatch = tags(request, HttpHeaders.IF_MATCH, gzip);
    EntityTags ifNoneMatch = tags(request, HttpHeaders.IF_NONE_MATCH, gzip);
    Long ifModifiedSince = date(request, HttpHeaders.IF_MODIFIED_SINCE);
    Long ifUnmodifiedSince = date(request, HttpHeaders.IF_UNMODIFIED_SINCE);
    return ifMatch == null
            && ifNoneMatch == null
            && ifModifiedSince == null
            && ifUnmodifiedSince == null
        ? Preconditions.NONE
        : new Preconditions(ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince);
  }

  private static @Nullable EntityTags tags(HttpServletRequest request, String name, boolean gzip) {
    return value(request, name).map(text -> tags(text, name, gzip)).orElse(null);
  }

  /**
   * Reads a list of entity tags or {@code *}.
   *
   * @param name of the field or member, for the error
   * @throws ProblemException 400 when it is neither
   */
  static EntityTags tags(String text, String name) {
    return tags(text, name, true);
  }

  private static EntityTags tags(String text, String name, boolean gzip) {
    if (text.equals("*")) {
      return EntityTags.ANY;
    }
    List<Tag> tags = new ArrayList<>();
    Matcher tag = TAG.matcher(text);
    Matcher comma = COMMA.matcher(text);
    int at = comma.lookingAt() ? comma.end() : 0;
    while (at < text.length()) {
      if (!tag.region(at, text.length()).lookingAt()) {
        break;
      }
      String opaque = gzip ? Representation.versionOf(tag.group(2)) : tag.group(2);
      tags.add(new Tag(opaque, tag.group(1) != null));
      at = tag.end();
      if (at < text.length() && comma.region(at, text.length()).lookingAt()) {
        at = comma.end();
        continue;
      }
      break;
    }
    if (at < text.length() || tags.isEmpty()) {
      throw malformed(name, text, "* or entity tags in double quotes, separated by commas");
    }
    return new EntityTags(false, tags);
  }

  private static @Nullable Long date(HttpServletRequest request, String name) {
    Optional<String> text = value(request, name);
    if (text.isEmpty()) {
      return null;
    }
    OptionalLong seconds = HttpDate.parse(text.get());
    return seconds.orElseThrow(() -> malformed(name, text.get(), "an HTTP date"));
  }

  /** Returns the refusal of a malformed field. */
  static ProblemException malformed(String name, String value, String allowed) {
    return new ProblemException(
        Status.BAD_REQUEST, "%s is '%s' but must be %s".formatted(name, value, allowed));
  }
}

package io.smache.node.api.message;

import io.smache.node.store.EntityTags;
import io.smache.node.store.EntityTags.Tag;
import io.smache.node.store.Preconditions;
import io.smache.protocol.message.HttpDate;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Header fields of a request, read strictly: what is malformed is refused, not ignored. */
public final class Fields {
  private static final Pattern TAG = Pattern.compile("(W/)?\"([\\x21\\x23-\\x7e\\x80-\\xff]*)\"");
  private static final Pattern COMMA = Pattern.compile("[ \\t]*,[ \\t,]*");

  private Fields() {}

  /**
   * Returns the preconditions of a request (RFC 9110, section 13.1).
   *
   * @throws ProblemException 400 naming the field that is malformed
   */
  public static Preconditions preconditions(Request request) {
    return preconditions(request, true);
  }

  /**
   * Returns the preconditions of a request that reads.
   *
   * @param gzip whether the tag of the compressed form matches: only for clients that accept gzip
   */
  public static Preconditions preconditions(Request request, boolean gzip) {
    EntityTags ifMatch = tags(request, FieldName.IF_MATCH, gzip);
    EntityTags ifNoneMatch = tags(request, FieldName.IF_NONE_MATCH, gzip);
    Long ifModifiedSince = date(request, FieldName.IF_MODIFIED_SINCE);
    Long ifUnmodifiedSince = date(request, FieldName.IF_UNMODIFIED_SINCE);
    return ifMatch == null
            && ifNoneMatch == null
            && ifModifiedSince == null
            && ifUnmodifiedSince == null
        ? Preconditions.NONE
        : new Preconditions(ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince);
  }

  private static @Nullable EntityTags tags(Request request, String name, boolean gzip) {
    String text = request.field(name);
    return text == null ? null : tags(text, name, gzip);
  }

  /**
   * Reads a list of entity tags or {@code *}.
   *
   * @param name of the field or member, for the error
   * @throws ProblemException 400 when it is neither
   */
  public static EntityTags tags(String text, String name) {
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

  private static @Nullable Long date(Request request, String name) {
    String text = request.field(name);
    return text == null
        ? null
        : HttpDate.parse(text).orElseThrow(() -> malformed(name, text, "an HTTP date"));
  }

  /** Returns the refusal of a malformed field. */
  public static ProblemException malformed(String name, String value, String allowed) {
    return new ProblemException(
        Status.BAD_REQUEST, "%s is '%s' but must be %s".formatted(name, value, allowed));
  }
}

package io.smache.node.store;

import org.jspecify.annotations.Nullable;

/**
 * What must be true of an entry for a request to be done (RFC 9110, section 13).
 *
 * @param ifModifiedSince seconds since 1970
 * @param ifUnmodifiedSince seconds since 1970
 */
public record Preconditions(
    @Nullable EntityTags ifMatch,
    @Nullable EntityTags ifNoneMatch,
    @Nullable Long ifModifiedSince,
    @Nullable Long ifUnmodifiedSince) {
  /** Nothing must be. */
  public static final Preconditions NONE = new Preconditions(null, null, null, null);

  /** What is to be done with the request. */
  enum Verdict {
    PROCEED,
    NOT_MODIFIED,
    FAILED
  }

  /** Judges a request that changes something: all it asks for must be true of the entry. */
  boolean allow(@Nullable Entry current) {
    return judge(current, false) == Verdict.PROCEED;
  }

  /** Judges in the order of RFC 9110, section 13.2.2. */
  Verdict judge(@Nullable Entry current, boolean reading) {
    if (fails(current)) {
      return Verdict.FAILED;
    }
    if (ifNoneMatch != null) {
      if (current == null || !ifNoneMatch.match(current.version(), true)) {
        return Verdict.PROCEED;
      }
      return reading ? Verdict.NOT_MODIFIED : Verdict.FAILED;
    }
    boolean unmodified =
        reading
            && ifModifiedSince != null
            && current != null
            && current.modified() <= ifModifiedSince;
    return unmodified ? Verdict.NOT_MODIFIED : Verdict.PROCEED;
  }

  private boolean fails(@Nullable Entry current) {
    if (ifMatch != null) {
      return current == null || !ifMatch.match(current.version(), false);
    }
    return ifUnmodifiedSince != null && current != null && current.modified() > ifUnmodifiedSince;
  }
}

package io.smache.node.front;

import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;

/**
 * The framing of a body that comes in chunks (RFC 9112, section 7.1), read strictly; extensions and
 * trailers are read and ignored. For one body and one thread.
 */
final class Chunks {
  /** Digits of a size: a chunk may have up to 2^28 - 1 bytes. */
  private static final int MAX_DIGITS = 7;

  /** Bytes of an extension, and of all trailers together. */
  private static final int MAX_IGNORED = 1 << 12;

  private State state = State.SIZE;
  private int digits;
  private int left;
  private int ignored;

  /** What the next byte belongs to. */
  private enum State {
    SIZE,
    EXTENSION,
    SIZE_END,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER_START,
    TRAILER,
    TRAILER_LF,
    LAST_LF,
    DONE
  }

  /** Takes bytes of the body. */
  @FunctionalInterface
  interface Sink {
    void take(byte[] bytes, int from, int to);
  }

  /** Returns whether the body has ended. */
  boolean isDone() {
    return state == State.DONE;
  }

  /**
   * Reads on; returns how far it got: less than {@code to} when the body has ended.
   *
   * @throws ProblemException 400 when the framing is malformed
   */
  int read(byte[] bytes, int from, int to, Sink sink) {
    int at = from;
    while (at < to && state != State.DONE) {
      if (state == State.DATA) {
        int end = Math.min(to, at + left);
        sink.take(bytes, at, end);
        left -= end - at;
        at = end;
        state = left == 0 ? State.DATA_CR : State.DATA;
      } else {
        state = next(bytes[at++]);
      }
    }
    return at;
  }

  private State next(byte octet) {
    return switch (state) {
      case SIZE -> size(octet);
      case EXTENSION -> extension(octet);
      case SIZE_END -> expect(octet, '\n', afterSize());
      case DATA_CR -> expect(octet, '\r', State.DATA_LF);
      case DATA_LF -> expect(octet, '\n', begin());
      case TRAILER_START -> octet == '\r' ? State.LAST_LF : ignore(octet, State.TRAILER);
      case TRAILER -> octet == '\r' ? State.TRAILER_LF : ignore(octet, State.TRAILER);
      case TRAILER_LF -> expect(octet, '\n', State.TRAILER_START);
      case LAST_LF -> expect(octet, '\n', State.DONE);
      case DATA, DONE -> throw new IllegalStateException("no framing in " + state);
    };
  }

  private State begin() {
    digits = 0;
    left = 0;
    ignored = 0;
    return State.SIZE;
  }

  private State size(byte octet) {
    int digit = Character.digit(octet, 16);
    if (digit >= 0) {
      digits++;
      if (digits > MAX_DIGITS) {
        throw malformed("a chunk's size has more than " + MAX_DIGITS + " digits");
      }
      left = left << 4 | digit;
      return State.SIZE;
    }
    if (digits == 0) {
      throw malformed("a chunk begins with no hexadecimal size");
    }
    if (octet == '\r') {
      return State.SIZE_END;
    }
    if (octet == ';') {
      return State.EXTENSION;
    }
    throw malformed("a chunk's size is not hexadecimal");
  }

  private State extension(byte octet) {
    return octet == '\r' ? State.SIZE_END : ignore(octet, State.EXTENSION);
  }

  private State afterSize() {
    ignored = 0;
    return left == 0 ? State.TRAILER_START : State.DATA;
  }

  private State ignore(byte octet, State next) {
    if (octet == '\n' || octet == 0) {
      throw malformed("a line between chunks ends in LF alone, or has NUL");
    }
    ignored++;
    if (ignored > MAX_IGNORED) {
      throw malformed("chunk extensions or trailers have more than " + MAX_IGNORED + " bytes");
    }
    return next;
  }

  private static State expect(byte octet, char wanted, State next) {
    if (octet != wanted) {
      throw malformed("a chunk does not end where its size says, or a line not in CR LF");
    }
    return next;
  }

  private static ProblemException malformed(String detail) {
    return new ProblemException(Status.BAD_REQUEST, "the body is malformed: " + detail);
  }
}

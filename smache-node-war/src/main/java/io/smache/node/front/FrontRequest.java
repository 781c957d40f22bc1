package io.smache.node.front;

import io.smache.node.api.message.Request;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import org.jspecify.annotations.Nullable;

/** A request that the front has decoded. Its body is set when all of it is there. */
final class FrontRequest implements Request {
  private static final byte[] NO_BODY = {};
  private static final String ASTERISK = "*";

  private final String path;
  private final @Nullable String query;

  /** Of a target in absolute form, null of one in origin form. */
  private final @Nullable String authority;

  private final long length;
  private final String remoteAddress;
  private Head head;
  private byte[] body = NO_BODY;
  private @Nullable GatheredBody reserved;

  private FrontRequest(Head head, String target, int path, long length, String remoteAddress) {
    int mark = target.indexOf('?', path);
    int end = mark < 0 ? target.length() : mark;
    this.head = head;
    this.path = end == path ? "/" : target.substring(path, end);
    this.query = end >= target.length() - 1 ? null : target.substring(end + 1);
    this.authority = path == 0 ? null : target.substring(target.indexOf("//") + 2, path);
    this.length = length;
    this.remoteAddress = remoteAddress;
  }

  /**
   * Begins a request without a body.
   *
   * @param head of which only the copy that {@link #keep} makes outlives the next request
   * @param length that was announced, else -1
   * @throws ProblemException 400 when the target has no path (RFC 9112, section 3.2)
   */
  static FrontRequest of(Head head, long length, String remoteAddress) {
    String target = head.target();
    if (target.charAt(0) == '/') {
      return new FrontRequest(head, target, 0, length, remoteAddress);
    }
    if (target.equals(ASTERISK) && head.method().equals("OPTIONS")) {
      return new FrontRequest(head, ASTERISK, 0, length, remoteAddress);
    }
    if (!target.regionMatches(true, 0, "http://", 0, 7)
        && !target.regionMatches(true, 0, "https://", 0, 8)) {
      throw new ProblemException(
          Status.BAD_REQUEST,
          "the target is '%s' but must begin with / or http://".formatted(target));
    }
    int path = endOfAuthority(target, target.indexOf("//") + 2);
    return new FrontRequest(head, target, path, length, remoteAddress);
  }

  private static int endOfAuthority(String target, int start) {
    int end = start;
    while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
      end++;
    }
    return end;
  }

  /** Returns whether the target is the whole server. */
  boolean isOfServer() {
    return path.equals(ASTERISK);
  }

  /** Returns whether the version is 1.0. */
  boolean isHttp10() {
    return head.isHttp10();
  }

  /** Returns how many bytes the body has. */
  int size() {
    return body.length;
  }

  /** Keeps the head beyond the next request. */
  void keep() {
    head = head.copy();
  }

  /** Sets the whole body, which is taken and not copied. */
  void body(byte[] bytes) {
    body = bytes;
  }

  /** Sets the whole body, whose memory stays reserved until the request has {@link #end ended}. */
  void body(GatheredBody gathered) {
    body = gathered.bytes();
    reserved = gathered;
  }

  /** Gives reserved memory back: the API has read the request. */
  void end() {
    if (reserved != null) {
      reserved.end();
    }
  }

  @Override
  public String protocol() {
    return isHttp10() ? "HTTP/1.0" : "HTTP/1.1";
  }

  @Override
  public String method() {
    return head.method();
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public String base() {
    return "";
  }

  @Override
  public @Nullable String query() {
    return query;
  }

  @Override
  public @Nullable String field(String name) {
    return head.value(name);
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public byte[] body(int most) {
    if (Math.max(length, body.length) > most) {
      throw Request.tooLarge(most);
    }
    return body;
  }

  @Override
  public String host() {
    String host = authority == null ? String.valueOf(head.value("Host")) : authority;
    int end = host.startsWith("[") ? host.indexOf(']') + 1 : host.indexOf(':');
    return end <= 0 ? host : host.substring(0, end);
  }

  @Override
  public String remoteAddress() {
    return remoteAddress;
  }
}

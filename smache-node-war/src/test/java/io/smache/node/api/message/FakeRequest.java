package io.smache.node.api.message;

import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A request that a test makes. */
public final class FakeRequest implements Request {
  private final String method;
  private final String path;
  private final @Nullable String query;
  private final Map<String, String> fields = new TreeMap<>();
  private byte[] body = {};
  private String remoteAddress = "127.0.0.1";

  /** Makes a request of a method and a target such as {@code /api?key=k}. */
  public FakeRequest(String method, String target) {
    int mark = target.indexOf('?');
    this.method = method;
    this.path = mark < 0 ? target : target.substring(0, mark);
    this.query = mark < 0 ? null : target.substring(mark + 1);
  }

  /** Adds a line of a field. */
  public FakeRequest with(String name, String value) {
    fields.merge(name.toLowerCase(Locale.ROOT), value, (one, other) -> one + ", " + other);
    return this;
  }

  public FakeRequest body(String text) {
    return body(text.getBytes(StandardCharsets.UTF_8));
  }

  public FakeRequest body(byte[] bytes) {
    body = bytes;
    return this;
  }

  public FakeRequest from(String address) {
    remoteAddress = address;
    return this;
  }

  @Override
  public String protocol() {
    return "HTTP/1.1";
  }

  @Override
  public String method() {
    return method;
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
    return fields.get(name.toLowerCase(Locale.ROOT));
  }

  @Override
  public long length() {
    return body.length;
  }

  @Override
  public byte[] body(int most) {
    if (body.length > most) {
      throw new ProblemException(
          Status.CONTENT_TOO_LARGE, "the body may have at most " + most + " bytes");
    }
    return body;
  }

  @Override
  public String host() {
    return "127.0.0.1";
  }

  @Override
  public String remoteAddress() {
    return remoteAddress;
  }
}

package io.smache.protocol.http;

import io.smache.protocol.message.HttpDate;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import jakarta.ws.rs.core.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A response whose {@code Content-Type} goes out as it was said. Jakarta REST reads a media type
 * out of it and spells it anew, and so do servers with a charset. So an application says it in the
 * field {@value #EXACT}, which goes no further than this, and whatever else is said does not count.
 */
public final class ExactTypeResponse extends HttpServletResponseWrapper {
  /** Field in which a type is said that has parameters. */
  public static final String EXACT = "Smache-Content-Type";

  private static final String UNDERTOW = "io.undertow.servlet.spec.HttpServletResponseImpl";

  private @Nullable String exact;

  ExactTypeResponse(HttpServletResponse response) {
    super(response);
  }

  @Override
  public void setContentType(String type) {
    if (exact == null) {
      super.setContentType(type);
    }
  }

  @Override
  public void setHeader(String name, String value) {
    if (!isType(name, value)) {
      super.setHeader(name, value);
    }
  }

  @Override
  public void addHeader(String name, String value) {
    if (!isType(name, value)) {
      super.addHeader(name, value);
    }
  }

  /** Keeps the date, which every answer says. */
  @Override
  public void reset() {
    exact = null;
    super.reset();
    super.setHeader(HttpHeaders.DATE, HttpDate.now());
  }

  private boolean isType(String name, String value) {
    if (name.equalsIgnoreCase(EXACT)) {
      exact = value;
      super.setHeader(HttpHeaders.CONTENT_TYPE, value);
      putIntoExchange(value);
      return true;
    }
    return exact != null && name.equalsIgnoreCase(HttpHeaders.CONTENT_TYPE);
  }

  /**
   * Past Undertow's response, whose exchange takes any value; by reflection, as this is the only
   * thing that is known of that server here.
   */
  private void putIntoExchange(String type) {
    Object response = getResponse();
    if (!response.getClass().getName().equals(UNDERTOW)) {
      return;
    }
    try {
      Object exchange = response.getClass().getMethod("getExchange").invoke(response);
      Object fields = exchange.getClass().getMethod("getResponseHeaders").invoke(exchange);
      ClassLoader undertow = fields.getClass().getClassLoader();
      Class<?> names = Class.forName("io.undertow.util.Headers", true, undertow);
      Object name = names.getField("CONTENT_TYPE").get(null);
      fields.getClass().getMethod("put", name.getClass(), String.class).invoke(fields, name, type);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this version of Undertow has another response", e);
    }
  }
}

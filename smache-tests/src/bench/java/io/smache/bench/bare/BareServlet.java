package io.smache.bench.bare;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The least that a server does for a request: the same bytes for everybody. */
@WebServlet("/value")
public final class BareServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final byte[] VALUE =
      "{\"color\":\"blue\",\"size\":42,\"tags\":[\"a\",\"b\",\"c\"]}".getBytes(StandardCharsets.UTF_8);

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("application/json");
    response.setContentLength(VALUE.length);
    response.getOutputStream().write(VALUE);
  }
}

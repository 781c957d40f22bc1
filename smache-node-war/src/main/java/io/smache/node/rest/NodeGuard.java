package io.smache.node.rest;

import io.smache.protocol.http.HttpGuard;
import io.smache.protocol.message.Problem;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * The first filter of a node: refuses what HTTP forbids, and paths that a server has cut. {@code
 * WEB-INF/web.xml} says where it stands. Thread-safe.
 */
public final class NodeGuard extends HttpGuard {
  private static final long serialVersionUID = 1L;

  @Override
  protected @Nullable Problem refused(HttpServletRequest request) {
    return PathParameters.refused(request);
  }
}

package io.smache.node.http;

import io.smache.protocol.http.HttpGuard;
import io.smache.protocol.http.Problem;
import io.smache.protocol.settings.Settings;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * The first filter of a node: refuses what HTTP forbids, paths that a server would cut, and writes
 * of pages of other origins. {@code WEB-INF/web.xml} says where it stands. Thread-safe.
 */
public final class NodeGuard extends HttpGuard {
  private static final long serialVersionUID = 1L;

  private transient Origins allowed = Origins.NONE;

  @Override
  public void init() {
    allowed = Origins.allowed(Settings.ofApplication());
  }

  @Override
  protected @Nullable Problem refused(HttpServletRequest request) {
    Problem path = PathParameters.refused(request);
    return path == null ? CrossSite.refused(request, allowed) : path;
  }
}

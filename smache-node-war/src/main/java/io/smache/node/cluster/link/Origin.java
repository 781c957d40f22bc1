package io.smache.node.cluster.link;

import java.net.InetSocketAddress;
import java.net.URI;

/**
 * Where connections lead.
 *
 * @param secure whether by TLS
 */
record Origin(boolean secure, String host, int port) {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  static Origin of(URI url) {
    boolean secure = "https".equalsIgnoreCase(url.getScheme());
    int port = url.getPort() >= 0 ? url.getPort() : secure ? HTTPS : HTTP;
    return new Origin(secure, url.getHost(), port);
  }

  /** Returns the address, its name still to be looked up. */
  InetSocketAddress address() {
    String plain = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return InetSocketAddress.createUnresolved(plain, port);
  }
}

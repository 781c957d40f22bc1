package io.smache.tests;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server in the place of a node, which counts requests and answers all of them alike. */
final class StubNode implements AutoCloseable {
  /** The status that stands for no answer: the connection is closed instead. */
  static final int CLOSE = 0;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> hosts = new CopyOnWriteArrayList<>();
  private final int status;

  StubNode(int status) {
    this.status = status;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Returns the Host fields of the requests that have arrived. */
  List<String> hosts() {
    return hosts;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String host = exchange.getRequestHeaders().getFirst("Host");
    if (host != null) { // a balancer that looks whether the node lives names none
      hosts.add(host);
    }
    exchange.getRequestBody().readAllBytes();
    if (status != CLOSE) {
      exchange.sendResponseHeaders(status, -1);
    }
    exchange.close();
  }
}

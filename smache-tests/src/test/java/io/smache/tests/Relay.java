package io.smache.tests;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ServerSocketFactory;

/**
 * Stands before a server on the loopback interface as a load balancer would, and hands on what
 * comes: it may speak TLS to the outside, and it may be led to another server.
 */
final class Relay implements AutoCloseable {
  private final ServerSocket listening;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile int target;

  /**
   * Opens a relay.
   *
   * @param sockets those of TLS, or plain ones
   * @param target port of the server behind it
   */
  Relay(ServerSocketFactory sockets, int target) {
    this.target = target;
    try {
      listening = sockets.createServerSocket(0, 0, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    begin(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** Leads to another server from now on, and cuts the connections to the one before. */
  void leadTo(int port) {
    target = port;
    open.forEach(Relay::cut);
  }

  @Override
  public void close() throws IOException {
    listening.close();
    open.forEach(Relay::cut);
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        open.add(client);
        begin(() -> serve(client));
      } catch (IOException e) {
        // Closed, or a client that was gone before it was served: neither is for others to know.
      }
    }
  }

  private void serve(Socket client) {
    try (Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
      open.add(server);
      begin(() -> pump(server, client));
      pump(client, server);
      open.remove(server);
    } catch (IOException e) {
      cut(client);
    } finally {
      open.remove(client);
    }
  }

  /** Hands on what one says until it ends; then neither has more to say. */
  private static void pump(Socket from, Socket to) {
    try (InputStream in = from.getInputStream()) {
      in.transferTo(to.getOutputStream());
    } catch (IOException e) {
      // The end of a connection by force, which the other side shall see, too.
    } finally {
      cut(to);
    }
  }

  private static void cut(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void begin(Runnable work) {
    Thread thread = new Thread(work, "relay");
    thread.setDaemon(true);
    thread.start();
  }
}

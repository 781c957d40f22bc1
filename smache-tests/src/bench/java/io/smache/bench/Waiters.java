package io.smache.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * Holds many GETs that wait for values nobody writes, each on a connection of its own, and asks
 * again whenever one is answered. Says when all of them wait.
 */
public final class Waiters {
  private static final int BUFFER = 1 << 12;

  private final URI url;
  private final String target;
  private final Selector selector;
  private final ByteBuffer read = ByteBuffer.allocate(BUFFER);

  private Waiters(URI url, String target) throws IOException {
    this.url = url;
    this.target = target;
    this.selector = Selector.open();
  }

  /**
   * Goes on until it is killed.
   *
   * @param arguments URL of the node, how many, and what each asks for; KEY stands for its number
   */
  public static void main(String[] arguments) throws IOException {
    Waiters waiters = new Waiters(URI.create(arguments[0]), arguments[2]);
    int count = Integer.parseInt(arguments[1]);
    for (int i = 0; i < count; i++) {
      waiters.begin(i);
    }
    System.out.println(count + " wait");
    while (true) {
      waiters.serve();
    }
  }

  private void begin(int number) throws IOException {
    SocketChannel channel =
        SocketChannel.open(new InetSocketAddress(url.getHost(), url.getPort()));
    ask(channel, number);
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, number);
  }

  private void ask(SocketChannel channel, int number) throws IOException {
    String path = target.replace("KEY", "waited-" + number);
    String request = "GET " + path + " HTTP/1.1\r\nHost: " + url.getAuthority() + "\r\n\r\n";
    channel.write(ByteBuffer.wrap(request.getBytes(ISO_8859_1)));
  }

  private void serve() throws IOException {
    selector.select();
    for (SelectionKey key : selector.selectedKeys()) {
      SocketChannel channel = (SocketChannel) key.channel();
      int number = (Integer) key.attachment();
      read.clear();
      if (channel.read(read) < 0) {
        channel.close();
        System.out.println("a connection was closed");
      } else {
        ask(channel, number);
      }
    }
    selector.selectedKeys().clear();
  }
}

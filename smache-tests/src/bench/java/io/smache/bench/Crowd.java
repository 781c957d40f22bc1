package io.smache.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Holds many connections to a node that take its time and memory and give it little to do. What the
 * node closes is opened again. Says when all are there.
 */
public final class Crowd {
  /** What happens once a second does not happen to all at the same moment. */
  private static final int STEPS = 500;

  private static final int PAUSE_MILLIS = 1_000 / STEPS;
  private static final int SMALL_BUFFER = 1 << 12;

  private final InetSocketAddress address;
  private final Kind kind;
  private final List<SocketChannel> members = new ArrayList<>();
  private final ByteBuffer nothing = ByteBuffer.allocate(1);

  /** What the connections do: first they send something, then a little of it every second. */
  private enum Kind {
    /** Nothing, after one answered request. */
    IDLE("GET /healthcheck HTTP/1.1\r\nHost: x\r\n\r\n", ""),
    /** A head that does not end. */
    HEADS("GET /api?key=1 HTTP/1.1\r\nHost: x\r\nX-Slow: ", "x"),
    /** A body that does not end. */
    BODIES("PUT /api/caches/bench/entries/slow HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n", "x"),
    /** Nothing, after requests for more than the connection holds. */
    READERS("GET /api/caches/bench/entries/large HTTP/1.1\r\nHost: x\r\n\r\n".repeat(12), "");

    private final String first;
    private final String then;

    Kind(String first, String then) {
      this.first = first;
      this.then = then;
    }
  }

  private Crowd(URI url, Kind kind) {
    this.address = new InetSocketAddress(url.getHost(), url.getPort());
    this.kind = kind;
  }

  /**
   * Goes on until it is killed.
   *
   * @param arguments URL of the node, how many connections of each kind, and the kinds: idle, heads,
   *     bodies, readers
   */
  public static void main(String[] arguments) throws Exception {
    List<Crowd> crowds = new ArrayList<>();
    for (int i = 2; i < arguments.length; i++) {
      Kind kind = Kind.valueOf(arguments[i].toUpperCase(Locale.ROOT));
      Crowd crowd = new Crowd(URI.create(arguments[0]), kind);
      crowd.gather(Integer.parseInt(arguments[1]));
      crowds.add(crowd);
    }
    System.out.println("all are there");
    for (int step = 0; true; step = (step + 1) % STEPS) {
      Thread.sleep(PAUSE_MILLIS);
      for (Crowd each : crowds) {
        each.goOn(step);
      }
    }
  }

  private void gather(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      members.add(opened());
    }
  }

  private SocketChannel opened() throws IOException {
    SocketChannel channel = SocketChannel.open();
    if (kind == Kind.READERS) {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_BUFFER);
    }
    channel.connect(address);
    channel.write(ByteBuffer.wrap(kind.first.getBytes(ISO_8859_1)));
    channel.configureBlocking(false);
    return channel;
  }

  private void goOn(int step) throws IOException {
    int again = 0;
    for (int i = step; i < members.size(); i += STEPS) {
      if (!isOpen(members.get(i))) {
        members.get(i).close();
        members.set(i, opened());
        again++;
      }
    }
    if (again > 0) {
      System.out.println(kind + ": " + again + " were closed");
    }
  }

  private boolean isOpen(SocketChannel channel) {
    try {
      nothing.clear();
      boolean open = kind == Kind.READERS || channel.read(nothing) >= 0;
      channel.write(ByteBuffer.wrap(kind.then.getBytes(ISO_8859_1)));
      return open;
    } catch (IOException e) {
      return false;
    }
  }
}

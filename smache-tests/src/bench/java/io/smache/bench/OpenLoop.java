package io.smache.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Sends requests when they are due, whether or not the ones before are answered in time, half of
 * them GETs and half PUTs; a time counts from the moment at which its request was due, so that
 * whatever makes a request wait shows. First fills the cache, then warms up, then measures.
 */
public final class OpenLoop {
  private static final int CONNECTIONS = 64;
  private static final int BATCH = 500;
  private static final String CACHE = "/api/caches/bench";
  private static final String VALUE = "v".repeat(98);

  private final URI url;
  private final int rate;
  private final int entries;
  private final AtomicLong failed = new AtomicLong();

  private OpenLoop(URI url, int rate, int entries) {
    this.url = url;
    this.rate = rate;
    this.entries = entries;
  }

  /**
   * Prints a line with percentiles.
   *
   * @param arguments URL of the node, requests a second, seconds of warm-up and of measuring, number
   *     of entries
   */
  public static void main(String[] arguments) throws Exception {
    OpenLoop loop =
        new OpenLoop(
            URI.create(arguments[0]),
            Integer.parseInt(arguments[1]),
            Integer.parseInt(arguments[4]));
    loop.fill();
    loop.run(Integer.parseInt(arguments[2]));
    loop.failed.set(0);
    Histogram all = loop.run(Integer.parseInt(arguments[3]));
    System.out.printf(
        Locale.ROOT,
        "%d requests, %d failed; ms from when they were due: p50 %.2f  p99 %.2f  p99.9 %.2f  p99.99"
            + " %.2f  max %.2f%n",
        all.getTotalCount(),
        loop.failed.get(),
        millis(all, 50),
        millis(all, 99),
        millis(all, 99.9),
        millis(all, 99.99),
        millis(all, 100));
  }

  private static double millis(Histogram all, double percentile) {
    return all.getValueAtPercentile(percentile) / 1e6;
  }

  private void fill() throws IOException {
    try (Connection connection = new Connection(url)) {
      for (int first = 0; first < entries; first += BATCH) {
        StringBuilder body = new StringBuilder("[");
        for (int i = first; i < Math.min(entries, first + BATCH); i++) {
          body.append(i == first ? "" : ",")
              .append("{\"op\":\"put\",\"key\":\"%s\",\"value\":\"%s\"}".formatted(key(i), VALUE));
        }
        int status = connection.ask(request("POST", CACHE + "/batch", body.append(']').toString()));
        if (status != 200) {
          throw new IOException("a batch was answered with " + status);
        }
      }
    }
  }

  private Histogram run(int seconds) throws InterruptedException {
    List<Histogram> parts = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    long begin = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
    for (int i = 0; i < CONNECTIONS; i++) {
      Histogram part = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
      parts.add(part);
      long step = TimeUnit.SECONDS.toNanos(1) * CONNECTIONS / rate;
      long first = begin + i * step / CONNECTIONS;
      Thread thread = new Thread(() -> drive(first, step, begin, seconds, part));
      threads.add(thread);
      thread.start();
    }
    Histogram all = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
    for (int i = 0; i < CONNECTIONS; i++) {
      threads.get(i).join();
      all.add(parts.get(i));
    }
    return all;
  }

  private void drive(long first, long step, long begin, int seconds, Histogram times) {
    long end = begin + TimeUnit.SECONDS.toNanos(seconds);
    try (Connection connection = new Connection(url)) {
      for (long due = first; due - end < 0; due += step) {
        while (System.nanoTime() - due < 0) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
        int status = connection.ask(next());
        times.recordValue(System.nanoTime() - due);
        if (status >= 300) {
          failed.incrementAndGet();
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] next() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    String target = CACHE + "/entries/" + key(random.nextInt(entries));
    return random.nextBoolean()
        ? request("GET", target, "")
        : request("PUT", target, '"' + VALUE + '"');
  }

  private static String key(int number) {
    return "key-%012d".formatted(number);
  }

  private byte[] request(String method, String target, String body) {
    return (method
            + " "
            + target
            + " HTTP/1.1\r\nHost: "
            + url.getAuthority()
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(ISO_8859_1);
  }

  /** One connection that is kept, with the little of HTTP/1.1 that our answers need. */
  private static final class Connection implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    Connection(URI url) throws IOException {
      socket = new Socket(url.getHost(), url.getPort());
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream());
      out = socket.getOutputStream();
    }

    /** Returns the status of the answer, once all of it is here. */
    int ask(byte[] request) throws IOException {
      out.write(request);
      int status = Integer.parseInt(line().split(" ", 3)[1]);
      int length = 0;
      boolean chunked = false;
      for (String line = line(); !line.isEmpty(); line = line()) {
        String field = line.toLowerCase(Locale.ROOT);
        if (field.startsWith("content-length:")) {
          length = Integer.parseInt(field.substring(15).strip());
        } else if (field.startsWith("transfer-encoding:")) {
          chunked = true;
        }
      }
      in.skipNBytes(length);
      while (chunked) {
        int chunk = Integer.parseInt(line(), 16);
        in.skipNBytes(chunk);
        line();
        chunked = chunk > 0;
      }
      return status;
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new EOFException("the node has closed the connection");
        }
        if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}

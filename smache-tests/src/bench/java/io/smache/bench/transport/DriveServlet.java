package io.smache.bench.transport;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends messages from inside the server to another one for some seconds, a few at a time, each when
 * the answer before is there, and answers with how many a second that were.
 */
@WebServlet("/drive")
public final class DriveServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private final transient ExecutorService threads = Executors.newFixedThreadPool(2);

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    URI server = URI.create(request.getParameter("server"));
    int ways = Integer.parseInt(request.getParameter("ways"));
    byte[] message = new byte[Integer.parseInt(request.getParameter("bytes"))];
    int seconds = Integer.parseInt(request.getParameter("seconds"));
    List<Transport> transports = new ArrayList<>();
    for (int i = 0; i < ways; i++) {
      transports.add(transport(request.getParameter("transport"), server));
    }
    response.setContentType("text/plain");
    response.getWriter().println(rate(transports, message, seconds));
    for (Transport each : transports) {
      each.close();
    }
  }

  @Override
  public void destroy() {
    threads.shutdown();
  }

  private Transport transport(String name, URI server) throws IOException {
    return switch (name) {
      case "jdk" -> Transport.ofJdk(server, threads);
      case "rest" -> Transport.ofRest(server);
      case "socket" -> Transport.ofSocket(server);
      default -> throw new IOException("no transport " + name);
    };
  }

  private static long rate(List<Transport> transports, byte[] message, int seconds) {
    long began = System.nanoTime();
    long end = began + TimeUnit.SECONDS.toNanos(seconds);
    AtomicLong sent = new AtomicLong();
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (Transport transport : transports) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      all.add(done);
      next(transport, message, end, sent, done);
    }
    all.forEach(CompletableFuture::join);
    return sent.get() * TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - began);
  }

  private static void next(
      Transport transport,
      byte[] message,
      long end,
      AtomicLong sent,
      CompletableFuture<Void> done) {
    transport
        .send(message)
        .whenComplete(
            (answer, failure) -> {
              if (failure != null) {
                done.completeExceptionally(failure);
              } else if (answer.length != message.length) {
                done.completeExceptionally(new IOException("a wrong answer"));
              } else if (System.nanoTime() - end >= 0) {
                done.complete(null);
              } else {
                sent.incrementAndGet();
                next(transport, message, end, sent, done);
              }
            });
  }
}

package io.smache.node.http;

import io.smache.node.cache.Cache;
import io.smache.node.shard.ValueLimit;
import io.smache.node.store.Invalidation;
import io.smache.protocol.http.JsonProvider;
import io.smache.protocol.http.Problem;
import io.smache.protocol.http.ProblemException;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Batches of lines, streamed both ways. In front of Jakarta REST and not in it, because Jersey
 * keeps the first kilobytes of an answer back however often it is flushed. {@code WEB-INF/web.xml}
 * says where it stands.
 */
public final class BatchStreamFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = System.getLogger(BatchStreamFilter.class.getName());
  private static final Pattern PATH = Pattern.compile("/api/caches/([^/]*)/batch");

  /** Media type of JSON texts, one a line. */
  private static final String NDJSON = "application/x-ndjson";

  /** Each holds a thread of its own while its client sends and reads. */
  private static final int MAX_STREAMS = 8;

  private final transient Semaphore streams = new Semaphore(MAX_STREAMS);

  @Inject transient Cache cache;
  @Inject transient Invalidations invalidations;
  @Inject @ValueLimit int valueLimit;
  @Resource transient ManagedThreadFactory threads;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!isStream(request)) {
      chain.doFilter(request, response);
      return;
    }
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    try {
      Matcher path = path(request);
      stream(path.replaceFirst("$1"), request, response);
    } catch (ProblemException e) {
      refuse(response, e.problem());
    }
  }

  /** Returns whether a request is a batch of lines. */
  static boolean isStream(HttpServletRequest request) {
    String type = request.getContentType();
    return request.getMethod().equals(HttpMethod.POST)
        && type != null
        && type.split(";", 2)[0].strip().equalsIgnoreCase(NDJSON)
        && path(request).matches();
  }

  private static Matcher path(HttpServletRequest request) {
    return PATH.matcher(request.getRequestURI().substring(request.getContextPath().length()));
  }

  private void stream(String name, HttpServletRequest request, HttpServletResponse response) {
    Query.of(request).allowing();
    String checked = EntryAddress.cache(name);
    Body.refuseAnnounced(request, BatchResource.MAX_BYTES);
    List<String> groups = Groups.of(request, Groups.INVALIDATION).orElse(List.of());
    if (!streams.tryAcquire()) {
      throw new ProblemException(
          Status.SERVICE_UNAVAILABLE, "too many batches are streamed at the same time");
    }
    AsyncContext exchange = request.startAsync();
    exchange.setTimeout(0);
    CompletableFuture<Void> done = new CompletableFuture<>();
    CompletionGate.await(request, done).thenRun(exchange::complete);
    Runnable exchanging =
        () -> {
          try {
            pump(checked, groups, request, response);
          } catch (IOException e) {
            LOG.log(Level.DEBUG, "the client of a batch is gone", e);
          } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a batch failed unexpectedly", e);
          } finally {
            streams.release();
            done.complete(null);
          }
        };
    threads.newThread(exchanging).start();
  }

  private void pump(
      String name, List<String> groups, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    boolean invalidated =
        groups.isEmpty()
            || invalidations
                .apply(name, Invalidation.ofGroups(groups))
                .toCompletableFuture()
                .join()
                .isEmpty();
    if (!invalidated) {
      Status status = Status.SERVICE_UNAVAILABLE;
      String detail = "not invalidated at all nodes; the same request may be sent again";
      refuse(response, new Problem(status.getReasonPhrase(), status.getStatusCode(), detail));
      return;
    }
    if (!groups.isEmpty()) {
      response.setHeader(Groups.INVALIDATION, Groups.format(groups));
    }
    response.setContentType(NDJSON);
    new BatchStream(name, cache, valueLimit)
        .pump(request.getInputStream(), response.getOutputStream());
  }

  private static void refuse(HttpServletResponse response, Problem problem) throws IOException {
    if (problem.status() == Status.SERVICE_UNAVAILABLE.getStatusCode()) {
      response.setIntHeader(HttpHeaders.RETRY_AFTER, Unavailable.RETRY_SECONDS);
    }
    response.setStatus(problem.status());
    response.setContentType(Problem.MEDIA_TYPE);
    JsonProvider.MAPPER.writeValue(response.getOutputStream(), problem);
  }
}

package io.smache.node.rest;

import io.smache.node.api.Api;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;

/** Brings requests of Jakarta REST to the API. Thread-safe. */
@Dependent
class Door {
  private final Api api;
  private final ExecutorService executor;

  @Inject
  Door(Api api, ExecutorService executor) {
    this.api = api;
    this.executor = executor;
  }

  /** Completes with the response, once the request's thread has left. */
  CompletionStage<Response> answer(HttpServletRequest request) {
    return CompletionGate.await(
            request, api.reply(new ServerRequest(OpaqueRequest.transparent(request))), executor)
        .thenApply(ReplyWriter::response);
  }
}

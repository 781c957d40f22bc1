package io.smache.node.api;

import io.smache.node.api.Endpoint.Handler;
import io.smache.node.api.access.Access;
import io.smache.node.api.access.Right;
import io.smache.node.api.entry.EntryAddress;
import io.smache.node.api.message.Reply;
import io.smache.node.api.message.Request;
import io.smache.node.store.KeyException;
import io.smache.node.store.Operation;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Puts checks of who sends a request in front of handlers. Thread-safe. */
final class Guards {
  private final Access access;

  Guards(Access access) {
    this.access = access;
  }

  /** Answers a request of which only its head and body count. */
  @FunctionalInterface
  interface Plain {
    CompletionStage<Reply> reply(Request request) throws KeyException, IOException;
  }

  /** Refuses a request. */
  @FunctionalInterface
  private interface Check {
    /** Completes with the refusal; null for none. */
    @Nullable CompletionStage<Reply> refuse(Request request, EntryAddress address);
  }

  private static Handler behind(Check check, Handler handler) {
    return (request, address) -> {
      CompletionStage<Reply> refused = check.refuse(request, address);
      return refused == null ? handler.reply(request, address) : refused;
    };
  }

  /** Needs a right for the cache that the path names. */
  Handler of(Right right, Handler handler) {
    return behind(
        (request, address) ->
            access.isOpen() ? null : access.refuse(request, right, address.cache()),
        handler);
  }

  /** Needs a right for the cache of the simple API. */
  Handler ofDefault(Right right, Plain handler) {
    return behind(
        (request, none) -> access.refuse(request, right, Operation.DEFAULT_CACHE),
        (request, none) -> handler.reply(request));
  }

  /** Needs the right to read at least some cache. */
  Handler reading(Handler handler) {
    return behind((request, none) -> access.refuseAnywhere(request, Right.READ), handler);
  }

  /** Needs the right to see what all clients do. */
  Handler administering(Plain handler) {
    return behind(
        (request, none) -> access.refuseEverywhere(request, Right.ADMIN),
        (request, none) -> handler.reply(request));
  }

  /** Needs a token, if there are any; its rights are checked later. */
  Handler known(Handler handler) {
    return behind((request, address) -> access.refuseUnknown(request), handler);
  }

  /** Needs authority over the cache that the path names. */
  Handler administration(Handler handler) {
    return behind(
        (request, address) -> access.refuseAdministration(request, address.cache()), handler);
  }

  /** Needs authority over the cluster; the handler gets the name of the member in the path. */
  Handler wholeAdministration(Function<String, CompletionStage<Reply>> handler) {
    return behind(
        (request, name) -> access.refuseAdministration(request),
        (request, name) -> handler.apply(name.encodedCache()));
  }

  /** Returns what puts a check in front of a handler. */
  static Function<Handler, Handler> guarded(Function<Request, @Nullable Reply> check) {
    return handler ->
        behind(
            (request, address) -> {
              Reply refused = check.apply(request);
              return refused == null ? null : refused.now();
            },
            handler);
  }
}

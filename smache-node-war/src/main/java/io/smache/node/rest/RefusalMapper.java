package io.smache.node.rest;

import io.smache.node.api.Api;
import io.smache.node.api.message.Reply;
import io.smache.protocol.http.WebApplicationExceptionMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** Answers what Jakarta REST refuses as the API refuses it, whatever the implementation says. */
@Provider
@ApplicationScoped
public class RefusalMapper implements ExceptionMapper<WebApplicationException> {
  private final WebApplicationExceptionMapper others = new WebApplicationExceptionMapper();

  @Inject Api api;
  @Context HttpServletRequest request;

  @Override
  public Response toResponse(WebApplicationException exception) {
    Reply refusal = api.call(new ServerRequest(OpaqueRequest.transparent(request))).refusal();
    return refusal == null ? others.toResponse(exception) : ReplyWriter.response(refusal);
  }
}

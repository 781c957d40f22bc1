package io.smache.uplink;

import io.smache.protocol.PartitionTable;
import io.smache.protocol.TableDifference;
import io.smache.protocol.http.Responses;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The partition table: its ETag is the epoch. */
@Path("table")
@ClusterOnly
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class TableResource {
  @Inject Registry registry;

  /** Returns the table, 304 when the caller has it already, 503 while there is none. */
  @GET
  public Response table(@Context Request request) {
    Optional<PartitionTable> table = registry.table();
    if (table.isEmpty()) {
      return Responses.problem(Status.SERVICE_UNAVAILABLE, reason())
          .header(HttpHeaders.RETRY_AFTER, 1)
          .build();
    }
    EntityTag epoch = new EntityTag(Long.toString(table.get().epoch()));
    ResponseBuilder unchanged = request.evaluatePreconditions(epoch);
    return unchanged != null
        ? unchanged.tag(epoch).build()
        : Response.ok(table.get()).tag(epoch).build();
  }

  /** Returns what leads from the table of an epoch to the next; 404 when it is no longer known. */
  @GET
  @Path("changes/{epoch}")
  public TableDifference changes(@PathParam("epoch") long epoch) {
    return registry
        .differenceTo(epoch)
        .orElseThrow(
            () ->
                new ProblemException(
                    Status.NOT_FOUND, "what followed epoch " + epoch + " is not known"));
  }

  /**
   * Takes the table that a node has in force. An uplink that was restarted continues from it.
   *
   * @throws RefusedException when it is a table of another cluster: 409
   */
  @PUT
  @Consumes(MediaType.APPLICATION_JSON)
  public void offer(@Nullable PartitionTable table) throws RefusedException {
    if (table == null) {
      throw new ProblemException(Status.BAD_REQUEST, "a partition table is missing");
    }
    registry.offer(table);
  }

  private String reason() {
    return registry.isListening()
        ? "uplink has just started and listens for nodes that hold a table"
        : "there is no member yet";
  }
}

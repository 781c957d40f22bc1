package io.smache.node.http;

import io.smache.node.cache.Broadcast;
import io.smache.node.cache.Broadcast.ClusterReport;
import io.smache.node.cluster.Discovery;
import io.smache.node.cluster.Membership;
import io.smache.node.cluster.RefusedException;
import io.smache.node.store.Command;
import io.smache.node.store.Command.CommandReport;
import io.smache.node.store.Command.Result;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import io.smache.protocol.http.Problem;
import io.smache.protocol.http.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Shows the cluster as this node sees it, and lets members go. */
@Path("api/cluster")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class ClusterResource {
  private static final Command LOOK = new Command.Look();

  @Inject Membership membership;
  @Inject Discovery discovery;
  @Inject Broadcast broadcast;

  /** Returns the epoch of the table in force, 0 for none, and all members. */
  @GET
  public CompletionStage<Response> cluster(@Context HttpServletRequest request) {
    return CompletionGate.await(request, broadcast.command(LOOK))
        .thenApply(reports -> Response.ok(view(reports)).build());
  }

  /** Returns 200 when nothing moves and all members agree on the epoch, else 503. */
  @GET
  @Path("safe")
  public CompletionStage<Response> safe(@Context HttpServletRequest request) {
    return CompletionGate.await(request, broadcast.command(LOOK)).thenApply(this::safe);
  }

  private Response safe(ClusterReport reports) {
    String reason = unsafe(reports);
    return reason == null
        ? Response.ok(new Safe(membership.epoch())).build()
        : Unavailable.response(reason).build();
  }

  private @Nullable String unsafe(ClusterReport reports) {
    if (!reports.missing().isEmpty()) {
      return "no answer from " + String.join(", ", reports.missing());
    }
    if (reports.reports().stream().anyMatch(report -> report.epoch() != membership.epoch())) {
      return "not all members have epoch " + membership.epoch();
    }
    boolean moving =
        reports.reports().stream().map(CommandReport::result).anyMatch(ClusterResource::moves);
    return moving ? "partitions are moving" : null;
  }

  private static boolean moves(Result result) {
    return result instanceof Result.Condition c && (c.arriving() > 0 || c.leaving() > 0);
  }

  /**
   * Drains a member: 202 at once, however long the transfer takes; 404 when there is no such
   * member, 409 when no other member could take its entries.
   */
  @POST
  @Path("members/{name}/drain")
  @Administration
  public CompletionStage<Response> drain(
      @Context HttpServletRequest request, @PathParam("name") String name) {
    if (!Member.isName(name)) {
      throw new ProblemException(Status.NOT_FOUND, "no member can have this name");
    }
    return CompletionGate.await(
        request, discovery.drain(name).handle((done, e) -> drained(name, e)));
  }

  private static Response drained(String name, @Nullable Throwable failure) {
    if (failure == null) {
      return Response.accepted(new Draining(name)).build();
    }
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    Status status =
        cause instanceof RefusedException refused ? Status.fromStatusCode(refused.status()) : null;
    return status == Status.NOT_FOUND || status == Status.CONFLICT
        ? Problem.response(status, String.valueOf(cause.getMessage())).build()
        : Unavailable.response("uplink does not answer; without it no member can leave").build();
  }

  private ClusterView view(ClusterReport reports) {
    List<MemberView> members = new ArrayList<>();
    PartitionTable table = membership.table().orElse(null);
    if (table != null) {
      table.members().forEach(member -> members.add(view(table, member, reports)));
    }
    if (!membership.isActive()) {
      String state = discovery.hasLeft() ? "gone" : "joining";
      members.add(MemberView.of(membership.self(), state, 0, broadcast.condition()));
    }
    membership.gone().stream()
        .filter(name -> !name.equals(membership.self().name()))
        .forEach(
            name -> members.add(new MemberView(name, null, "gone", 0, null, null, null, null)));
    return new ClusterView(membership.clusterId().orElse(null), membership.epoch(), members);
  }

  private static MemberView view(PartitionTable table, Member member, ClusterReport reports) {
    CommandReport report = reports.byMember().get(member.name());
    Result result = report == null ? null : report.result();
    return MemberView.of(
        member,
        table.draining().contains(member.name()) ? "draining" : "active",
        table.partitionsOf(member),
        result instanceof Result.Condition condition ? condition : null);
  }

  /** Nothing moves at this epoch. */
  public record Safe(long epoch) {}

  /** A member is about to leave. */
  public record Draining(String draining) {}

  /**
   * The cluster as one node sees it.
   *
   * @param clusterId names the cluster, null before the first table
   */
  public record ClusterView(@Nullable String clusterId, long epoch, List<MemberView> members) {}

  /**
   * One member. Null is what it did not say.
   *
   * @param state {@code active}, {@code draining} while it is about to leave, {@code gone} after,
   *     or {@code joining} for the asked node before it is in the table
   * @param partitions how many it owns
   * @param arriving how many of them it does not have completely yet
   * @param leaving how many it has not completely handed over yet
   * @param entries how many it keeps, about
   * @param bytes that they take
   */
  public record MemberView(
      String name,
      @Nullable String url,
      String state,
      int partitions,
      @Nullable Integer arriving,
      @Nullable Integer leaving,
      @Nullable Long entries,
      @Nullable Long bytes) {
    static MemberView of(
        Member member, String state, int partitions, Result.@Nullable Condition condition) {
      return condition == null
          ? new MemberView(member.name(), member.url(), state, partitions, null, null, null, null)
          : new MemberView(
              member.name(),
              member.url(),
              state,
              partitions,
              condition.arriving(),
              condition.leaving(),
              condition.entries(),
              condition.bytes());
    }
  }
}

package io.smache.node.http;

import io.smache.node.cluster.Membership;
import io.smache.protocol.Member;
import io.smache.protocol.PartitionTable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;

/** Shows the cluster as this node sees it. */
@Path("api/cluster")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class ClusterResource {
  @Inject Membership membership;

  /** Returns the epoch of the table in force, 0 for none, and all members. */
  @GET
  public ClusterView cluster() {
    List<MemberView> members = new ArrayList<>();
    membership.table().ifPresent(table -> members.addAll(active(table)));
    if (!membership.isActive()) {
      Member self = membership.self();
      members.add(new MemberView(self.name(), self.url(), "joining", 0));
    }
    return new ClusterView(membership.epoch(), members);
  }

  private static List<MemberView> active(PartitionTable table) {
    return table.members().stream()
        .map(
            member ->
                new MemberView(member.name(), member.url(), "active", table.partitionsOf(member)))
        .toList();
  }

  /** The cluster as one node sees it. */
  public record ClusterView(long epoch, List<MemberView> members) {}

  /**
   * One member.
   *
   * @param state {@code active}, or {@code joining} for the asked node before it is in the table
   * @param partitions how many it owns
   */
  public record MemberView(String name, String url, String state, int partitions) {}
}

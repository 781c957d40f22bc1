package io.smache.node.http;

import io.smache.node.store.Command;
import io.smache.node.store.Increment;
import io.smache.node.store.Lifetime;
import io.smache.node.store.Moved;
import io.smache.node.store.Operation;
import io.smache.node.store.Patch;
import io.smache.node.store.Place;
import io.smache.node.store.Put;
import io.smache.protocol.http.ProblemException;
import jakarta.ws.rs.core.Response.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What another node names (caches, groups, media types) and how long it lets an entry live is
 * checked as if a client had sent it. Keys check themselves.
 */
final class PeerCheck {
  private static final String GROUPS = "groups";

  private PeerCheck() {}

  /**
   * Checks an operation.
   *
   * @throws ProblemException 400 naming what is wrong with it
   */
  static void check(Operation operation) {
    EntryAddress.cache(operation.cache());
    groups(operation.invalidates());
    if (operation instanceof Put put) {
      groups(put.groups());
      lifetime(put.lifetime());
      Content.checked("type", put.format().type());
    } else if (operation instanceof Patch patch) {
      groups(patch.groups());
      lifetime(patch.lifetime());
    } else if (operation instanceof Increment increment) {
      lifetime(increment.lifetime());
    }
  }

  /**
   * Checks a command.
   *
   * @throws ProblemException 400 naming what is wrong with it
   */
  static void check(Command command) {
    if (command instanceof Command.Invalidate invalidate) {
      EntryAddress.cache(invalidate.cache());
      groups(invalidate.invalidation().groups());
    } else if (command instanceof Command.Page page) {
      EntryAddress.cache(page.cache());
    } else if (command instanceof Command.Configure configure) {
      configure.configurations().forEach(each -> EntryAddress.cache(each.cache()));
    } else if (command instanceof Command.Hand hand) {
      hand.places().forEach(PeerCheck::check);
      hand.heard().forEach(PeerCheck::check);
    } else if (command instanceof Command.Take take) {
      take.parts().forEach(part -> part.moved().forEach(PeerCheck::check));
    }
  }

  private static void check(Place place) {
    EntryAddress.cache(place.cache());
  }

  private static void check(Moved moved) {
    check(moved.place());
    if (moved.contents() != null) {
      groups(moved.contents().groups());
      Content.checked("type", moved.contents().format().type());
    }
  }

  private static void groups(@Nullable List<String> groups) {
    if (groups != null && !groups.isEmpty()) {
      Groups.checked(GROUPS, groups);
    }
  }

  private static void lifetime(Lifetime lifetime) {
    time("ttl", lifetime.ttl());
    time("idle", lifetime.idle());
    time("stale", lifetime.stale());
  }

  private static void time(String name, @Nullable Long millis) {
    if (millis != null && (millis < 1 || millis > Duration.MAX_LIFE)) {
      throw new ProblemException(
          Status.BAD_REQUEST,
          "%s is %d ms but must be 1 to %d".formatted(name, millis, Duration.MAX_LIFE));
    }
  }
}

package io.smache.node.http;

import io.smache.node.store.CacheConfig;
import io.smache.node.store.Command;
import io.smache.node.store.Configuration;
import io.smache.node.store.Get;
import io.smache.node.store.Increment;
import io.smache.node.store.JsonValue;
import io.smache.node.store.Life;
import io.smache.node.store.Lifetime;
import io.smache.node.store.Moved;
import io.smache.node.store.Operation;
import io.smache.node.store.Patch;
import io.smache.node.store.Place;
import io.smache.node.store.Put;
import io.smache.protocol.http.ProblemException;
import jakarta.ws.rs.core.Response.Status;
import java.math.BigInteger;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What another node names (caches, groups, media types), how long it lets an entry live or a
 * request wait, and the numbers it adds are checked as if a client had sent them. Keys check
 * themselves, and a shard refuses a value that is too large.
 */
final class PeerCheck {
  private static final String GROUPS = "groups";

  /** What a number of so many digits takes. */
  private static final int MAX_BITS = (int) Math.ceil(JsonValue.MAX_DIGITS / Math.log10(2));

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
      digits("by", increment.by());
      digits("initial", increment.initial());
    } else if (operation instanceof Get get) {
      within("lease", get.lease(), 0, Parameters.MAX_LEASE);
      within("wait", get.patience(), 0, Parameters.MAX_WAIT);
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
      configure.configurations().forEach(PeerCheck::check);
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

  private static void check(Configuration configuration) {
    EntryAddress.cache(configuration.cache());
    CacheConfig config = configuration.config();
    if (config != null) {
      time("ttl", config.ttl());
      time("idle", config.idle());
      positive("maxEntries", config.maxEntries());
      positive("maxBytes", config.maxBytes());
      positive("maxValueBytes", config.maxValueBytes());
    }
  }

  private static void check(Moved moved) {
    check(moved.place());
    within("claim", millis(moved.claim()), 0, Parameters.MAX_LEASE);
    Moved.Contents contents = moved.contents();
    if (contents != null) {
      groups(contents.groups());
      Content.checked("type", contents.format().type());
      check(contents.life());
    }
  }

  private static void check(Life life) {
    if (life.ends()) {
      within("end", millis(life.end()), -Duration.MAX_LIFE, Duration.MAX_LIFE);
    }
    within("idle", millis(life.idle()), 0, Duration.MAX_LIFE);
    within("stale", millis(life.stale()), 0, Duration.MAX_LIFE);
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
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
    if (millis != null) {
      within(name, millis, 1, Duration.MAX_LIFE);
    }
  }

  private static void positive(String name, @Nullable Long number) {
    if (number != null) {
      within(name, number, 1, Long.MAX_VALUE);
    }
  }

  private static void within(String name, long number, long least, long most) {
    if (number < least || number > most) {
      throw new ProblemException(
          Status.BAD_REQUEST, "%s is %d but must be %d to %d".formatted(name, number, least, most));
    }
  }

  private static void digits(String name, BigInteger number) {
    if (number.bitLength() > MAX_BITS) {
      throw new ProblemException(
          Status.BAD_REQUEST, "%s has more than %d digits".formatted(name, JsonValue.MAX_DIGITS));
    }
  }
}

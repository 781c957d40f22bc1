package io.smache.node.api.peer;

import io.smache.node.api.entry.EntryAddress;
import io.smache.node.api.message.Content;
import io.smache.node.api.message.Groups;
import io.smache.node.api.message.Parameters;
import io.smache.node.api.message.TimeSpan;
import io.smache.node.store.CacheConfig;
import io.smache.node.store.Command;
import io.smache.node.store.Configuration;
import io.smache.node.store.EntryId;
import io.smache.node.store.Expiration;
import io.smache.node.store.Get;
import io.smache.node.store.Increment;
import io.smache.node.store.JsonValue;
import io.smache.node.store.LifetimeSpec;
import io.smache.node.store.Numbered;
import io.smache.node.store.Operation;
import io.smache.node.store.Patch;
import io.smache.node.store.Put;
import io.smache.node.store.TransferredEntry;
import io.smache.node.store.Write;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import java.math.BigInteger;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Checks messages of other nodes as if a client had sent them: names of caches, groups and media
 * types, times, and numbers. Keys check themselves, and a shard refuses values that are too large.
 */
final class PeerValidator {
  private static final String GROUPS = "groups";

  /** The bits of a number with the most digits. */
  private static final int MAX_BITS = (int) Math.ceil(JsonValue.MAX_DIGITS / Math.log10(2));

  private PeerValidator() {}

  /**
   * Checks an operation.
   *
   * @throws ProblemException 400 naming what is wrong with it
   */
  static void check(Operation operation) {
    EntryAddress.checked(operation.cache());
    groups(operation.invalidates());
    if (operation instanceof Numbered numbered) {
      check(numbered);
    } else if (operation instanceof Put put) {
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
      within("claim", get.claim(), 0, Parameters.MAX_CLAIM);
      within("wait", get.timeout(), 0, Parameters.MAX_WAIT);
    }
  }

  private static void check(Numbered numbered) {
    if (!(numbered.operation() instanceof Write)) {
      throw new ProblemException(Status.BAD_REQUEST, "only writes are numbered");
    }
    check(numbered.operation());
  }

  /**
   * Checks a command.
   *
   * @throws ProblemException 400 naming what is wrong with it
   */
  static void check(Command command) {
    if (command instanceof Command.Invalidate invalidate) {
      EntryAddress.checked(invalidate.cache());
      groups(invalidate.invalidation().groups());
    } else if (command instanceof Command.Page page) {
      EntryAddress.checked(page.cache());
    } else if (command instanceof Command.Configure configure) {
      configure.configurations().forEach(PeerValidator::check);
    } else if (command instanceof Command.FetchEntries hand) {
      hand.ids().forEach(PeerValidator::check);
      hand.heard().forEach(PeerValidator::check);
    } else if (command instanceof Command.PushChunks push) {
      push.chunks().forEach(chunk -> chunk.transferred().forEach(PeerValidator::check));
    }
  }

  private static void check(EntryId id) {
    EntryAddress.checked(id.cache());
  }

  private static void check(Configuration configuration) {
    EntryAddress.checked(configuration.cache());
    CacheConfig config = configuration.config();
    if (config != null) {
      time("ttl", config.ttl());
      time("idle", config.idle());
      positive("maxEntries", config.maxEntries());
      positive("maxBytes", config.maxBytes());
      positive("maxValueBytes", config.maxValueBytes());
    }
  }

  private static void check(TransferredEntry transferred) {
    check(transferred.id());
    within("claim", millis(transferred.claim()), 0, Parameters.MAX_CLAIM);
    TransferredEntry.Contents contents = transferred.contents();
    if (contents != null) {
      groups(contents.groups());
      Content.checked("type", contents.format().type());
      check(contents.expiration());
    }
  }

  private static void check(Expiration expiration) {
    if (expiration.ends()) {
      within("end", millis(expiration.end()), -TimeSpan.MAX_LIFE, TimeSpan.MAX_LIFE);
    }
    within("idle", millis(expiration.idle()), 0, TimeSpan.MAX_LIFE);
    within("stale", millis(expiration.stale()), 0, TimeSpan.MAX_LIFE);
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  private static void groups(@Nullable List<String> groups) {
    if (groups != null && !groups.isEmpty()) {
      Groups.checked(GROUPS, groups);
    }
  }

  private static void lifetime(LifetimeSpec lifetime) {
    time("ttl", lifetime.ttl());
    time("idle", lifetime.idle());
    time("stale", lifetime.stale());
  }

  private static void time(String name, @Nullable Long millis) {
    if (millis != null) {
      within(name, millis, 1, TimeSpan.MAX_LIFE);
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

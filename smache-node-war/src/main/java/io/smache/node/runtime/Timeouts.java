package io.smache.node.runtime;

import java.time.Duration;

/**
 * How long a node waits for something. What waits for another wait is longer than that, so that the
 * inner one is told of; {@code TimeoutsTest} asserts the order.
 */
public final class Timeouts {
  /** For the lock of a shard, in ms: a positive value means the same on all servers. */
  public static final long LOCK_MILLIS = 2000;

  /** For an entry that its old owner still has. */
  public static final Duration FETCH = Duration.ofMillis(1500);

  /** For a connection to another server. */
  public static final Duration CONNECT = Duration.ofSeconds(1);

  /** For the next call on a connection to another node; shorter than the other side waits. */
  public static final Duration LINK = Duration.ofSeconds(60);

  /** In an outbox, for the call that brings an operation to its owner. */
  public static final Duration OUTBOX = Duration.ofSeconds(1);

  /**
   * For the outcomes of operations at their owner, which waits for entries and locks itself. After
   * it nobody knows whether they were executed.
   */
  public static final Duration OPERATION = Duration.ofSeconds(4);

  /** For the report of a command at a member. */
  public static final Duration COMMAND = Duration.ofSeconds(2);

  /** For the confirmation of a batch of transferred entries. */
  public static final Duration TRANSFER = Duration.ofSeconds(5);

  /** For an answer of uplink. */
  public static final Duration UPLINK = Duration.ofSeconds(2);

  /** For an answer of uplink while nothing is leased yet, and for a table that is needed. */
  public static final Duration ROUND = Duration.ofSeconds(10);

  /** For uplink's answer to a node that drains because it stops. */
  public static final Duration DRAIN = Duration.ofSeconds(2);

  /** For an answer of this node to itself while it warms up. */
  public static final Duration WARMUP = Duration.ofSeconds(10);

  /** For this node's own URL to answer: one that does not may still be reached by others. */
  public static final Duration OWN_URL = Duration.ofSeconds(30);

  /** For the outcome of an operation, wherever it is executed; a GET may ask for more. */
  public static final Duration REQUEST = Duration.ofSeconds(5);

  /** For the body of a request of a slow client. */
  public static final Duration BODY = Duration.ofMinutes(2);

  /** For the head of a request, from its first byte on. */
  public static final Duration HEAD = Duration.ofSeconds(10);

  /** For a client to read some of a reply. */
  public static final Duration READER = Duration.ofMinutes(1);

  /** For the next request on a connection; longer than proxies keep theirs. */
  public static final Duration IDLE = Duration.ofSeconds(90);

  /** For requests that are under way when the front stops. */
  public static final Duration LEAVE = Duration.ofSeconds(6);

  /** Between two looks at whether a client is late. */
  public static final Duration WATCH = Duration.ofSeconds(5);

  private Timeouts() {}
}

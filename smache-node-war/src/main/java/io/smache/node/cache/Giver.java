package io.smache.node.cache;

import io.smache.protocol.Member;
import java.util.concurrent.CompletableFuture;

/** An old owner that has to hand over partitions to this node. Thread-safe. */
final class Giver {
  private final Member member;
  private final CompletableFuture<Void> fenced = new CompletableFuture<>();
  private volatile long told;

  Giver(Member member) {
    this.member = member;
  }

  Member member() {
    return member;
  }

  /** Completes once it has said that it does not write to these partitions any more. */
  CompletableFuture<Void> fenced() {
    return fenced;
  }

  /** Returns how many invalidations of this node it is known to have done. */
  long told() {
    return told;
  }

  void told(long heard) {
    told = heard;
  }
}

package io.smache.node.transfer;

import io.smache.protocol.Member;
import java.util.concurrent.CompletableFuture;

/** The old owner of partitions that move to this node. Thread-safe. */
final class TransferSource {
  private final Member member;
  private final CompletableFuture<Void> fenced = new CompletableFuture<>();
  private volatile long told;

  TransferSource(Member member) {
    this.member = member;
  }

  Member member() {
    return member;
  }

  /** Completes once the source has confirmed that it no longer writes to these partitions. */
  CompletableFuture<Void> fenced() {
    return fenced;
  }

  /** Returns how many invalidations of this node the source is known to have applied. */
  long told() {
    return told;
  }

  void told(long heard) {
    told = heard;
  }
}

package io.smache.node.cluster.link;

import org.jspecify.annotations.Nullable;

/**
 * What another node replied.
 *
 * @param body null when there was no room for it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record PeerReply(int status, byte @Nullable [] body) {}

package io.smache.node.cluster.link;

import io.smache.protocol.http.Calls;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A request to another node.
 *
 * @param url http or https
 * @param fields of the head besides Host and Content-Length
 * @param body of a POST; null for a GET
 * @param timeout for the head of the reply; its body may take {@link Calls#READING} more
 * @param room whether there is memory for so many more bytes of the reply's body
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record PeerCall(
    URI url,
    Map<String, String> fields,
    byte @Nullable [] body,
    Duration timeout,
    LongPredicate room) {}

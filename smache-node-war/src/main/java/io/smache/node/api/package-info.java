/**
 * What a request means, for every door: {@link io.smache.node.api.Api} takes a {@link
 * io.smache.node.api.message.Request} and completes with a {@link
 * io.smache.node.api.message.Reply}. The contract (docs/protocol.md) is here and nowhere else; a
 * door adapts and adds nothing. Knows no servlet, no Jakarta REST and no door.
 */
@NullMarked
package io.smache.node.api;

import org.jspecify.annotations.NullMarked;

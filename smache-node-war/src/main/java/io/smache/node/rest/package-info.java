/**
 * The door on the server's own listener: Jakarta REST resources and servlet filters. They adapt
 * requests and replies, wait for no client, and add nothing to what the API means.
 */
@NullMarked
package io.smache.node.rest;

import org.jspecify.annotations.NullMarked;

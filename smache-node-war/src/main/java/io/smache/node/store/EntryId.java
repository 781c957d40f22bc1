package io.smache.node.store;

/** The identity of an entry: a cache and a key. */
public record EntryId(String cache, Key key) {}

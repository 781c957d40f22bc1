package io.smache.node.store;

/** Where an entry is or could be: a key in a cache. */
public record Place(String cache, Key key) {}

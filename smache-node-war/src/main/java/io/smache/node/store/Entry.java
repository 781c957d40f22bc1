package io.smache.node.store;

/**
 * What is kept under a key. Immutable.
 *
 * @param value bytes as they were sent; nobody changes them
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody, copied by nobody: it is the value
public record Entry(byte[] value) {}

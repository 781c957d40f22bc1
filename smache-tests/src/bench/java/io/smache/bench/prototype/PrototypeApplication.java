package io.smache.bench.prototype;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** The least cache that Jakarta REST and a locked singleton can make: what this shape costs. */
@ApplicationPath("/rest")
public class PrototypeApplication extends Application {}

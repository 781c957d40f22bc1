package io.smache.bench.prototype;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Values by their keys. */
@Path("{key}")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class PrototypeResource {
  @Inject PrototypeShard shard;

  /** Returns the value of a key. */
  @GET
  public byte[] get(@PathParam("key") String key) {
    byte[] value = shard.get(key);
    if (value == null) {
      throw new NotFoundException();
    }
    return value;
  }

  /** Stores the value of a key. */
  @PUT
  public void put(@PathParam("key") String key, byte[] value) {
    shard.put(key, value);
  }
}

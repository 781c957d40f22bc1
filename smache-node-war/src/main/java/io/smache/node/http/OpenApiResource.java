package io.smache.node.http;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The description of this API (OpenAPI 3.1). A test compares it with what the API answers. */
@Path("api/openapi.json")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class OpenApiResource {
  private static final String FILE = "openapi.json";

  /** Returns the document. */
  @GET
  public byte[] document() throws IOException {
    try (InputStream file = OpenApiResource.class.getResourceAsStream(FILE)) {
      return Objects.requireNonNull(file, FILE).readAllBytes();
    }
  }
}

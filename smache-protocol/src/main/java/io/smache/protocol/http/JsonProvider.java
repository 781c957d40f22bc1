package io.smache.protocol.http;

import com.fasterxml.jackson.jakarta.rs.json.JacksonJsonProvider;
import io.smache.protocol.message.Json;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.ext.Provider;
import java.util.Map;

/** Reads and writes records as JSON, the same on every server. */
@Provider
@Consumes("*/*")
@Produces("*/*")
public class JsonProvider extends JacksonJsonProvider {
  /**
   * Properties of an application that uses this provider: Jersey, seeing that a JSON feature is
   * named, leaves its own providers out, and its WADL as well. It sends a refusal without a body,
   * such as one to HEAD, as it is, and not as an error that the server describes.
   */
  public static final Map<String, Object> PROPERTIES =
      Map.of(
          "jersey.config.jsonFeature",
          JsonProvider.class.getSimpleName(),
          "jersey.config.server.wadl.disableWadl",
          true,
          "jersey.config.server.response.setStatusOverSendError",
          true);

  /** Made by the server. */
  public JsonProvider() {
    super(Json.MAPPER);
  }
}

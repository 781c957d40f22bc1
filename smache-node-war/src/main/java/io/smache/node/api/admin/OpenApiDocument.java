package io.smache.node.api.admin;

import io.smache.node.api.message.Reply;
import io.smache.protocol.message.Status;
import jakarta.enterprise.context.Dependent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * The description of the API (OpenAPI 3.1). A test compares it with what the API answers.
 * Thread-safe.
 */
@Dependent
public class OpenApiDocument {
  private static final String FILE = "openapi.json";

  private final byte[] text = read();

  private static byte[] read() {
    try (InputStream file = OpenApiDocument.class.getResourceAsStream(FILE)) {
      return Objects.requireNonNull(file, FILE).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the document. */
  public Reply get() {
    return Reply.json(Status.OK, text);
  }
}

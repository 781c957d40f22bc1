package io.smache.node.api.message;

import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import java.io.IOException;

/**
 * Bodies of the paths that take JSON. Their Content-Type has to be JSON: a page of another origin
 * may send other types without a preflight.
 */
public final class JsonBody {
  private static final String IDENTITY = "identity";

  private JsonBody() {}

  /**
   * Returns the whole body.
   *
   * @param most bytes that it may have
   * @throws ProblemException 413 when it is longer, 415 when its Content-Type is not JSON or it has
   *     a content coding
   * @throws IOException when the client is gone before its end
   */
  public static byte[] read(Request request, int most) throws IOException {
    String type = request.field(FieldName.CONTENT_TYPE);
    String coding = request.field(FieldName.CONTENT_ENCODING);
    if (coding != null && !coding.isEmpty() && !coding.equalsIgnoreCase(IDENTITY)) {
      throw unsupported(
          "Content-Encoding is '%s' but this path accepts no content coding".formatted(coding));
    }
    if (!MediaTypes.is(MediaTypes.JSON, type)) {
      throw unsupported(
          "Content-Type is %s but must be %s"
              .formatted(type == null ? "missing" : "'" + type + "'", MediaTypes.JSON));
    }
    return request.body(most);
  }

  private static ProblemException unsupported(String detail) {
    return new ProblemException(Status.UNSUPPORTED_MEDIA_TYPE, detail);
  }
}

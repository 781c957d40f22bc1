import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/**
 * Sends the bytes of a file as they are. The library {@code native} of the generator sends every
 * body through its mapper, which makes a JSON string with the path of it.
 */
final class FileMapper extends ObjectMapper {
  FileMapper(ObjectMapper mapper) {
    super(mapper);
  }

  @Override
  public ObjectMapper copy() {
    return new FileMapper(this);
  }

  @Override
  public byte[] writeValueAsBytes(Object value) throws JsonProcessingException {
    if (!(value instanceof File)) {
      return super.writeValueAsBytes(value);
    }
    try {
      return Files.readAllBytes(((File) value).toPath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

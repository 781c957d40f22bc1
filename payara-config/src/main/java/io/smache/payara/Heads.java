package io.smache.payara;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.util.BufferChunk;
import org.glassfish.grizzly.http.util.ByteChunk;
import org.glassfish.grizzly.http.util.DataChunk;

/** Heads of requests as they were sent: the parser does not keep every field. */
final class Heads {
  /** An empty line; the parser takes line ends without a carriage return. */
  private static final Pattern END = Pattern.compile("\n\r?\n");

  private Heads() {}

  /** Returns the head from the request target on, in small letters. */
  static String of(HttpRequestPacket request) {
    DataChunk target = request.getRequestURIRef().getOriginalRequestURIBC();
    String text =
        target.getType() == DataChunk.Type.Bytes
            ? text(target.getByteChunk())
            : text(target.getBufferChunk());
    Matcher end = END.matcher(text);
    return (end.find() ? text.substring(0, end.start()) : text).toLowerCase(Locale.ROOT);
  }

  private static String text(ByteChunk target) {
    byte[] all = target.getBuffer();
    return new String(all, target.getStart(), all.length - target.getStart(), ISO_8859_1);
  }

  private static String text(BufferChunk target) {
    Buffer all = target.getBuffer();
    byte[] bytes = new byte[all.limit() - target.getStart()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = all.get(target.getStart() + i);
    }
    return new String(bytes, ISO_8859_1);
  }
}

package io.smache.payara;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.Writer;
import org.glassfish.grizzly.http.HttpHeader;
import org.glassfish.grizzly.http.HttpProbe;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.util.DataChunk;
import org.glassfish.grizzly.http.util.Header;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.grizzly.memory.MemoryManager;

/**
 * Sends 100 (Continue) to clients that wait for it with a chunked body: the parser sends it for
 * bodies of a known length only, and passes a request with chunks on when the first has come.
 * Thread-safe.
 */
final class ContinueProbe extends HttpProbe.Adapter {
  private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII);

  @Override
  @SuppressWarnings("rawtypes") // Grizzly's own raw type
  public void onHeaderParseEvent(Connection connection, HttpHeader header, int size) {
    DataChunk expect = header.getHeaders().getValue(Header.Expect);
    if (header.isChunked() && expect != null && expect.equalsIgnoreCase("100-continue")) {
      send(connection);
      ((HttpRequestPacket) header).getResponse().acknowledged();
    }
  }

  /** Past the parser, which would take it for the response. */
  @SuppressWarnings({
    "rawtypes",
    "unchecked",
    "FutureReturnValueIgnored"
  }) // ends with the connection
  private static void send(Connection connection) {
    Writer<Object> writer = connection.getTransport().getWriter(false);
    try {
      writer.write(connection, Buffers.wrap(MemoryManager.DEFAULT_MEMORY_MANAGER, CONTINUE));
    } catch (IOException e) {
      connection.closeSilently();
    }
  }
}

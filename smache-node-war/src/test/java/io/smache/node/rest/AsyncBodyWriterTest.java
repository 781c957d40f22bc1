package io.smache.node.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AsyncBodyWriterTest {
  private final List<String> events = new ArrayList<>();
  private final AsyncContext exchange =
      (AsyncContext)
          Proxy.newProxyInstance(
              AsyncBodyWriterTest.class.getClassLoader(),
              new Class<?>[] {AsyncContext.class},
              (proxy, method, arguments) -> {
                events.add(method.getName());
                return null;
              });

  @Test
  void body_clientThatReads_getsAllInOrder() {
    Client client = new Client();
    begin(client, "ab", "cd", "x".repeat(40_000));
    client.reads();
    assertThat(client.received()).isEqualTo("abcd" + "x".repeat(40_000));
    assertThat(events).containsExactly("end", "complete");
  }

  @Test
  void share_ofABody_endsBeforeItsLastBytesAreOnTheirWay() {
    Client client = new Client();
    client.beforeEachWrite = () -> events.add("write");
    begin(client, "x".repeat(30_000));
    client.reads();
    assertThat(events).containsExactly("write", "end", "write", "complete");
  }

  @Test
  void body_clientThatStops_isSentOnWhenItReadsAgain() {
    Client client = new Client();
    client.takes = 1;
    begin(client, "x".repeat(30_000));
    client.reads();
    assertThat(events).isEmpty();
    client.takes = 100;
    client.reads();
    assertThat(client.received()).hasSize(30_000);
    assertThat(events).containsExactly("end", "complete");
  }

  @Test
  void body_clientThatGoesDuringAWrite_endsItsShareAndTheExchange() {
    sendToOneWhoGoes();
    assertThat(events).containsExactly("end", "complete");
  }

  @Test
  void body_containerTellsOfTheGoneClientAsWell_completesOnce() {
    Client client = sendToOneWhoGoes();
    client.listener().onError(new IOException("gone"));
    assertThat(events).containsOnlyOnce("complete");
  }

  private Client sendToOneWhoGoes() {
    Client client = new Client();
    client.gone = true;
    begin(client, "x".repeat(30_000));
    client.reads();
    return client;
  }

  private void begin(Client client, String... parts) {
    List<ByteBuffer> body = new ArrayList<>();
    for (String part : parts) {
      body.add(ByteBuffer.wrap(part.getBytes(UTF_8)));
    }
    AsyncBodyWriter.begin(exchange, client, body, () -> events.add("end"));
  }

  /** A connection whose client takes a number of writes and then stops reading. */
  private static final class Client extends ServletOutputStream {
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private @Nullable WriteListener listener;
    private Runnable beforeEachWrite = () -> {};
    private int takes = 100;
    private boolean gone;

    WriteListener listener() {
      if (listener == null) {
        throw new IllegalStateException("nothing is being sent");
      }
      return listener;
    }

    /** As a container does, passes nothing on of what the listener throws. */
    void reads() {
      try {
        listener().onWritePossible();
      } catch (IOException e) {
        received.reset();
      }
    }

    String received() {
      return received.toString(UTF_8);
    }

    @Override
    public boolean isReady() {
      return takes > 0;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      beforeEachWrite.run();
      if (gone) {
        throw new IOException("connection reset");
      }
      takes--;
      received.write(bytes, offset, length);
    }

    @Override
    public void write(int octet) throws IOException {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void setWriteListener(WriteListener writing) {
      listener = writing;
    }
  }
}

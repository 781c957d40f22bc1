package io.smache.bench.transport;

import jakarta.websocket.ClientEndpointConfig;
import jakarta.websocket.ContainerProvider;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;

/** A way to send a message to another server and to have its answer. One message at a time. */
interface Transport extends AutoCloseable {
  /** Completes with the answer. */
  CompletionStage<byte[]> send(byte[] message);

  @Override
  void close() throws IOException;

  /** Returns one that Java brings along, with two threads as in a node. */
  static Transport ofJdk(URI server, ExecutorService threads) {
    HttpClient client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).executor(threads).build();
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + "/echo"));
    return new Transport() {
      @Override
      public CompletionStage<byte[]> send(byte[] message) {
        return client
            .sendAsync(
                request.copy().POST(BodyPublishers.ofByteArray(message)).build(),
                BodyHandlers.ofByteArray())
            .thenApply(HttpResponse::body);
      }

      @Override
      public void close() {}
    };
  }

  /** Returns the Jakarta REST client of the server. */
  static Transport ofRest(URI server) {
    Client client = ClientBuilder.newClient();
    return new Transport() {
      @Override
      public CompletionStage<byte[]> send(byte[] message) {
        return client
            .target(server + "/echo")
            .request()
            .rx()
            .post(Entity.entity(message, MediaType.APPLICATION_OCTET_STREAM), byte[].class);
      }

      @Override
      public void close() {
        client.close();
      }
    };
  }

  /** Returns a WebSocket of the server. */
  static Transport ofSocket(URI server) throws IOException {
    Answers answers = new Answers();
    URI socket = URI.create(server.toString().replaceFirst("http", "ws") + "/socket");
    try {
      Session session =
          ContainerProvider.getWebSocketContainer()
              .connectToServer(answers, ClientEndpointConfig.Builder.create().build(), socket);
      session.setMaxBinaryMessageBufferSize(1 << 20);
      return new Transport() {
        @Override
        public CompletionStage<byte[]> send(byte[] message) {
          answers.next = new CompletableFuture<>();
          session.getAsyncRemote().sendBinary(ByteBuffer.wrap(message));
          return answers.next;
        }

        @Override
        public void close() throws IOException {
          session.close();
        }
      };
    } catch (DeploymentException e) {
      throw new IOException(e);
    }
  }

  /** Takes what comes on a WebSocket. */
  final class Answers extends Endpoint implements MessageHandler.Whole<byte[]> {
    private volatile CompletableFuture<byte[]> next = new CompletableFuture<>();

    @Override
    public void onOpen(Session session, EndpointConfig config) {
      session.setMaxBinaryMessageBufferSize(1 << 20);
      session.addMessageHandler(byte[].class, this);
    }

    @Override
    public void onMessage(byte[] answer) {
      next.completeAsync(() -> answer);
    }
  }
}

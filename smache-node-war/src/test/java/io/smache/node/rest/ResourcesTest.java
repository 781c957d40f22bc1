package io.smache.node.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.smache.node.api.Api;
import io.smache.node.api.LoneApi;
import io.smache.node.cache.LoneNode;
import io.smache.node.cluster.PeerLink;
import io.smache.node.cluster.Wire;
import io.smache.node.store.Get;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.protocol.ClusterSecret;
import io.smache.protocol.http.JsonProvider;
import io.smache.protocol.http.UnexpectedExceptionMapper;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.glassfish.jersey.internal.inject.AbstractBinder;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.servlet.ServletContainer;
import org.glassfish.jersey.test.DeploymentContext;
import org.glassfish.jersey.test.JerseyTest;
import org.glassfish.jersey.test.ServletDeploymentContext;
import org.glassfish.jersey.test.TestProperties;
import org.glassfish.jersey.test.grizzly.GrizzlyWebTestContainerFactory;
import org.glassfish.jersey.test.spi.TestContainerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The resources bring requests to the API and its replies to clients, with real Jersey. */
class ResourcesTest extends JerseyTest {
  private static final int LIMIT = 64;
  private static final ClusterSecret SECRET = ClusterSecret.of("0123456789abcdef");

  /** Static because JerseyTest asks for the deployment before fields of the test are there. */
  private static final LoneNode NODE = new LoneNode(SECRET, LIMIT).start();

  private static final Api API = LoneApi.of(NODE, LIMIT);

  @Override
  protected TestContainerFactory getTestContainerFactory() {
    return new GrizzlyWebTestContainerFactory();
  }

  @Override
  protected DeploymentContext configureDeployment() {
    forceSet(TestProperties.CONTAINER_PORT, "0");
    ResourceConfig config =
        new ResourceConfig(
                SimpleResource.class,
                EntriesResource.class,
                PeerResource.class,
                RefusalMapper.class,
                JsonProvider.class,
                UnexpectedExceptionMapper.class)
            .addProperties(JsonProvider.PROPERTIES)
            .register(new Bindings());
    return ServletDeploymentContext.forServlet(new ServletContainer(config))
        .addFilter(CompletionGate.class, "completion-gate")
        .build();
  }

  @AfterEach
  void releaseLocks() {
    NODE.locks.hold(false);
  }

  @Test
  void post_andGet_storeAndReturnTheBytes() {
    Response stored = post("{\"key\":\"a\\\"b\",\"data\":{\"n\":2.50}}");
    assertThat(stored.getStatus()).isEqualTo(200);
    assertThat(stored.readEntity(String.class)).isEqualTo("{\"data\":{\"n\":2.50}}");
    Response found = target("api").queryParam("key", "a\"b").request().get();
    assertThat(found.getStatus()).isEqualTo(200);
    assertThat(found.getHeaderString("Smache-Node")).isEqualTo("lone");
    assertThat(found.getHeaderString("Cache-Control")).isEqualTo("no-store");
    assertThat(found.readEntity(String.class))
        .isEqualTo("{\"key\":\"a\\\"b\",\"node\":\"lone\",\"data\":{\"n\":2.50}}");
  }

  @Test
  void post_lockNotAvailable_is503WithRetryAfterAndTheReason() {
    NODE.locks.hold(true);
    Response response = post("{\"key\":1,\"data\":1}");
    assertThat(response.getStatus()).isEqualTo(503);
    assertThat(response.getHeaderString("Retry-After")).isEqualTo("1");
    assertThat(response.getMediaType()).hasToString("application/problem+json");
    assertThat(response.readEntity(String.class)).contains("too many writes");
  }

  @Test
  void post_overTheLimit_is413AndStoresNothing() {
    Response response = post("{\"key\":\"large\",\"data\":\"" + "x".repeat(LIMIT) + "\"}");
    assertThat(response.getStatus()).isEqualTo(413);
    assertThat(response.readEntity(String.class)).contains("at most " + LIMIT + " bytes");
    assertThat(target("api").queryParam("key", "large").request().get(String.class))
        .contains("\"data\":null");
  }

  @Test
  void entry_typeWithParameters_isReturnedInTheFieldForExactTypes() {
    String type = "text/x;v=1";
    Response put = target("api/caches/c/entries/k").request().put(Entity.entity("v", type));
    assertThat(put.getStatus()).isIn(201, 204);
    Response found = target("api/caches/c/entries/k").request().get();
    assertThat(found.getHeaderString("Smache-Content-Type")).isEqualTo(type);
    assertThat(found.readEntity(String.class)).isEqualTo("v");
  }

  @Test
  void unknownPathOrMethod_isRefusedAsTheApiRefusesIt() {
    assertThat(target("api/nothing").request().get().readEntity(String.class))
        .contains("there is nothing at this path");
    Response wrong = target("api").request().delete();
    assertThat(wrong.getStatus()).isEqualTo(405);
    assertThat(wrong.getHeaderString("Allow")).isEqualTo("GET, HEAD, OPTIONS, POST");
    Response html = target("api").request("text/html").get();
    assertThat(html.getStatus()).isEqualTo(406);
    assertThat(html.readEntity(String.class)).contains("text/html");
  }

  @Test
  void internal_operations_areForMembers() throws Exception {
    for (String shown : new String[] {"Bearer wrong", "Bearer 0123456789abcdeF", ""}) {
      Response response = internal(shown);
      assertThat(response.getStatus()).isEqualTo(401);
      assertThat(response.getHeaderString("WWW-Authenticate")).isEqualTo("Bearer");
    }
    byte[] answer = internal(SECRET.authorization()).readEntity(byte[].class);
    assertThat(Wire.read(answer, Wire.Outcomes.class).outcomes().get(0))
        .isInstanceOf(Outcome.Absent.class);
  }

  private Response post(String body) {
    return target("api").request().post(Entity.json(body));
  }

  private Response internal(String authorization) throws KeyException {
    Get get = Get.plain(Operation.DEFAULT_CACHE, Key.of("never"));
    return target("internal/operations")
        .request()
        .header("Authorization", authorization)
        .header(PeerLink.EPOCH, 1)
        .header(PeerLink.CLUSTER_ID, NODE.membership.cluster())
        .post(
            Entity.entity(
                Wire.write(new Wire.Operations(List.of(get), true, null)), Wire.MEDIA_TYPE));
  }

  /** What CDI injects on a server. */
  private static final class Bindings extends AbstractBinder {
    @Override
    protected void configure() {
      bind(API).to(Api.class);
      bindAsContract(Door.class);
    }
  }
}

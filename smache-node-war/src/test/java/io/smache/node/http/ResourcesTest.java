package io.smache.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.smache.node.cache.Broadcast;
import io.smache.node.cache.Cache;
import io.smache.node.cluster.Membership;
import io.smache.node.cluster.PeerLink;
import io.smache.node.cluster.Wire;
import io.smache.node.shard.ValueLimit;
import io.smache.node.store.Format;
import io.smache.node.store.Get;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.node.store.Operation;
import io.smache.node.store.Outcome;
import io.smache.node.store.Put;
import io.smache.node.store.Snapshot;
import io.smache.node.store.State;
import io.smache.node.store.Version;
import io.smache.protocol.ClusterSecret;
import io.smache.protocol.http.ClusterOnlyFilter;
import io.smache.protocol.http.JsonProvider;
import io.smache.protocol.http.UnexpectedExceptionMapper;
import io.smache.protocol.http.WebApplicationExceptionMapper;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.glassfish.hk2.api.AnnotationLiteral;
import org.glassfish.jersey.internal.inject.AbstractBinder;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.servlet.ServletContainer;
import org.glassfish.jersey.test.DeploymentContext;
import org.glassfish.jersey.test.JerseyTest;
import org.glassfish.jersey.test.ServletDeploymentContext;
import org.glassfish.jersey.test.TestProperties;
import org.glassfish.jersey.test.grizzly.GrizzlyWebTestContainerFactory;
import org.glassfish.jersey.test.spi.TestContainerFactory;
import org.junit.jupiter.api.Test;

/** From requests to operations and from outcomes to responses, with real Jersey. */
class ResourcesTest extends JerseyTest {
  private static final int LIMIT = 64;
  private static final ClusterSecret SECRET = ClusterSecret.of("0123456789abcdef");
  private static final byte[] BLUE = "{\"color\":\"blue\"}".getBytes(StandardCharsets.UTF_8);

  private static final Version VERSION = new Version(1, 2);
  private static final Outcome FOUND =
      new Outcome.Found(
          new Snapshot(BLUE, Format.JSON, List.of(), VERSION, 0, Snapshot.ENDLESS, false),
          State.PLAIN);

  /** Static because JerseyTest asks for the deployment before fields of the test are there. */
  private static final FakeCache CACHE = new FakeCache();

  @Override
  protected TestContainerFactory getTestContainerFactory() {
    return new GrizzlyWebTestContainerFactory();
  }

  @Override
  protected DeploymentContext configureDeployment() {
    forceSet(TestProperties.CONTAINER_PORT, "0");
    CACHE.performed.clear();
    ResourceConfig config =
        new ResourceConfig(
                SimpleResource.class,
                PeerResource.class,
                ClusterOnlyFilter.class,
                KeyExceptionMapper.class,
                JsonProvider.class,
                WebApplicationExceptionMapper.class,
                UnexpectedExceptionMapper.class)
            .addProperties(JsonProvider.PROPERTIES)
            .register(new Bindings());
    return ServletDeploymentContext.forServlet(new ServletContainer(config))
        .addFilter(CompletionGate.class, "completion-gate")
        .build();
  }

  @Test
  void get_found_answersTheBytesAndTheOwner() {
    CACHE.outcome = FOUND;
    Response response = target("api").queryParam("key", "a\"b").request().get();
    assertThat(response.getStatus()).isEqualTo(200);
    assertThat(response.getHeaderString("Smache-Node")).isEqualTo("owner");
    assertThat(response.readEntity(String.class))
        .isEqualTo("{\"key\":\"a\\\"b\",\"node\":\"owner\",\"data\":{\"color\":\"blue\"}}");
  }

  @Test
  void get_absent_answersNull() {
    CACHE.outcome = new Outcome.Absent(State.PLAIN, 0);
    Response response = target("api").queryParam("key", "a").request().get();
    assertThat(response.getStatus()).isEqualTo(200);
    assertThat(response.readEntity(String.class))
        .isEqualTo("{\"key\":\"a\",\"node\":\"owner\",\"data\":null}");
  }

  @Test
  void get_unavailable_is503WithRetryAfterAndTheReason() {
    CACHE.outcome = new Outcome.Unavailable("the reason");
    assertUnavailable(target("api").queryParam("key", "a").request().get(), "the reason");
  }

  @Test
  void post_stored_answersTheBytes() {
    CACHE.outcome = new Outcome.Stored(true, VERSION);
    Response response = post("{\"key\":1,\"data\":2.50}");
    assertThat(response.getStatus()).isEqualTo(200);
    assertThat(response.readEntity(String.class)).isEqualTo("{\"data\":2.50}");
    assertThat(((Put) CACHE.performed.get(0)).value()).containsExactly('2', '.', '5', '0');
  }

  @Test
  void post_unavailable_is503() {
    CACHE.outcome = new Outcome.Unavailable("the reason");
    assertUnavailable(post("{\"key\":1,\"data\":1}"), "the reason");
  }

  @Test
  void post_overTheLimit_is413AndPerformsNothing() {
    Response response = post("{\"key\":1,\"data\":\"" + "x".repeat(LIMIT) + "\"}");
    assertThat(response.getStatus()).isEqualTo(413);
    assertThat(response.readEntity(String.class)).contains("at most " + LIMIT + " bytes");
    assertThat(CACHE.performed).isEmpty();
  }

  @Test
  void internal_withoutOrWithAWrongSecret_is401AndPerformsNothing() throws KeyException {
    for (String shown : new String[] {"Bearer wrong", "Bearer 0123456789abcdeF", ""}) {
      Response response = internal(shown);
      assertThat(response.getStatus()).isEqualTo(401);
      assertThat(response.getHeaderString("WWW-Authenticate")).isEqualTo("Bearer");
    }
    assertThat(target("internal/member").request().get().getStatus()).isEqualTo(401);
    assertThat(CACHE.performed).isEmpty();
    assertThat(internal().getStatus()).isEqualTo(200);
    assertThat(CACHE.performed).hasSize(1);
  }

  @Test
  void internal_operations_areAnsweredWithTheirOutcomes() throws Exception {
    List<Outcome> outcomes =
        List.of(
            FOUND,
            new Outcome.Stored(true, VERSION),
            new Outcome.NotOwned(),
            new Outcome.Unavailable("the reason"));
    for (Outcome outcome : outcomes) {
      CACHE.outcome = outcome;
      byte[] answer = internal().readEntity(byte[].class);
      assertThat(Wire.read(answer, Wire.Outcomes.class).outcomes().get(0))
          .usingRecursiveComparison()
          .isEqualTo(outcome);
    }
    assertThat(CACHE.performed).hasSize(4).allMatch(Get.class::isInstance);
  }

  @Test
  void internal_noMessage_is400() {
    Response response =
        target("internal/operations")
            .request()
            .header("Authorization", SECRET.authorization())
            .post(Entity.entity("nonsense", Wire.MEDIA_TYPE));
    assertThat(response.getStatus()).isEqualTo(400);
    assertThat(CACHE.performed).isEmpty();
  }

  private Response post(String body) {
    return target("api").request().post(Entity.json(body));
  }

  private Response internal() throws KeyException {
    return internal(SECRET.authorization());
  }

  private Response internal(String authorization) throws KeyException {
    Get get = Get.plain(Operation.DEFAULT_CACHE, Key.of("a"));
    return target("internal/operations")
        .request()
        .header("Authorization", authorization)
        .header(PeerLink.EPOCH, 7)
        .post(
            Entity.entity(
                Wire.write(new Wire.Operations(List.of(get), true, null)), Wire.MEDIA_TYPE));
  }

  private static void assertUnavailable(Response response, String reason) {
    assertThat(response.getStatus()).isEqualTo(503);
    assertThat(response.getHeaderString("Retry-After")).isEqualTo("1");
    assertThat(response.getMediaType()).hasToString("application/problem+json");
    assertThat(response.readEntity(String.class)).contains(reason);
  }

  /** What CDI injects on a server. */
  private static final class Bindings extends AbstractBinder {
    @Override
    protected void configure() {
      bind(CACHE).to(Cache.class);
      bindAsContract(SimpleRequests.class);
      bindAsContract(PeerRequests.class);
      bind(new Broadcast()).to(Broadcast.class);
      bind(SECRET).to(ClusterSecret.class);
      bind(new FakeMembership()).to(Membership.class);
      bind(LIMIT).to(Integer.class).qualifiedBy(new ValueLimitLiteral());
    }
  }

  private static final class FakeMembership extends Membership {
    @Override
    public long epoch() {
      return 7;
    }
  }

  @SuppressWarnings("BadAnnotationImplementation") // AnnotationLiteral has equals and hashCode
  private static final class ValueLimitLiteral extends AnnotationLiteral<ValueLimit>
      implements ValueLimit {
    private static final long serialVersionUID = 1L;
  }
}

package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docker/haproxy.cfg. */
class HaproxyIT extends BalancerCases {
  @Override
  Program balancer(Path directory, int one, int other) {
    return Haproxy.balancer(directory, one, other);
  }

  @ParameterizedTest
  @CsvSource({"GET,2,4", "OPTIONS,2,4", "PUT,1,1", "POST,1,1", "PATCH,1,1", "DELETE,1,1"})
  void request_notAnswered_isRepeatedWhenItChangesNothing(
      String method, int least, int most, @TempDir Path directory) {
    try (StubNode one = new StubNode(StubNode.CLOSE);
        StubNode other = new StubNode(StubNode.CLOSE);
        Program balancer = balancer(directory, one.port(), other.port())) {
      HttpResponse<String> failed = Http.send(method, entry(balancer, "k"), most > 1 ? null : "v");
      Entries.assertProblem(failed, 502, "a write may have been done");
      assertThat(one.hosts().size() + other.hosts().size()).isBetween(least, most);
    }
  }
}

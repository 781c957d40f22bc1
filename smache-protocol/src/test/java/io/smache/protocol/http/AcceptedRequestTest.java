package io.smache.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptedRequestTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/html,,*/*                    | text/html, */*",
        ",text/html                        | text/html",
        "text/html, ,                      | text/html",
        ",                                 | */*",
        "*                                 | */*",
        "text/html, *; q=.2, */*; q=.2     | text/html, */*; q=0.2, */*; q=0.2",
        "text/html;q=.5                    | text/html;q=0.5"
      })
  void accept_withWhatNoGrammarHas_isRepaired(String sent, String read) {
    HttpServletRequest request = AcceptedRequest.of(request(sent));
    assertThat(request.getHeader("accept")).isEqualTo(read);
    assertThat(Collections.list(request.getHeaders("Accept"))).containsExactly(read);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*/*", "application/json", "text/html, */*;q=0.8", "a/b;c=\"d e\"", "x"})
  void accept_asItShouldBe_isLeftAlone(String sent) {
    HttpServletRequest request = request(sent);
    assertThat(AcceptedRequest.of(request)).isSameAs(request);
    assertThat(AcceptedRequest.of(request(sent, sent))).isNotInstanceOf(AcceptedRequest.class);
  }

  private static HttpServletRequest request(String... accept) {
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            AcceptedRequestTest.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getHeaders" -> Collections.enumeration(List.of(accept));
                  case "getHeader" -> Stream.of(accept).findFirst().orElse(null);
                  case "equals" -> proxy == arguments[0];
                  case "toString" -> List.of(accept).toString();
                  default -> null;
                });
  }
}

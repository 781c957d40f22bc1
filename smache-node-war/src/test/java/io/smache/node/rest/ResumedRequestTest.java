package io.smache.node.rest;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When a request ends that went on once its body was there. */
class ResumedRequestTest {
  private final AtomicInteger completed = new AtomicInteger();
  private final ResumedRequest request = new ResumedRequest(request(), exchange());

  @Test
  void answer_beforeTheThreadHasLeft_isCompletedWhenItLeaves() {
    AsyncContext context = request.startAsync();
    context.complete();
    assertThat(completed).hasValue(0);
    request.leave();
    assertThat(completed).hasValue(1);
  }

  @Test
  void answer_afterTheThreadHasLeft_isCompletedAtOnce() {
    AsyncContext context = request.startAsync();
    request.leave();
    assertThat(completed).hasValue(0);
    context.complete();
    assertThat(completed).hasValue(1);
  }

  @Test
  void answer_ofTheThreadItself_isCompletedWhenItLeaves() {
    assertThat(request.isAsyncStarted()).isFalse();
    request.leave();
    assertThat(completed).hasValue(1);
  }

  @Test
  void listener_addedLater_hearsOfTheEndOnce() {
    AtomicInteger heard = new AtomicInteger();
    AsyncContext context = request.startAsync();
    context.setTimeout(1);
    context.addListener(
        proxy(
            AsyncListener.class,
            method -> method.equals("onComplete") ? heard.incrementAndGet() : null));
    context.complete();
    assertThat(heard).hasValue(0);
    request.leave();
    assertThat(heard).hasValue(1);
  }

  private AsyncContext exchange() {
    return proxy(
        AsyncContext.class,
        method -> method.equals("complete") ? completed.incrementAndGet() : null);
  }

  @SuppressWarnings("JdkObsolete") // the interface returns a StringBuffer
  private static HttpServletRequest request() {
    return proxy(
        HttpServletRequest.class,
        method -> method.equals("getRequestURL") ? new StringBuffer("http://x/api") : "/api");
  }

  private interface Behaviour {
    @Nullable Object of(String method);
  }

  private static <T> T proxy(Class<T> type, Behaviour behaviour) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> behaviour.of(method.getName())));
  }
}

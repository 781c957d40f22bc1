package io.smache.node.api.entry;

import static org.assertj.core.api.Assertions.assertThat;

import io.smache.node.api.message.Reply;
import io.smache.node.cache.LoneNode;
import io.smache.node.engine.Answer;
import io.smache.node.store.Format;
import io.smache.node.store.Get;
import io.smache.node.store.Gzip;
import io.smache.node.store.Key;
import io.smache.node.store.KeyException;
import io.smache.node.store.Outcome;
import io.smache.node.store.Put;
import io.smache.node.store.Snapshot;
import io.smache.protocol.ClusterSecret;
import io.smache.protocol.message.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What would keep an event loop from its other clients is made elsewhere. */
class RepliesTest {
  private static final String CACHE = "c";
  private static final byte[] SMALL = new byte[1 << 10];
  private static final byte[] LARGE = new byte[1 << 17];
  private static final Format ENCODED = Format.of("text/plain", Gzip.NAME);

  private final LoneNode node = new LoneNode(ClusterSecret.NONE, 1 << 20).start();
  private final List<Runnable> others = new ArrayList<>();
  private final Replies replies = new Replies(others::add);

  private Answer found(byte[] value, Format format) throws KeyException {
    Key key = Key.of("k");
    node.cache.perform(Put.plain(CACHE, key, value, format)).toCompletableFuture().join();
    return node.cache.perform(Get.plain(CACHE, key)).toCompletableFuture().join();
  }

  private Snapshot entry(byte[] value, Format format) throws KeyException {
    return ((Outcome.Found) found(value, format).outcome()).entry();
  }

  @Test
  void value_sentAsItIsKept_isNotRecoded() throws KeyException {
    assertThat(Replies.isRecoded(entry(LARGE, Format.BYTES), false)).isFalse();
    assertThat(Replies.isRecoded(entry(Gzip.encode(LARGE), ENCODED), true)).isFalse();
    assertThat(Replies.isRecoded(entry(SMALL, Format.BYTES), true)).as("takes little").isFalse();
  }

  @Test
  void value_sentOtherwise_isRecoded() throws KeyException {
    assertThat(Replies.isRecoded(entry(LARGE, Format.BYTES), true)).isTrue();
    assertThat(Replies.isRecoded(entry(Gzip.encode(LARGE), ENCODED), false))
        .as("a kilobyte may be decoded to megabytes")
        .isTrue();
  }

  @Test
  void reply_thatTakesLong_isMadeByAnother() throws KeyException {
    Answer answer = found(LARGE, Format.BYTES);
    CompletableFuture<Reply> reply = reply(answer, true);
    assertThat(reply).isNotDone();
    others.forEach(Runnable::run);
    assertThat(reply).isCompleted();
  }

  @Test
  void reply_thatTakesLittle_isMadeAtOnce() throws KeyException {
    assertThat(reply(found(LARGE, Format.BYTES), false)).isCompleted();
    assertThat(reply(new Answer("n", new Outcome.Unavailable("no")), true)).isCompleted();
    assertThat(others).isEmpty();
  }

  private CompletableFuture<Reply> reply(Answer answer, boolean takesLong) {
    return replies
        .of(
            CompletableFuture.completedFuture(answer),
            entry -> takesLong,
            each -> Reply.of(Status.OK))
        .toCompletableFuture();
  }
}

package io.smache.node.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.smache.node.cluster.InFlight;
import io.smache.protocol.message.ProblemException;
import io.smache.protocol.message.Status;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.EOFException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** A body that comes in pieces. */
class UploadTest {
  private static final int MOST = 100_000;
  private static final long UNKNOWN = -1;

  private final Pieces pieces = new Pieces();
  private final InFlight room = new InFlight(1 << 20);

  @Test
  void body_inPieces_isWholeWithTheLastOne() throws IOException {
    Upload upload = upload(6, room.begin());
    pieces.come(upload, "abc");
    assertThat(upload.body()).isNotDone();
    pieces.come(upload, "def");
    assertThat(new String(upload.body().join(), UTF_8)).isEqualTo("abcdef");
  }

  @Test
  void body_ofUnknownLength_isWholeWhenAllIsRead() throws IOException {
    String large = "x".repeat(50_000);
    Upload upload = upload(UNKNOWN, room.begin());
    pieces.come(upload, large);
    pieces.come(upload, "end");
    assertThat(upload.body()).isNotDone();
    upload.onAllDataRead();
    assertThat(new String(upload.body().join(), UTF_8)).isEqualTo(large + "end");
  }

  @Test
  void body_longerThanAllowed_isReadNoFurtherThanThat() throws IOException {
    Upload upload = upload(UNKNOWN, room.begin());
    pieces.come(upload, "x".repeat(2 * MOST));
    assertThat(upload.body().join()).hasSize(MOST + 1);
  }

  @Test
  void body_thatEndsBeforeItsAnnouncedEnd_fails() throws IOException {
    Upload upload = upload(6, room.begin());
    pieces.come(upload, "abc");
    upload.onAllDataRead();
    assertThat(failure(upload)).isInstanceOf(EOFException.class);
  }

  @Test
  void body_withoutRoom_isRefusedWith503AndTakesNothing() throws IOException {
    InFlight.Share other = room.begin();
    assertThat(other.grow(1 << 20)).isTrue();
    Upload upload = upload(6, room.begin());
    pieces.come(upload, "abc");
    assertThat(failure(upload))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> assertThat(refused.status()).isEqualTo(Status.SERVICE_UNAVAILABLE));
    other.end();
    assertThat(room.begin().grow(1 << 20)).isTrue();
  }

  private static Throwable failure(Upload upload) {
    CompletionException failed =
        catchThrowableOfType(CompletionException.class, () -> upload.body().join());
    return requireNonNull(failed.getCause());
  }

  private Upload upload(long announced, InFlight.Share share) throws IOException {
    HttpServletRequest request =
        (HttpServletRequest)
            Proxy.newProxyInstance(
                UploadTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) ->
                    method.getName().equals("getInputStream") ? pieces : (Object) announced);
    return new Upload(request, MOST, share);
  }

  /** What has come of a body, and can be read without waiting. */
  private static final class Pieces extends ServletInputStream {
    private byte[] here = {};
    private int position;

    void come(Upload upload, String text) throws IOException {
      here = text.getBytes(UTF_8);
      position = 0;
      upload.onDataAvailable();
    }

    @Override
    public int read() {
      return position < here.length ? here[position++] : -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      int some = Math.min(length, here.length - position);
      System.arraycopy(here, position, buffer, offset, some);
      position += some;
      return some;
    }

    @Override
    public boolean isReady() {
      return position < here.length;
    }

    @Override
    public boolean isFinished() {
      return false;
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new UnsupportedOperationException();
    }
  }
}

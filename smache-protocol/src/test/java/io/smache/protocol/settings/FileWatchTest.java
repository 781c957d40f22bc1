package io.smache.protocol.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {
  @TempDir Path directory;

  @Test
  void hasChanged_afterAWriteAReplacementOrARemoval_once() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "one");
    FileWatch watch = new FileWatch(List.of(directory.resolve("none"), file));
    assertThat(watch.hasChanged()).isFalse();
    Files.writeString(file, "longer");
    assertThat(watch.hasChanged()).isTrue();
    assertThat(watch.hasChanged()).isFalse();
    FileTime time = Files.getLastModifiedTime(file);
    Path next = Files.writeString(directory.resolve("next"), "equal!");
    Files.setLastModifiedTime(next, time);
    Files.delete(file);
    Files.move(next, file);
    assertThat(watch.hasChanged()).isTrue();
    Files.delete(file);
    assertThat(watch.hasChanged()).isTrue();
    assertThat(watch.hasChanged()).isFalse();
  }
}

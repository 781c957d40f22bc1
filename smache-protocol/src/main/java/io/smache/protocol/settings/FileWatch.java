package io.smache.protocol.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/** Tells whether files have changed, or others have taken their places. For one thread. */
public final class FileWatch {
  private final List<Path> files;
  private List<Seen> seen;

  /** What tells a file from what was there before. */
  private record Seen(FileTime changed, long bytes, String key) {
    static Seen of(Path file) {
      try {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        return new Seen(now.lastModifiedTime(), now.size(), String.valueOf(now.fileKey()));
      } catch (IOException e) {
        return new Seen(FileTime.fromMillis(0), -1, "missing");
      }
    }
  }

  /** Begins with the files as they are now. */
  public FileWatch(List<Path> files) {
    this.files = List.copyOf(files);
    this.seen = look();
  }

  private List<Seen> look() {
    List<Seen> now = new ArrayList<>(files.size());
    files.forEach(file -> now.add(Seen.of(file)));
    return now;
  }

  /** Returns whether one of them has changed, come or gone since the last call. */
  public boolean hasChanged() {
    List<Seen> now = look();
    boolean changed = !now.equals(seen);
    seen = now;
    return changed;
  }
}

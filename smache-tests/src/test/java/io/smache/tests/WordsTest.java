package io.smache.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a reader meets: the documents and the words of the code (docs/glossary.md). */
class WordsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final int LONGEST_LINE = 120;
  private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#]+)(?:#[^)]*)?\\)");

  /** Each has another word in the glossary; written so that this file does not have them. */
  private static final Pattern OLD_WORDS =
      Pattern.compile(
          "(?i)\\b(\\w*linea[g]e|patien[ct]\\w*|doubtfu[l]|HandoffRat[e]|PeerChec[k]|give[r]s?|take[r]s?|rehears[e]\\w*|tenan[t]|SMACHE_LAN[E]|SMACHE_HANDOF[F]\\w*"
              + "|Preloa[d]|Everywher[e]\\.|any mor[e])\\b");

  @Test
  void links_ofDocuments_resolve() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path document : documents()) {
      Matcher link = LINK.matcher(Files.readString(document));
      while (link.find()) {
        Path target = document.resolveSibling(link.group(1)).normalize();
        if (!Files.exists(target)) {
          broken.add(ROOT.relativize(document) + ": " + link.group(1));
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void lines_ofDocuments_areShort() throws IOException {
    List<String> longer = new ArrayList<>();
    for (Path document : documents()) {
      Files.readAllLines(document).stream()
          .filter(line -> line.length() > LONGEST_LINE && !line.startsWith("|"))
          .filter(line -> !line.contains("`curl "))
          .forEach(line -> longer.add(ROOT.relativize(document) + ": " + line));
    }
    assertThat(longer).isEmpty();
  }

  @Test
  void words_thatWereReplaced_areGone() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : files()) {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (OLD_WORDS.matcher(lines.get(i)).find()) {
          found.add("%s:%d: %s".formatted(ROOT.relativize(file), i + 1, lines.get(i).strip()));
        }
      }
    }
    assertThat(found).isEmpty();
  }

  private static List<Path> documents() throws IOException {
    return files().stream().filter(file -> file.toString().endsWith(".md")).toList();
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(ROOT)) {
      return all.filter(file -> file.toString().matches(".*\\.(?:md|java|sh|xml|conf|yml)"))
          .filter(file -> !ROOT.relativize(file).toString().matches("(?:.*/)?(?:target|\\.git)/.*"))
          .filter(WordsTest::isFile)
          .toList();
    }
  }

  private static boolean isFile(Path file) {
    try {
      return Files.isRegularFile(file) && Files.size(file) > 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

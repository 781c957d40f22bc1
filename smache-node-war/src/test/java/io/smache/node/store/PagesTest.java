package io.smache.node.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PagesTest {
  private static final String CACHE = "c";

  private final Caches caches = new Caches(new FakeClock(), 1 << 28, Integer.MAX_VALUE);
  private final Guard guard = new Guard(caches);
  private final Pages pages = new Pages(caches, any -> guard.shard);

  @Test
  void page_moreKeysThanAPassKeeps_eachOnceInOrder() throws KeyException {
    Set<String> put = new HashSet<>();
    for (int i = 0; i < 150_000; i++) {
      put("key-" + i);
      put.add("key-" + i);
    }
    List<Key> listed = all(null, 997);
    assertThat(listed).isSorted();
    assertThat(listed).hasSize(150_000);
    assertThat(texts(listed)).isEqualTo(put);
  }

  @Test
  void page_whileKeysComeAndGo_hasAllThatAreThereAllTheWhile() throws KeyException {
    for (int i = 0; i < 1000; i++) {
      put("kept-" + i);
      put("goes-" + i);
    }
    List<Key> listed = new ArrayList<>();
    Key after = null;
    for (int page = 0; ; page++) {
      List<Listed> some = page(null, after, 10);
      some.forEach(each -> listed.add(each.key()));
      if (some.size() < 10) {
        break;
      }
      after = some.get(9).key();
      put("comes-" + page);
      guard.perform(new Delete(CACHE, Key.of("goes-" + page), Preconditions.NONE, List.of()));
    }
    assertThat(listed).doesNotHaveDuplicates();
    assertThat(texts(listed)).filteredOn(text -> text.startsWith("kept-")).hasSize(1000);
  }

  @Test
  void page_firstOfANewList_hasWhatWasPutSinceTheLast() throws KeyException {
    put("a");
    assertThat(texts(all(null, 1))).containsExactly("a");
    put("b");
    assertThat(texts(all(null, 1))).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void page_invalidatedOrOtherPrefix_isNotThere() throws KeyException {
    put("user:1");
    put("user:2");
    put("other");
    assertThat(texts(all(Key.of("user:"), 1))).containsExactlyInAnyOrder("user:1", "user:2");
    guard.invalidate(CACHE, Invalidation.ofPrefix(Key.of("user:")));
    assertThat(all(Key.of("user:"), 1)).isEmpty();
    assertThat(texts(all(null, 1))).containsExactly("other");
  }

  private void put(String text) throws KeyException {
    guard.perform(Put.plain(CACHE, Key.of(text), new byte[1], Format.BYTES));
  }

  private List<Key> all(@Nullable Key prefix, int limit) {
    List<Key> all = new ArrayList<>();
    Key after = null;
    while (true) {
      List<Listed> page = page(prefix, after, limit);
      page.forEach(each -> all.add(each.key()));
      if (page.size() < limit) {
        return all;
      }
      after = page.get(limit - 1).key();
    }
  }

  private List<Listed> page(@Nullable Key prefix, @Nullable Key after, int limit) {
    try {
      return pages.page(new Command.Page(CACHE, prefix, after, limit));
    } catch (Pages.BusyException e) {
      throw new AssertionError("nobody else lists", e);
    }
  }

  private static Set<String> texts(List<Key> keys) {
    Set<String> texts = new HashSet<>();
    keys.forEach(key -> texts.add(key.toString()));
    return texts;
  }
}

package io.smache.node.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Selects entries of a cache to invalidate.
 *
 * @param groups those in one of these groups
 * @param prefix those whose key begins so, or null for none
 * @param all all of them
 */
public record Invalidation(List<String> groups, @Nullable Key prefix, boolean all) {
  /** Returns whether an entry with this key and these groups is selected. */
  boolean covers(Key key, List<String> of) {
    return all
        || (prefix != null && key.startsWith(prefix))
        || groups.stream().anyMatch(of::contains);
  }

  /** Those in one of these groups. */
  public static Invalidation ofGroups(List<String> groups) {
    return new Invalidation(groups, null, false);
  }

  /** Those whose key begins so. */
  public static Invalidation ofPrefix(Key prefix) {
    return new Invalidation(List.of(), prefix, false);
  }

  /** All. */
  public static Invalidation ofAll() {
    return new Invalidation(List.of(), null, true);
  }
}

package io.smache.node.store;

import java.util.List;

/**
 * The field value of If-Match or If-None-Match (RFC 9110, sections 13.1.1 and 13.1.2).
 *
 * @param any whether it is {@code *}
 * @param tags empty when it is
 */
public record EntityTags(boolean any, List<Tag> tags) {
  /** {@code *}: any entry will do. */
  public static final EntityTags ANY = new EntityTags(true, List.of());

  /**
   * One entity tag.
   *
   * @param opaque what stands between its quotes
   */
  public record Tag(String opaque, boolean weak) {}

  boolean match(Version version, boolean weakly) {
    if (any) {
      return true;
    }
    String opaque = version.tag();
    return tags.stream().anyMatch(tag -> (weakly || !tag.weak()) && tag.opaque().equals(opaque));
  }
}

package io.smache.node.engine.grid;

import io.smache.protocol.settings.Settings;

/**
 * How a grid keeps entries.
 *
 * @param backups copies of each entry beside its owner's, 0 to 3
 * @param minimum members without which it serves nothing, from 1
 */
record GridConfig(int backups, int minimum) {
  private static final int MOST_MEMBERS = 1_000;

  /**
   * Reads {@code SMACHE_BACKUPS} and {@code SMACHE_GRID_MINIMUM}.
   *
   * @throws io.smache.protocol.settings.SettingException when one is malformed
   */
  static GridConfig of(Settings settings) {
    String backups = settings.text("SMACHE_BACKUPS").orElse("1");
    if (!backups.matches("[0-3]")) {
      throw Settings.wrong("SMACHE_BACKUPS", backups, "a whole number from 0 to 3");
    }
    return new GridConfig(
        Integer.parseInt(backups), (int) settings.positive("SMACHE_GRID_MINIMUM", 1, MOST_MEMBERS));
  }
}

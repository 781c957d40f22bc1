package io.smache.node.engine.grid;

import io.smache.protocol.settings.Settings;

/**
 * When a grid serves.
 *
 * @param minimum members without which it serves nothing, from 1
 */
record GridConfig(int minimum) {
  private static final int MOST_MEMBERS = 1_000;

  /**
   * Reads {@code SMACHE_GRID_MINIMUM}.
   *
   * @throws io.smache.protocol.settings.SettingException when it is malformed
   */
  static GridConfig of(Settings settings) {
    return new GridConfig((int) settings.positive("SMACHE_GRID_MINIMUM", 1, MOST_MEMBERS));
  }
}

package io.smache.node.cluster;

import io.smache.protocol.ClusterSecret;
import io.smache.protocol.Member;
import io.smache.protocol.MemberGrid;
import io.smache.protocol.settings.SettingException;
import io.smache.protocol.settings.Settings;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The identity of this node, and the address of uplink.
 *
 * @param self this process as a member
 * @param uplink base URL of uplink, such as {@code http://host:8080/uplink}; empty for a lone node
 * @param secret shown to uplink and to other nodes
 */
public record ClusterConfig(Member self, Optional<String> uplink, ClusterSecret secret) {
  private static final String LONE_URL = "http://localhost";
  private static final long DEFAULT_GRID_PORT = 7_800;
  private static final long MAX_PORT = 65_535;

  /**
   * Reads {@code NODE_NAME}, {@code NODE_URL}, {@code UPLINK_URL}, {@code SMACHE_SECRET}, {@code
   * SMACHE_ENGINE}, {@code SMACHE_GRID_PORT} and {@code SMACHE_BACKUPS}.
   *
   * @throws SettingException when one is malformed, or is missing while {@code UPLINK_URL} is set
   */
  static ClusterConfig of(Settings settings) {
    Optional<String> uplink = settings.text("UPLINK_URL").map(url -> url("UPLINK_URL", url));
    ClusterSecret secret = settings.secret();
    if (uplink.isPresent() && secret == ClusterSecret.NONE) {
      throw new SettingException(
          "SMACHE_SECRET is not set, so this node refuses to join the cluster of "
              + uplink.get()
              + "; ./scripts/secret.sh prints a good one, the same for all nodes and uplink");
    }
    String url = settings.text("NODE_URL").map(u -> url("NODE_URL", u)).orElse(LONE_URL);
    if (uplink.isPresent() && url.equals(LONE_URL)) {
      throw new SettingException(
          "NODE_URL is not set; with UPLINK_URL it must be the address under which other nodes"
              + " reach this one, such as http://host:8080");
    }
    String instance = UUID.randomUUID().toString();
    Member self = new Member(name(settings), url, instance, grid(settings, url));
    return new ClusterConfig(self, uplink, secret);
  }

  /** Returns the grid of this node: reached beside its URL, at a port of its own. */
  private static @Nullable MemberGrid grid(Settings settings, String url) {
    if (!isGrid(settings)) {
      return null;
    }
    long port = settings.positive("SMACHE_GRID_PORT", DEFAULT_GRID_PORT, MAX_PORT);
    String backups = settings.text("SMACHE_BACKUPS").orElse("1");
    if (!backups.matches("[0-3]")) {
      throw Settings.wrong("SMACHE_BACKUPS", backups, "a whole number from 0 to 3");
    }
    return new MemberGrid(URI.create(url).getHost() + ":" + port, Integer.parseInt(backups));
  }

  /**
   * Returns whether {@code SMACHE_ENGINE} is {@code grid}.
   *
   * @throws SettingException when it is neither that nor {@code shards}
   */
  public static boolean isGrid(Settings settings) {
    String engine = settings.text("SMACHE_ENGINE").orElse("shards");
    return switch (engine) {
      case "grid" -> true;
      case "shards" -> false;
      default -> throw Settings.wrong("SMACHE_ENGINE", engine, "shards or grid");
    };
  }

  /** Returns whether this node has no uplink and owns everything itself. */
  public boolean isLone() {
    return uplink.isEmpty();
  }

  private static String name(Settings settings) {
    String name = settings.text("NODE_NAME").orElseGet(ClusterConfig::hostName);
    if (!Member.isName(name)) {
      throw Settings.wrong("NODE_NAME", name, "1 to 64 of A-Z a-z 0-9 . _ -");
    }
    return name;
  }

  private static String hostName() {
    try {
      String host = InetAddress.getLocalHost().getHostName();
      return Member.isName(host) ? host : "node";
    } catch (UnknownHostException e) {
      return "node";
    }
  }

  private static String url(String name, String value) {
    try {
      return Member.baseUrl(value);
    } catch (IllegalArgumentException e) {
      throw Settings.wrong(name, value, "an absolute URL such as http://host:8080");
    }
  }
}

package io.smache.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smache.protocol.settings.SettingException;
import io.smache.protocol.settings.Settings;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterConfigTest {
  private final Map<String, String> set =
      new HashMap<>(
          Map.of(
              "NODE_NAME", "foo",
              "NODE_URL", "http://host:8080/",
              "UPLINK_URL", "http://up:1/uplink/",
              "SMACHE_SECRET", "0123456789abcdef"));

  @Test
  void of_everythingSet_isTaken() {
    ClusterConfig config = config();
    assertThat(config.self().name()).isEqualTo("foo");
    assertThat(config.self().url()).isEqualTo("http://host:8080");
    assertThat(config.uplink()).contains("http://up:1/uplink");
    assertThat(config.isLone()).isFalse();
  }

  @Test
  void of_nothingSet_isALoneNode() {
    set.clear();
    assertThat(config().isLone()).isTrue();
  }

  @Test
  void of_twice_areTwoInstances() {
    assertThat(config().self().instance()).isNotEqualTo(config().self().instance());
  }

  @Test
  void of_uplinkWithoutSecret_refusesToJoinAndSaysWhy() {
    set.remove("SMACHE_SECRET");
    refuses("SMACHE_SECRET is not set, so this node refuses to join");
  }

  @Test
  void of_uplinkWithoutOwnUrl_refuses() {
    set.remove("NODE_URL");
    refuses("NODE_URL is not set");
  }

  @Test
  void of_malformed_namesTheVariable() {
    set.put("NODE_URL", "host:8080");
    refuses("NODE_URL is 'host:8080' but must be an absolute URL");
    set.put("NODE_URL", "http://host");
    set.put("UPLINK_URL", "");
    refuses("UPLINK_URL is '' but must be an absolute URL");
    set.put("UPLINK_URL", "http://up");
    set.put("NODE_NAME", "a b");
    refuses("NODE_NAME is 'a b' but must be");
  }

  private ClusterConfig config() {
    return ClusterConfig.of(new Settings(set::get));
  }

  private void refuses(String sentence) {
    assertThatThrownBy(this::config)
        .isInstanceOf(SettingException.class)
        .hasMessageContaining(sentence);
  }
}

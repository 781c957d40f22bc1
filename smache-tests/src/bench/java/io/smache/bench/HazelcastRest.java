package io.smache.bench;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.RestApiConfig;
import com.hazelcast.config.RestEndpointGroup;
import com.hazelcast.core.Hazelcast;

/** Hazelcast's REST API at one member alone. */
public final class HazelcastRest {
  private HazelcastRest() {}

  /** Starts it on the port that is given; it ends with the process. */
  @SuppressWarnings("deprecation") // the whole REST API is, and there is no other
  public static void main(String[] arguments) {
    Config config = Config.loadFromString("hazelcast: {}");
    config.getNetworkConfig().setPort(Integer.parseInt(arguments[0])).setPortAutoIncrement(false);
    config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    JoinConfig join = config.getNetworkConfig().getJoin();
    join.getMulticastConfig().setEnabled(false);
    join.getAutoDetectionConfig().setEnabled(false);
    RestApiConfig rest = new RestApiConfig().setEnabled(true).enableGroups(RestEndpointGroup.DATA);
    rest.enableGroups(RestEndpointGroup.HEALTH_CHECK);
    config.getNetworkConfig().setRestApiConfig(rest);
    config.setProperty("hazelcast.phone.home.enabled", "false");
    Hazelcast.newHazelcastInstance(config);
  }
}

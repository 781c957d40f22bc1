package io.smache.node.container;

import java.io.File;
import java.util.Map;
import java.util.stream.Collectors;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** The WAR as it was built, with settings. */
final class Deployments {
  private Deployments() {}

  static WebArchive node(Map<String, String> settings) {
    String properties =
        settings.entrySet().stream()
            .map(setting -> setting.getKey() + "=" + setting.getValue() + "\n")
            .collect(Collectors.joining("", "smache.shard.beans=256\n", ""));
    return ShrinkWrap.createFromZipFile(WebArchive.class, new File("target/smache-node.war"))
        .addAsResource(new StringAsset(properties), "META-INF/microprofile-config.properties");
  }
}

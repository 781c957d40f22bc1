package io.smache.node.engine.grid;

import io.smache.protocol.ClusterSecret;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.infinispan.remoting.transport.jgroups.AbstractJGroupsChannelConfigurator;
import org.jgroups.JChannel;
import org.jgroups.conf.ProtocolConfiguration;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FD_SOCK2;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.MFC;
import org.jgroups.protocols.SYM_ENCRYPT;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.TCP_NIO2;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;

/**
 * How the members of a grid reach each other: TCP to addresses that uplink knows, and every message
 * encrypted with a key made of the cluster's secret, so that a stranger can neither join nor read.
 */
final class GridStack extends AbstractJGroupsChannelConfigurator {
  private static final String HMAC = "HmacSHA256";
  private static final String PURPOSE = "smache grid";
  private static final int IV_BYTES = 16;

  /** What is longer is no message: these are cut to a few dozen KB. */
  private static final int MOST_BYTES = 1 << 20;

  private static final long JOIN_MILLIS = 2_000;
  private static final long SILENCE_MILLIS = 8_000;
  private static final long BEAT_MILLIS = 2_000;

  private final TCPPING hosts = new TCPPING();
  private final JChannel channel;

  /**
   * Makes a channel that is not connected.
   *
   * @param self where this one is reached; its port is listened at, on its address
   * @param others where the others are reached
   */
  GridStack(InetSocketAddress self, Collection<InetSocketAddress> others, ClusterSecret secret)
      throws Exception {
    InetAddress address = InetAddress.getByName(self.getHostString());
    TCP_NIO2 transport = new TCP_NIO2(); // with TCP, one member that is cut off holds up all others
    transport.setBindAddress(address);
    transport.setBindPort(self.getPort());
    transport.setPortRange(0);
    transport.setMaxLength(MOST_BYTES);
    transport.setBundlerType("transfer-queue"); // the usual one may spin for ever after a view
    transport.tcpNodelay(true); // without it, each write waits for a delayed acknowledgement
    hosts.setInitialHosts(others);
    hosts.portRange(0);
    channel =
        new JChannel(
            List.of(
                transport,
                hosts,
                new MERGE3().setMinInterval(1_000).setMaxInterval(5_000),
                new FD_SOCK2().setBindAddress(address),
                new FD_ALL3().setTimeout(SILENCE_MILLIS).setInterval(BEAT_MILLIS),
                new VERIFY_SUSPECT2().setTimeout(1_000),
                encryption(secret),
                new NAKACK2(),
                new UNICAST3(),
                new STABLE(),
                new GMS().printLocalAddress(false).setJoinTimeout(JOIN_MILLIS),
                new UFC(),
                new MFC(),
                new FRAG4()));
  }

  private static SYM_ENCRYPT encryption(ClusterSecret secret) throws Exception {
    Mac mac = Mac.getInstance(HMAC);
    mac.init(new SecretKeySpec(secret.authorization().getBytes(StandardCharsets.US_ASCII), HMAC));
    byte[] key = mac.doFinal(PURPOSE.getBytes(StandardCharsets.US_ASCII));
    SYM_ENCRYPT encryption = new SYM_ENCRYPT().setSecretKey(new SecretKeySpec(key, "AES"));
    encryption.symAlgorithm("AES/CBC/PKCS5Padding").symIvLength(IV_BYTES);
    return encryption;
  }

  @Override
  public String getName() {
    return PURPOSE;
  }

  @Override
  public JChannel createChannel(String name) {
    return amendChannel(channel);
  }

  @Override
  public String getProtocolStackString() {
    return PURPOSE;
  }

  @Override
  public List<ProtocolConfiguration> getProtocolStack() {
    return List.of(); // the channel is made already
  }

  /** Sets where other members are looked for from now on. */
  void look(Collection<InetSocketAddress> others) {
    hosts.setInitialHosts(others);
  }
}

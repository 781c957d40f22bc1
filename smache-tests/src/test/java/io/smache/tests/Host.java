package io.smache.tests;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a server runs.
 *
 * @param address the IP address at which it is reached
 * @param space its network namespace, empty for that of this JVM
 */
record Host(String address, String space) {
  static final Host LOOPBACK = new Host("127.0.0.1", "");

  /** Returns the command that runs the given one on this host, in the same process. */
  List<String> command(List<String> command) {
    if (space.isEmpty()) {
      return command;
    }
    List<String> there = new ArrayList<>(List.of("ip", "netns", "exec", space));
    there.addAll(command);
    return there;
  }

  String url(int port) {
    return "http://" + address + ":" + port;
  }
}

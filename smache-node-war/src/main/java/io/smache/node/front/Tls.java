package io.smache.node.front;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.smache.protocol.settings.FileWatch;
import io.smache.protocol.settings.OwnCertificate;
import io.smache.protocol.settings.SettingException;
import io.smache.protocol.settings.Settings;
import io.smache.protocol.settings.Trust;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLException;

/**
 * TLS 1.2 and 1.3 at the front, with HTTP/1.1 (RFC 7301). Its files are read again when they
 * change; connections that are open keep what they have. Thread-safe.
 */
final class Tls {
  private static final Logger LOG = System.getLogger(Tls.class.getName());
  private static final String CLIENTS = "SMACHE_TLS_CLIENT_CA";
  private static final ApplicationProtocolConfig HTTP =
      new ApplicationProtocolConfig(
          Protocol.ALPN,
          SelectorFailureBehavior.NO_ADVERTISE,
          SelectedListenerFailureBehavior.ACCEPT,
          ApplicationProtocolNames.HTTP_1_1);

  private final OwnCertificate own;
  private final Optional<String> clients;

  /** For the one thread that looks. */
  private final FileWatch watch;

  private volatile SslContext context;

  private Tls(OwnCertificate own, Optional<String> clients) {
    List<Path> files = new ArrayList<>(List.of(own.certificate(), own.key()));
    clients.ifPresent(file -> files.add(Path.of(file)));
    this.own = own;
    this.clients = clients;
    this.watch = new FileWatch(files);
    this.context = read(own, clients);
  }

  /**
   * Returns what {@code SMACHE_TLS_CERT}, {@code SMACHE_TLS_KEY} and {@code SMACHE_TLS_CLIENT_CA}
   * say; empty for plain HTTP.
   *
   * @throws SettingException when a file cannot be used
   */
  static Optional<Tls> of(Settings settings) {
    Optional<String> clients = settings.text(CLIENTS);
    Optional<OwnCertificate> own = OwnCertificate.of(settings);
    if (clients.isPresent() && own.isEmpty()) {
      throw new SettingException(
          CLIENTS + " is set but SMACHE_TLS_CERT and SMACHE_TLS_KEY are not");
    }
    return own.map(each -> new Tls(each, clients));
  }

  private static SslContext read(OwnCertificate own, Optional<String> clients) {
    SslContextBuilder builder =
        SslContextBuilder.forServer(own.keyManagers())
            .sslProvider(SslProvider.JDK)
            .protocols("TLSv1.3", "TLSv1.2")
            .applicationProtocolConfig(HTTP);
    clients.ifPresent(
        file -> builder.trustManager(Trust.inFile(CLIENTS, file)).clientAuth(ClientAuth.REQUIRE));
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new SettingException("no TLS with %s: %s".formatted(own.certificate(), e.getMessage()));
    }
  }

  /**
   * Returns what encrypts a connection.
   *
   * @param executor for what takes long in a handshake
   */
  SslHandler handler(ByteBufAllocator allocator, Executor executor) {
    return context.newHandler(allocator, executor);
  }

  /** Reads the files again if they have changed; to be called now and then, by one thread. */
  void look() {
    if (!watch.hasChanged()) {
      return;
    }
    try {
      context = read(own, clients);
      LOG.log(Level.INFO, "has read {0} again: new connections get it", own.certificate());
    } catch (SettingException e) {
      LOG.log(Level.ERROR, "{0}; the certificate that was there before stays", e.getMessage());
    }
  }

  /** Returns what it is, for people. */
  @Override
  public String toString() {
    return clients.isPresent() ? "https with client certificates" : "https";
  }
}

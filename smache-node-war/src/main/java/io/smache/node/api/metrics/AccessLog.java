package io.smache.node.api.metrics;

import io.smache.node.runtime.NodeScoped;
import io.smache.protocol.settings.Settings;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Logs each request in the common log format, and behind it the owner of the entry and the µs that
 * it took. Queries are left out. Off unless it is switched on. Thread-safe.
 */
@NodeScoped
public class AccessLog {
  private static final Logger LOG = System.getLogger("io.smache.access");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final boolean open;

  /**
   * Reads {@code SMACHE_ACCESS_LOG}.
   *
   * @throws io.smache.protocol.settings.SettingException when it is wrong
   */
  @Inject
  public AccessLog() {
    this(Settings.ofApplication());
  }

  /** As the settings say. */
  public AccessLog(Settings settings) {
    open = settings.flag("SMACHE_ACCESS_LOG", false);
  }

  /** Returns whether it is switched on. */
  public boolean isOpen() {
    return open;
  }

  /**
   * Logs a request.
   *
   * @param user name of the token that it showed, null for none
   */
  public void write(Answered request, @Nullable String user) {
    LOG.log(Level.INFO, line(request, user));
  }

  static String line(Answered request, @Nullable String user) {
    return "%s - %s [%s] \"%s %s %s\" %d %s %s %d"
        .formatted(
            request.asked().from(),
            orNone(user),
            TIME.format(request.at()),
            printable(request.asked().method()),
            printable(request.asked().path()),
            request.asked().protocol(),
            request.status().code(),
            request.bytes() < 0 ? "-" : Long.toString(request.bytes()),
            orNone(request.node()),
            TimeUnit.NANOSECONDS.toMicros(request.nanos()));
  }

  private static String orNone(@Nullable String text) {
    return text == null ? "-" : text;
  }

  /** Nobody forges a line or a field by what he asks for. */
  private static String printable(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      plain.append(each > ' ' && each < 0x7f && each != '"' ? each : '?');
    }
    return plain.toString();
  }
}

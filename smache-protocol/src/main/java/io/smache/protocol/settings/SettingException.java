package io.smache.protocol.settings;

import java.util.Optional;

/** A setting is missing or out of its range; the message is one sentence for the operator. */
public final class SettingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Takes the sentence. */
  public SettingException(String message) {
    super(message);
  }

  /** Returns the setting that a failure comes from, if it comes from one. */
  public static Optional<SettingException> causeOf(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SettingException setting) {
        return Optional.of(setting);
      }
    }
    return Optional.empty();
  }
}

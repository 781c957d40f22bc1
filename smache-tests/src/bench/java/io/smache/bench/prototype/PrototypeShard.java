package io.smache.bench.prototype;

import jakarta.ejb.Lock;
import jakarta.ejb.LockType;
import jakarta.ejb.Singleton;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All values; its container lets one write at a time in. */
@Singleton
@Lock(LockType.WRITE)
public class PrototypeShard {
  private final Map<String, byte[]> values = new HashMap<>();

  /** Returns the value of a key, or null. */
  @Lock(LockType.READ)
  public byte @Nullable [] get(String key) {
    return values.get(key);
  }

  /** Stores the value of a key. */
  public void put(String key, byte[] value) {
    values.put(key, value);
  }
}

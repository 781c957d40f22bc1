package io.smache.node.shard;

import io.smache.node.runtime.NodeScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The locks of the shard beans that the build declared. Thread-safe. */
@NodeScoped
public class ShardBeans implements ShardLocks {
  private final List<ShardBean> beans;
  private volatile boolean gone;

  /**
   * Looks the beans up.
   *
   * @param declared their number in {@code WEB-INF/ejb-jar.xml}; written by the build
   */
  @Inject
  ShardBeans(@ConfigProperty(name = "smache.shard.beans") int declared) {
    beans = IntStream.range(0, declared).mapToObj(ShardBeans::bean).toList();
  }

  @SuppressWarnings("BanJNDI") // the name is ours, and the namespace is this application's own
  private static ShardBean bean(int index) {
    String name = "java:module/shard-" + index;
    try {
      return InitialContext.doLookup(name);
    } catch (NamingException e) {
      throw new IllegalStateException("the server did not deploy the shard bean " + name, e);
    }
  }

  @Override
  public int count() {
    return beans.size();
  }

  @Override
  public <T> T call(int index, Supplier<T> work) {
    ShardBean bean = beans.get(index);
    if (gone) {
      synchronized (bean) {
        return work.get();
      }
    }
    return bean.call(work);
  }

  /**
   * Does without the beans from now on: a server that stops removes them before it tells the
   * application. To be called when no more requests come in.
   */
  public void end() {
    gone = true;
  }
}

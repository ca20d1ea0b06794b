package dev.strongroom.testkit;

import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** A store that ends its process in a commit, at once, as {@code kill -9} does. Thread-safe. */
final class DyingStorage implements StorageType {
  private final StorageType below;
  private int left;
  private boolean done;

  DyingStorage(StorageType below) {
    this.below = below;
  }

  /**
   * Plans the death.
   *
   * @param commit counted from now; 0: never
   * @param after whether that commit is carried out first
   */
  synchronized void dieIn(int commit, boolean after) {
    left = commit;
    done = after;
  }

  @Override
  public String name() {
    return below.name();
  }

  @Override
  public StorageBackend open() {
    StorageBackend store = below.open();
    return (StorageBackend) Proxy.newProxyInstance(
        StorageBackend.class.getClassLoader(),
        new Class<?>[] {StorageBackend.class},
        (proxy, method, arguments) -> method.getName().equals("commit")
            ? commit(store, method, arguments)
            : call(store, method, arguments));
  }

  private synchronized Object commit(StorageBackend store, Method method, Object[] arguments)
      throws Throwable {
    boolean last = left > 0 && --left == 0;
    if (last && !done) {
      Runtime.getRuntime().halt(1);
    }
    Object results = call(store, method, arguments);
    if (last) {
      Runtime.getRuntime().halt(1);
    }
    return results;
  }

  private static Object call(StorageBackend store, Method method, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(store, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}

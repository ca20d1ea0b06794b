package dev.strongroom;

import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicReference;

/** A store in memory that lets something else happen before it answers one read. */
final class OvertakenStorage implements StorageType {
  private final AtomicReference<Runnable> beforeNextGet = new AtomicReference<>();

  /** Runs {@code work} on a thread of its own, to its end, before the next row is read. */
  void beforeNextGet(Runnable work) {
    beforeNextGet.set(() -> {
      Thread thread = new Thread(work);
      thread.start();
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
  }

  @Override
  public String name() {
    return "overtaken";
  }

  @Override
  public StorageBackend open() {
    StorageBackend inner = InMemoryStorage.create().open();
    return (StorageBackend) Proxy.newProxyInstance(
        getClass().getClassLoader(),
        new Class<?>[] {StorageBackend.class},
        (proxy, method, arguments) -> {
          Runnable work = method.getName().equals("get") ? beforeNextGet.getAndSet(null) : null;
          if (work != null) {
            work.run();
          }
          try {
            return method.invoke(inner, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }
}

package dev.strongroom;

import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** A store in memory that lets another commit happen before it answers one read. */
final class OvertakenStorage implements StorageType {
  private final AtomicReference<Runnable> beforeNextGet = new AtomicReference<>();
  private volatile CountDownLatch durable = new CountDownLatch(0);

  /**
   * Runs {@code work} on a thread of its own before the next row is read, until its first commit is
   * durable. Not to its end: the reader holds a part of the vault's cache, which the end may need.
   */
  void beforeNextGet(Runnable work) {
    beforeNextGet.set(() -> {
      durable = new CountDownLatch(1);
      new Thread(work).start();
      try {
        durable.await();
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
            Object result = method.invoke(inner, arguments);
            if (method.getName().equals("commit")) {
              durable.countDown();
            }
            return result;
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }
}

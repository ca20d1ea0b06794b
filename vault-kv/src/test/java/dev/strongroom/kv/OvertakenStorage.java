package dev.strongroom.kv;

import dev.strongroom.InMemoryStorage;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.VirtualTime;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A store that lets another request overtake the one that reads: just before it hands out the row
 * of a version, that version is destroyed, and durably so, while the vault's cache still has the
 * key as it was.
 */
final class OvertakenStorage implements StorageType {
  private final CountDownLatch destroyed = new CountDownLatch(1);
  private final AtomicInteger getsUntilOvertaken = new AtomicInteger(Integer.MAX_VALUE);
  private Thread other = Thread.currentThread();

  /** Reads {@code data/a}, and destroys its version before that is read. */
  Response readWhileDestroyed() throws InterruptedException {
    try (Vault vault = Vault.builder()
            .storage(this)
            .time(VirtualTime.at(Instant.EPOCH))
            .mount("secret", Kv.version2())
            .open();
        InitialKeys keys = vault.initialize(new KeyShares(1, 1));
        KeyShare share = keys.shares().get(0)) {
      vault.unseal(share);
      Session root = vault.session(keys.rootToken());
      KvStore store = KvStore.at(root, "secret");
      store.put("a", Map.of("k", "v"));
      store.put("warm-up", Map.of("k", "v"));
      vault.seal(); // which empties the cache
      vault.unseal(share);
      root.request(Request.read("secret/data/warm-up"));

      other = new Thread(() -> destroy(store));
      getsUntilOvertaken.set(2); // the key, then the version
      Response response = root.request(Request.read("secret/data/a"));
      other.join();
      return response;
    }
  }

  private void destroy(KvStore store) {
    try {
      store.destroy("a", 1);
    } finally {
      destroyed.countDown();
    }
  }

  @Override
  public String name() {
    return "overtaken";
  }

  @Override
  public StorageBackend open() {
    StorageBackend store = InMemoryStorage.create().open();
    return (StorageBackend) Proxy.newProxyInstance(
        getClass().getClassLoader(),
        new Class<?>[] {StorageBackend.class},
        (proxy, method, arguments) -> call(store, method, arguments));
  }

  private Object call(StorageBackend store, Method method, Object[] arguments) throws Throwable {
    if (method.getName().equals("get") && getsUntilOvertaken.decrementAndGet() == 0) {
      overtake();
    }
    try {
      Object result = method.invoke(store, arguments);
      if (method.getName().equals("commit") && getsUntilOvertaken.get() <= 0) {
        destroyed.countDown();
      }
      return result;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** Returns when the other request is durable; it cannot end before this one has read. */
  private void overtake() throws InterruptedException {
    other.start();
    if (!destroyed.await(10, TimeUnit.SECONDS)) { // rather than wait for ever
      throw new IllegalStateException("the other request waits for this one: nothing can overtake");
    }
  }
}

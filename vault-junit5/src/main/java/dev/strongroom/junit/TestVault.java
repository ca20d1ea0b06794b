package dev.strongroom.junit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.strongroom.ClientToken;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.Leases;
import dev.strongroom.Session;
import dev.strongroom.TokenRequest;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;
import dev.strongroom.VaultBuilder;
import dev.strongroom.VirtualTime;
import dev.strongroom.kv.Kv;
import dev.strongroom.kv.KvStore;
import dev.strongroom.testkit.FaultyStorage;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The vault of a test, and what the test may do to it. It is initialised and unsealed, keeps its
 * data in memory, and lives on virtual time that begins at 2026-01-01T00:00:00Z. KV version 2 is
 * mounted at {@code secret}. Thread-safe.
 */
public final class TestVault implements AutoCloseable {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final String SECRETS = "secret";

  private final Vault vault;
  private final VirtualTime time;
  private final FaultyStorage storage;
  private final InitialKeys keys;
  private final Session root;

  @GuardedBy("this")
  private @Nullable ServedVault served;

  private TestVault(
      Vault vault, VirtualTime time, FaultyStorage storage, InitialKeys keys, Session root) {
    this.vault = vault;
    this.time = time;
    this.storage = storage;
    this.keys = keys;
    this.root = root;
  }

  /**
   * Opens one without JUnit; the caller closes it.
   *
   * @param setup adds mounts, auth methods and hosts; storage and time are taken, and the mount
   *     {@code secret}
   */
  public static TestVault open(Consumer<VaultBuilder> setup) {
    VirtualTime time = VirtualTime.at(START);
    FaultyStorage storage = FaultyStorage.inMemory();
    VaultBuilder builder =
        Vault.builder().storage(storage).time(time).mount(SECRETS, Kv.version2());
    setup.accept(builder);
    Vault vault = builder.open();
    try {
      InitialKeys keys = vault.initialize(new KeyShares(1, 1));
      vault.unseal(share(keys));
      return new TestVault(vault, time, storage, keys, vault.session(keys.rootToken()));
    } catch (RuntimeException | Error e) {
      vault.close();
      throw e;
    }
  }

  private static KeyShare share(InitialKeys keys) {
    return keys.shares().get(0);
  }

  public Vault vault() {
    return vault;
  }

  /** Returns a session that may do everything. */
  public Session root() {
    return root;
  }

  /** Returns the token of {@link #root()}, for a client that speaks HTTP. */
  public ClientToken rootToken() {
    return keys.rootToken();
  }

  /** Returns the secrets below {@code secret}, as the root token sees them. */
  public KvStore secrets() {
    return KvStore.at(root, SECRETS);
  }

  /** Returns the secrets below {@code secret}, as a new token with these policies sees them. */
  public KvStore secretsWith(String... policies) {
    return KvStore.at(session(policies), SECRETS);
  }

  /** Returns the clock of the vault, which moves when the test says so. */
  public VirtualTime time() {
    return time;
  }

  /** Returns the store, which fails when the test says so. */
  public FaultyStorage storage() {
    return storage;
  }

  /** Makes a token with these policies and the default one; it lives for 32 days. */
  public ClientToken token(String... policies) {
    return Tokens.of(root).create(TokenRequest.of(policies)).token().orElseThrow();
  }

  /** Returns a session with a new {@link #token}. */
  public Session session(String... policies) {
    return vault.session(token(policies));
  }

  /** Seals the vault: every request is refused until {@link #unseal()}. */
  public void seal() {
    vault.seal();
  }

  /** Unseals the vault, if it is sealed. */
  public void unseal() {
    if (vault.sealStatus().sealed()) {
      vault.unseal(share(keys));
    }
  }

  /**
   * Moves the clock just past the end of a lease, so that its secret is revoked; whatever else is
   * due until then is done, too.
   *
   * @throws dev.strongroom.VaultException of code {@code INVALID_REQUEST} if there is no such lease
   * @throws IllegalArgumentException if it never ends
   */
  public void expireLease(String id) {
    Instant end = Leases.of(root)
        .lookup(id)
        .expiresAt()
        .orElseThrow(() -> new IllegalArgumentException("the lease never ends"));
    time.advance(Duration.between(time.instant(), end.plusSeconds(1)));
  }

  /**
   * Serves the Vault HTTP API on a free port of the loopback address, from the first call on.
   * Returns its address, such as {@code http://127.0.0.1:41234}.
   *
   * @throws IllegalStateException if {@code vault-http} is not among the dependencies
   * @throws java.io.UncheckedIOException if there is no free port
   */
  public synchronized URI address() {
    if (served == null) {
      try {
        served = ServedVault.start(vault, time);
      } catch (NoClassDefFoundError e) {
        throw new IllegalStateException(
            "to serve HTTP, add dev.strongroom:vault-http to the test's dependencies", e);
      }
    }
    return Objects.requireNonNull(served).address();
  }

  /** Revokes what the root session got, and closes the vault with everything in it. */
  @Override
  public void close() {
    synchronized (this) {
      if (served != null) {
        served.close();
      }
    }
    storage.heal();
    root.close();
    vault.close();
    keys.close();
  }

  @Override
  public String toString() {
    return "TestVault[" + vault.sealStatus() + "]";
  }
}

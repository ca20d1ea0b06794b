package dev.strongroom.junit;

import dev.strongroom.ClientToken;
import dev.strongroom.Policies;
import dev.strongroom.PolicySet;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.VaultBuilder;
import dev.strongroom.VirtualTime;
import dev.strongroom.kv.KvStore;
import dev.strongroom.kv.KvWrite;
import dev.strongroom.testkit.FaultyStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Opens a {@link TestVault} for every test, or one for all tests of a class, and closes it. Tests
 * may run in parallel.
 *
 * <pre>{@code
 * class BillingTest {
 *   @RegisterExtension
 *   final VaultExtension vault = VaultExtension.builder()
 *       .secret("billing/db", Map.of("password", "s3cr3t-s3cr3t"))
 *       .policy("billing", "path \"secret/data/billing/*\" { capabilities = [\"read\"] }")
 *       .build();
 *
 *   @Test
 *   void reads(@WithPolicies("billing") KvStore secrets) { ... }
 * }
 * }</pre>
 *
 * <p>Parameters of tests, and of methods before and after them: {@link TestVault}, {@link Vault},
 * {@link Session} and {@link ClientToken} (of the root token, or of {@link WithPolicies}),
 * {@link KvStore} (the mount {@code secret}), {@link VirtualTime}, {@link FaultyStorage}. A
 * constructor, and methods before and after all tests, have them only with a vault per class.
 *
 * <p>After each test it fails if a secret was logged: one that the vault was seeded with or that
 * lies in a KV mount of version 2 at the end, in any version, as far as it is a text of 8 or more
 * characters, or the root token. To read these, the vault is unsealed and planned faults end: the
 * next test with a vault per class finds it so. Heard is what reaches {@code java.util.logging}, at
 * the levels that the loggers have.
 */
public final class VaultExtension
    implements BeforeAllCallback,
        BeforeEachCallback,
        AfterEachCallback,
        AfterAllCallback,
        ParameterResolver {
  private static final String KEY = "vault";

  private static final Map<Class<?>, Function<TestVault, Object>> GIVEN = Map.of(
      TestVault.class, vault -> vault,
      Vault.class, TestVault::vault,
      Session.class, TestVault::root,
      ClientToken.class, TestVault::rootToken,
      KvStore.class, TestVault::secrets,
      VirtualTime.class, TestVault::time,
      FaultyStorage.class, TestVault::storage);

  private static final Map<Class<?>, BiFunction<TestVault, String[], Object>> LIMITED = Map.of(
      Session.class, TestVault::session,
      ClientToken.class, TestVault::token,
      KvStore.class, TestVault::secretsWith);

  private final Optional<Builder> given;
  private final Namespace namespace = Namespace.create(VaultExtension.class, this);
  private final Set<RunningVault> shared = ConcurrentHashMap.newKeySet();

  /** For {@link VaultTest}, whose settings it reads; without it, a vault for each test. */
  public VaultExtension() {
    this.given = Optional.empty();
  }

  private VaultExtension(Builder builder) {
    this.given = Optional.of(builder);
  }

  /**
   * Begins with a vault for each test, which is empty but for the mount {@code secret}. Not
   * thread-safe.
   */
  public static Builder builder() {
    return new Builder();
  }

  /** What the vaults of an extension are to be. */
  public static final class Builder {
    private final List<Consumer<VaultBuilder>> setups = new ArrayList<>();
    private final List<Consumer<TestVault>> seeds = new ArrayList<>();
    private final List<String> secrets = new ArrayList<>();
    private boolean perClass;

    private Builder() {}

    private Builder(Builder other) {
      setups.addAll(other.setups);
      seeds.addAll(other.seeds);
      secrets.addAll(other.secrets);
      perClass = other.perClass;
    }

    /**
     * Adds mounts, auth methods, hosts; storage and time are taken, and the mount {@code secret}.
     */
    public Builder setup(Consumer<VaultBuilder> setup) {
      setups.add(Objects.requireNonNull(setup, "setup"));
      return this;
    }

    /**
     * Puts a secret below {@code secret}.
     *
     * @param data as {@link KvStore#put(String, Map)} takes it; copied
     */
    public Builder secret(String key, Map<String, ?> data) {
      KvWrite copy = KvWrite.of(data);
      secrets.addAll(KnownSecrets.texts(data));
      return given(vault -> vault.secrets().put(key, copy));
    }

    /**
     * Puts secrets below {@code secret}: a JSON object of keys and their data,
     * {@code {"billing/db": {"password": "…"}}}.
     *
     * @throws IllegalArgumentException if the file is something else
     * @throws UncheckedIOException if it cannot be read
     */
    public Builder secretsFrom(Path json) {
      try {
        SecretsFile.parse(json.toString(), Files.readAllBytes(json)).forEach(this::secret);
      } catch (IOException e) {
        throw new UncheckedIOException("the secrets cannot be read from " + json, e);
      }
      return this;
    }

    /**
     * Puts a policy into the vault.
     *
     * @throws IllegalArgumentException if the text is no policy; the message has its name, line and
     *     column
     */
    public Builder policy(String name, String text) {
      PolicySet.of(Map.of(name, text), Instant.EPOCH);
      return given(vault -> Policies.of(vault.root()).put(name, text));
    }

    /** Does something with every vault when it is open, before its first test. */
    public Builder given(Consumer<TestVault> seed) {
      seeds.add(Objects.requireNonNull(seed, "seed"));
      return this;
    }

    /**
     * Lets all tests of a class, nested ones included, share one vault, which is open before the
     * first. The field of the extension must be static.
     */
    public Builder perClass() {
      perClass = true;
      return this;
    }

    public VaultExtension build() {
      return new VaultExtension(new Builder(this));
    }
  }

  /**
   * Returns the vault that the tests of a class share, for code that gets no parameters, such as a
   * method that tells Spring its properties.
   *
   * @throws IllegalStateException if there is none now, or more than one
   */
  public TestVault shared() {
    List<RunningVault> now = List.copyOf(shared);
    if (now.size() != 1) {
      throw new IllegalStateException(
          now.isEmpty()
              ? "there is no shared vault now: use perClass(), and a static field"
              : "several classes use this extension at once: take a TestVault as parameter");
    }
    return now.get(0).vault();
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    if (settings(context).perClass && running(context).isEmpty()) {
      RunningVault running = open(context);
      shared.add(running);
      store(context).put(KEY, running);
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    if (settings(context).perClass) {
      running(context)
          .orElseThrow(() ->
              new IllegalStateException("a vault per class needs a static field for its extension"))
          .listen(context.getUniqueId());
    } else {
      RunningVault running = open(context);
      store(context).put(KEY, running);
      running.listen(context.getUniqueId());
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Optional<RunningVault> running = running(context);
    try {
      running.ifPresent(vault -> vault.requireNothingLogged(context.getUniqueId()));
    } finally {
      closeOwn(context);
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    closeOwn(context);
  }

  /** What a class outside has opened stays. */
  private void closeOwn(ExtensionContext context) {
    RunningVault own = store(context).remove(KEY, RunningVault.class);
    if (own != null) {
      shared.remove(own);
      own.close();
    }
  }

  private RunningVault open(ExtensionContext context) {
    Builder settings = settings(context);
    TestVault vault =
        TestVault.open(builder -> settings.setups.forEach(setup -> setup.accept(builder)));
    try {
      settings.seeds.forEach(seed -> seed.accept(vault));
      return new RunningVault(vault, settings.secrets);
    } catch (RuntimeException | Error e) {
      vault.close();
      throw e;
    }
  }

  private Builder settings(ExtensionContext context) {
    return given.orElseGet(() -> store(context.getRoot())
        .getOrComputeIfAbsent(
            context.getRequiredTestClass(), VaultExtension::declared, Builder.class));
  }

  /** A nested class has the settings of the class around it, unless it has its own. */
  private static Builder declared(Class<?> tests) {
    Builder builder = new Builder();
    for (Class<?> type = tests; type != null; type = type.getEnclosingClass()) {
      Optional<VaultTest> found = AnnotationSupport.findAnnotation(type, VaultTest.class);
      if (found.isPresent()) {
        builder.perClass = found.get().perClass();
        for (String resource : found.get().secrets()) {
          SecretsFile.ofResource(type, resource).forEach(builder::secret);
        }
        break;
      }
    }
    return builder;
  }

  private Optional<RunningVault> running(ExtensionContext context) {
    return Optional.ofNullable(store(context).get(KEY, RunningVault.class));
  }

  private Store store(ExtensionContext context) {
    return context.getStore(namespace);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return GIVEN.containsKey(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    TestVault vault = running(context)
        .orElseThrow(() -> new ParameterResolutionException(
            "there is no vault yet: it opens before each test; perClass() opens it before all"))
        .vault();
    Optional<WithPolicies> policies = parameter.findAnnotation(WithPolicies.class);
    if (policies.isEmpty()) {
      return Objects.requireNonNull(GIVEN.get(type)).apply(vault);
    }
    BiFunction<TestVault, String[], Object> limited = LIMITED.get(type);
    if (limited == null) {
      throw new ParameterResolutionException(
          "@WithPolicies belongs to a Session, KvStore or ClientToken, not to a "
              + type.getSimpleName());
    }
    return limited.apply(vault, policies.get().value());
  }
}

package dev.strongroom.internal.system;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.strongroom.VaultMetrics;
import dev.strongroom.internal.audit.AuditDevices;
import dev.strongroom.internal.ceremony.Ceremonies;
import dev.strongroom.internal.cors.CorsStore;
import dev.strongroom.internal.cubbyhole.Cubbyholes;
import dev.strongroom.internal.identity.IdentityStore;
import dev.strongroom.internal.lease.LeaseStore;
import dev.strongroom.internal.login.Logins;
import dev.strongroom.internal.mount.MountChanges;
import dev.strongroom.internal.mount.Router;
import dev.strongroom.internal.password.PasswordPolicies;
import dev.strongroom.internal.policy.PolicyStore;
import dev.strongroom.internal.rotation.KeyRotation;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.internal.token.TokenStore;
import dev.strongroom.internal.token.TtlRules;
import dev.strongroom.internal.version.VersionHistory;
import dev.strongroom.internal.wrapping.ResponseWrapping;
import dev.strongroom.spi.EngineType;
import dev.strongroom.spi.MountContext;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.SecretEngine;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The engines behind the mounts that every vault has. */
public final class SystemEngines {
  /** The vault's own mounts, by path: their types. */
  public static final Map<String, String> MOUNTS = Map.of(
      "sys/", "system",
      "auth/token/", "token",
      "cubbyhole/", "cubbyhole",
      "identity/", "identity");

  /** What they are for, by type. */
  public static final Map<String, String> DESCRIPTIONS = Map.of(
      "system", "system endpoints used for control, policy and debugging",
      "token", "token based credentials",
      "cubbyhole", "per-token private secret storage",
      "identity", "identity store");

  private SystemEngines() {}

  /**
   * Returns the vault's own engine types by name.
   *
   * @param ceremoniesWithoutToken whether the older paths of key ceremonies are served
   * @param guessableTokenIds whether chosen token ids may be shorter than 8 characters
   * @param ttls lifetimes where a mount has none of its own
   * @param random the vault's only source of randomness
   * @param transactions for what goes on behind a call
   * @param sealer seals the vault
   */
  public static Map<String, EngineType> types(
      Router router,
      PolicyStore policies,
      PasswordPolicies passwords,
      IdentityStore identities,
      TokenStore tokens,
      Cubbyholes cubbyholes,
      ResponseWrapping wrapping,
      LeaseStore leases,
      Logins logins,
      KeyRotation rotation,
      Ceremonies ceremonies,
      boolean ceremoniesWithoutToken,
      boolean guessableTokenIds,
      AuditDevices audit,
      CorsStore cors,
      VersionHistory versions,
      Supplier<VaultMetrics> metrics,
      TtlRules ttls,
      SecureRandom random,
      Transactions transactions,
      Runnable sealer) {
    MountChanges mounts = router.changes();
    MountPath mountPath = new MountPath(mounts, leases, ttls);
    TokenLifetimes lifetimes = new TokenLifetimes(mounts, ttls);
    return Map.of(
        "system",
        type("system", () -> Stream.of(
                new SealPath(sealer).routes(),
                new RotationPath(rotation).routes(),
                new CeremonyPaths(ceremonies, ceremoniesWithoutToken).routes(),
                new PolicyPath(policies).routes(),
                new ExplainPath(tokens, policies).routes(),
                new PasswordPolicyPath(passwords).routes(),
                new CapabilitiesPath(tokens).routes(),
                new RemountPath(mounts).routes(),
                mountPath.routes(),
                new AuthMountPath(mounts, mountPath, logins).routes(),
                new LockedUsersPath(logins.lockouts(), mounts).routes(),
                new LeasePath(leases, tokens, mounts).routes(),
                new UiMountPath(router).routes(),
                new OpenApiPath(router).routes(),
                ResultantAclPath.routes(),
                new PluginCatalogPath(router).routes(),
                new StatePath(ttls, ceremoniesWithoutToken, audit.overApi()).routes(),
                InFlightPath.routes(),
                new VersionHistoryPath(versions).routes(),
                new WrappingPath(wrapping).routes(),
                new AuditPath(audit).routes(),
                new AuditHeaderPath(audit).routes(),
                new CorsPath(cors).routes(),
                new MetricsPath(metrics).routes(),
                new CountersPath(tokens, identities).routes(),
                HaStatusPath.routes(),
                new ToolsPath(random).routes())
            .flatMap(List::stream)
            .toList()),
        "token",
        type("token", () -> Stream.of(
                new TokenCreatePath(tokens, policies, identities, lifetimes, guessableTokenIds)
                    .routes(),
                new TokenRolePath(tokens.roles(), lifetimes).routes(),
                new TokenAccessorsPath(tokens).routes(),
                new TokenLookupPath(tokens, identities).routes(),
                new TokenRenewPath(tokens, lifetimes, logins, transactions).routes(),
                new TokenRevokePath(tokens).routes())
            .flatMap(List::stream)
            .toList()),
        "cubbyhole",
        type("cubbyhole", () -> new CubbyholePath(cubbyholes, tokens, wrapping).routes()),
        "identity",
        type("identity", () -> Stream.of(
                new EntityPath(identities, tokens, mounts).routes(),
                new EntityAliasPath(identities, mounts).routes(),
                new GroupPath(identities).routes())
            .flatMap(List::stream)
            .toList()));
  }

  private static EngineType type(String name, Supplier<List<Route>> routes) {
    return new EngineType() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public SecretEngine create(MountContext context) {
        return new SecretEngine() {
          @GuardedBy("this")
          private @Nullable List<Route> made;

          @Override
          public synchronized List<Route> routes() {
            if (made == null) {
              made = routes.get();
            }
            return made;
          }

          @Override
          public List<RecordKind<?>> records() {
            return List.of(); // they use the system's container, which is never removed
          }
        };
      }
    };
  }
}

package dev.strongroom.clients;

import static dev.strongroom.clients.Check.works;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShares;
import io.github.jopenlibs.vault.Vault;
import io.github.jopenlibs.vault.VaultConfig;
import io.github.jopenlibs.vault.VaultException;
import io.github.jopenlibs.vault.api.Auth.TokenRequest;
import io.github.jopenlibs.vault.api.WriteOptions;
import io.github.jopenlibs.vault.api.sys.mounts.Mount;
import io.github.jopenlibs.vault.api.sys.mounts.MountPayload;
import io.github.jopenlibs.vault.api.sys.mounts.MountType;
import io.github.jopenlibs.vault.api.sys.mounts.TimeToLive;
import io.github.jopenlibs.vault.json.JsonObject;
import io.github.jopenlibs.vault.response.AuthResponse;
import io.github.jopenlibs.vault.response.HealthResponse;
import io.github.jopenlibs.vault.response.LogicalResponse;
import io.github.jopenlibs.vault.response.LookupResponse;
import io.github.jopenlibs.vault.response.SealResponse;
import io.github.jopenlibs.vault.response.WrapResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * What vault-java-driver does. It cannot initialise a vault, so that is done before; to be run in
 * order.
 */
final class VaultJavaDriverChecks {
  static final Client CLIENT = Client.inJarOf(Vault.class);

  private final ServedVault served;
  private final List<String> shares;
  private final String root;

  VaultJavaDriverChecks(ServedVault served) {
    this.served = served;
    try (InitialKeys keys = served.vault().initialize(new KeyShares(3, 2))) {
      shares = keys.shares().stream().map(share -> share.exposeHex()).toList();
      root = keys.rootToken().exposeText();
    }
  }

  List<Check> checks() {
    return Stream.of(
            starting(), mounts(), kv1(), kv2(), tokens(), wrapping(), leases(), logins(), anyPath())
        .flatMap(List::stream)
        .toList();
  }

  private Vault vault() throws VaultException {
    return with(root);
  }

  private Vault with(String token) throws VaultException {
    return Vault.create(config(token));
  }

  /** For paths below mounts of KV version 1, and of other engines. */
  private Vault version1() throws VaultException {
    return Vault.create(config(root), 1);
  }

  private VaultConfig config(String token) throws VaultException {
    return new VaultConfig()
        .address(served.address())
        .token(token)
        .engineVersion(2)
        .build();
  }

  private static void assertRefused(int status, String text, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.getHttpStatusCode()).isEqualTo(status))
        .hasMessageContaining(text);
  }

  /** Of a call whose failures the client hands over as they are. */
  private static void assertAnswered(int status, String text, LogicalResponse answer) {
    assertThat(answer.getRestResponse().getStatus()).isEqualTo(status);
    assertThat(new String(answer.getRestResponse().getBody(), StandardCharsets.UTF_8))
        .contains(text);
  }

  /** The client tells that there is nothing by an answer without data. */
  private static void assertNothing(LogicalResponse answer) {
    assertThat(answer.getRestResponse().getStatus()).isEqualTo(404);
    assertThat(answer.getData()).isEmpty();
  }

  private List<Check> starting() {
    return List.of(
        works("seal status", () -> {
          SealResponse status = vault().sys().seal().sealStatus();
          assertThat(status.getSealed()).isTrue();
          assertThat(status.getThreshold()).isEqualTo(2);
          assertThat(status.getNumberOfShares()).isEqualTo(3);
        }),
        works("health", () -> {
          HealthResponse health = vault().debug().health();
          assertThat(health.getRestResponse().getStatus()).isEqualTo(503);
          assertThat(health.getSealed()).isTrue();
        }),
        works("unseal, forget the shares given", () -> {
          assertThat(vault().sys().seal().unseal(shares.get(0)).getProgress()).isEqualTo(1);
          assertThat(vault().sys().seal().unseal(null, true).getProgress()).isEqualTo(0);
        }),
        works("unseal", () -> {
          vault().sys().seal().unseal(shares.get(0));
          assertThat(vault().sys().seal().unseal(shares.get(1)).getSealed()).isFalse();
        }),
        works("seal", () -> {
          vault().sys().seal().seal();
          assertThat(vault().sys().seal().sealStatus().getSealed()).isTrue();
          vault().sys().seal().unseal(shares.get(1));
          assertThat(vault().sys().seal().unseal(shares.get(2)).getSealed()).isFalse();
        }),
        works("health", () -> {
          HealthResponse health = vault().debug().health();
          assertThat(health.getRestResponse().getStatus()).isEqualTo(200);
          assertThat(health.getInitialized()).isTrue();
          assertThat(health.getSealed()).isFalse();
          assertThat(health.getStandby()).isFalse();
          assertThat(health.getServerTimeUTC()).isPositive();
        }),
        works("health, chosen status codes", () -> {
          assertThat(health(212).getRestResponse().getStatus()).isEqualTo(212);
          assertThat(health(212).getInitialized()).isTrue();
          assertThat(health(204).getRestResponse().getStatus()).isEqualTo(204);
          assertThat(health(204).getInitialized()).isNull();
        }));
  }

  private HealthResponse health(int activeCode) throws VaultException {
    return vault().debug().health(null, null, activeCode, null, null, null, null, null);
  }

  private List<Check> mounts() {
    return List.of(
        works("mount", () -> {
          vault().sys().mounts().enable("secret", MountType.KEY_VALUE, new MountPayload());
          vault()
              .sys()
              .mounts()
              .enable(
                  "versioned",
                  MountType.KEY_VALUE_V2,
                  new MountPayload()
                      .description("with versions")
                      .defaultLeaseTtl(TimeToLive.of(12, TimeUnit.HOURS))
                      .maxLeaseTtl(TimeToLive.of(168, TimeUnit.HOURS)));
          version1().logical().write("sys/mounts/leased", Map.of("type", "leased"));
          assertRefused(400, "path is already in use", () -> vault()
              .sys()
              .mounts()
              .enable("secret", MountType.KEY_VALUE, new MountPayload()));
        }),
        works("mounts", () -> {
          Map<String, Mount> mounts = vault().sys().mounts().list().getMounts();
          assertThat(mounts).containsKeys("secret/", "versioned/", "sys/", "cubbyhole/");
          assertThat(mounts.get("versioned/").getDescription()).isEqualTo("with versions");
          assertThat(mounts.get("versioned/").getLocal()).isFalse();
          assertThat(mounts.get("versioned/").getSealWrap()).isFalse();
          assertThat(mounts.get("versioned/").getConfig().getDefaultLeaseTtl()).isEqualTo(43200);
        }),
        works("mount, settings", () -> {
          Mount mount = vault().sys().mounts().read("versioned").getMount();
          assertThat(mount.getConfig().getDefaultLeaseTtl()).isEqualTo(43200);
          assertThat(mount.getConfig().getMaxLeaseTtl()).isEqualTo(604800);
          assertRefused(
              400, "cannot fetch sysview for path", () -> vault().sys().mounts().read("nowhere"));
        }),
        works("mount, tune", () -> {
          vault()
              .sys()
              .mounts()
              .tune(
                  "versioned",
                  new MountPayload()
                      .description("tuned")
                      .defaultLeaseTtl(TimeToLive.of(1, TimeUnit.HOURS)));
          Mount mount = vault().sys().mounts().read("versioned").getMount();
          assertThat(mount.getConfig().getDefaultLeaseTtl()).isEqualTo(3600);
          assertRefused(400, "no mount entry found", () -> vault()
              .sys()
              .mounts()
              .tune("nowhere", new MountPayload().description("tuned")));
        }),
        works("mount, upgrade KV to version 2", () -> {
          vault().sys().mounts().enable("grows", MountType.KEY_VALUE, new MountPayload());
          assertThat(version1().logical().upgrade("grows/").getRestResponse().getStatus())
              .isEqualTo(200);
        }),
        works("unmount", () -> {
          vault().sys().mounts().disable("grows");
          assertThat(vault().sys().mounts().list().getMounts()).doesNotContainKey("grows/");
        }),
        works("version of the KV engine of a path", () -> {
          Vault finding = Vault.create(config(root), /* useSecretsEnginePathMap= */ true, 2);
          assertThat(finding.getSecretEngineVersions()).containsEntry("versioned/", "2");
          finding.logical().write("versioned/found", Map.of("a", "b"));
          assertThat(finding.logical().read("versioned/found").getData())
              .isEqualTo(Map.of("a", "b"));
        }));
  }

  private List<Check> kv1() {
    return List.of(
        works("kv1 write", () -> version1()
            .logical()
            .write("secret/app/a", Map.of("text", "ä", "number", 5, "flag", true))),
        works("kv1 read", () -> {
          LogicalResponse answer = version1().logical().read("secret/app/a");
          assertThat(answer.getData())
              .isEqualTo(Map.of("text", "ä", "number", "5", "flag", "true"));
          assertThat(answer.getRenewable()).isFalse();
          assertThat(answer.getLeaseDuration()).isEqualTo(2764800);
        }),
        works(
            "kv1 read, nothing there",
            () -> assertNothing(version1().logical().read("secret/none"))),
        works("kv1 list", () -> {
          assertThat(version1().logical().list("secret/app").getListData()).containsExactly("a");
          assertThat(version1().logical().list("secret").getListData()).containsExactly("app/");
          assertThat(version1().logical().list("secret/none").getListData()).isEmpty();
        }),
        works("kv1 ttl of a secret", () -> {
          version1().logical().write("secret/app/short", Map.of("ttl", "90s"));
          assertThat(version1().logical().read("secret/app/short").getLeaseDuration())
              .isEqualTo(90);
        }),
        works("kv1 delete", () -> {
          version1().logical().delete("secret/app/short");
          assertThat(version1().logical().list("secret/app").getListData()).containsExactly("a");
        }));
  }

  private List<Check> kv2() {
    return List.of(
        works("kv2 write", () -> {
          LogicalResponse written = vault().logical().write("versioned/app/a", Map.of("number", 1));
          assertThat(written.getData()).containsEntry("version", "1");
        }),
        works("kv2 write, check-and-set", () -> {
          WriteOptions first = new WriteOptions().checkAndSet(1L).build();
          assertThat(vault()
                  .logical()
                  .write("versioned/app/a", Map.of("number", 2), null, first)
                  .getData())
              .containsEntry("version", "2");
        }),
        works(
            "kv2 write, check-and-set fails",
            () -> assertAnswered(
                400,
                "check-and-set parameter did not match the current version",
                vault()
                    .logical()
                    .write(
                        "versioned/app/a",
                        Map.of("number", 3),
                        null,
                        new WriteOptions().checkAndSet(1L).build()))),
        works("kv2 read", () -> {
          LogicalResponse answer = vault().logical().read("versioned/app/a");
          assertThat(answer.getData()).isEqualTo(Map.of("number", "2"));
          assertThat(answer.getDataMetadata().getVersion()).isEqualTo(2);
        }),
        works("kv2 read a version", () -> assertThat(
                vault().logical().read("versioned/app/a", true, 1).getData())
            .isEqualTo(Map.of("number", "1"))),
        works(
            "kv2 read, nothing there",
            () -> assertNothing(vault().logical().read("versioned/none"))),
        works("kv2 list", () -> {
          assertThat(vault().logical().list("versioned/app").getListData()).containsExactly("a");
          assertThat(vault().logical().list("versioned/none").getListData()).isEmpty();
        }),
        works("kv2 delete versions", () -> {
          vault().logical().delete("versioned/app/a", new int[] {2});
          assertNothing(vault().logical().read("versioned/app/a"));
        }),
        works("kv2 undelete versions", () -> {
          vault().logical().unDelete("versioned/app/a", new int[] {2});
          assertThat(vault().logical().read("versioned/app/a").getData())
              .isEqualTo(Map.of("number", "2"));
        }),
        works("kv2 destroy versions", () -> {
          vault().logical().destroy("versioned/app/a", new int[] {1});
          assertNothing(vault().logical().read("versioned/app/a", true, 1));
        }),
        works("kv2 delete all", () -> {
          vault().logical().delete("versioned/app/a");
          assertThat(vault().logical().list("versioned/app").getListData()).isEmpty();
        }));
  }

  private List<Check> tokens() {
    return List.of(
        works("policy, write", () -> version1()
            .logical()
            .write(
                "sys/policies/acl/app",
                Map.of("policy", "path \"secret/*\" { capabilities = [\"read\"] }"))),
        works("token create", () -> {
          AuthResponse made = vault()
              .auth()
              .createToken(new TokenRequest()
                  .polices(List.of("app"))
                  .meta(Map.of("for", "test"))
                  .ttl("1h")
                  .explicitMaxTtl("2h")
                  .displayName("one")
                  .numUses(5L)
                  .renewable(true)
                  .type("service"));
          assertThat(made.getAuthClientToken()).isNotEmpty();
          assertThat(made.getTokenAccessor()).isNotEmpty();
          assertThat(made.getAuthPolicies()).containsExactly("app", "default");
          assertThat(made.getAuthLeaseDuration()).isEqualTo(3600);
          assertThat(made.isAuthRenewable()).isTrue();
        }),
        works("token create, chosen id", () -> {
          UUID id = UUID.fromString("5d0b9e14-1f5e-4a4b-8b5e-0d6f4c9d2f4e");
          assertThat(vault().auth().createToken(new TokenRequest().id(id)).getAuthClientToken())
              .isEqualTo(id.toString());
        }),
        works("token role, write", () -> version1()
            .logical()
            .write(
                "auth/token/roles/builder", Map.of("allowed_policies", "app", "renewable", true))),
        works("token create, role", () -> assertThat(vault()
                .auth()
                .createToken(new TokenRequest().role("builder").polices(List.of("app")))
                .getAuthPolicies())
            .containsExactly("app", "default")),
        works("token create, orphan", () -> assertThat(
                with(newToken(new TokenRequest().noParent(true)))
                    .auth()
                    .lookupSelf()
                    .isOrphan())
            .isTrue()),
        works("token lookup, self", () -> {
          LookupResponse token = with(newToken(
                  new TokenRequest().polices(List.of("app")).displayName("one").ttl("1h")))
              .auth()
              .lookupSelf();
          assertThat(token.getPolicies()).containsExactly("app", "default");
          assertThat(token.getDisplayName()).isEqualTo("token-one");
          assertThat(token.getCreationTTL()).isEqualTo(3600);
          assertThat(token.getTTL()).isBetween(3500L, 3600L);
          assertThat(token.getPath()).isEqualTo("auth/token/create");
          assertThat(token.isRenewable()).isTrue();
          assertThat(token.getNumUses()).isZero();
        }),
        works("token renew, self", () -> {
          Vault mine = with(newToken(new TokenRequest().ttl("1h")));
          assertThat(mine.auth().renewSelf().getAuthLeaseDuration()).isEqualTo(3600);
          assertThat(mine.auth().renewSelf(20).getAuthLeaseDuration()).isEqualTo(20);
        }),
        works("token revoke, self", () -> {
          Vault mine = with(newToken(new TokenRequest().ttl("1h")));
          mine.auth().revokeSelf();
          assertRefused(403, "permission denied", () -> mine.auth().lookupSelf());
        }));
  }

  private String newToken(TokenRequest request) throws VaultException {
    return vault().auth().createToken(request).getAuthClientToken();
  }

  private WrapResponse wrap() throws VaultException {
    return vault().sys().wrapping().wrap(new JsonObject().add("a", "b").add("n", 5), 60);
  }

  private List<Check> wrapping() {
    return List.of(
        works("wrap", () -> {
          WrapResponse wrapped = wrap();
          assertThat(wrapped.getToken()).isNotEmpty();
          assertThat(wrapped.getAccessor()).isNotEmpty();
          assertThat(wrapped.getTtl()).isEqualTo(60);
          assertThat(wrapped.getCreationPath()).isEqualTo("sys/wrapping/wrap");
        }),
        works("wrapping token, lookup", () -> {
          String token = wrap().getToken();
          assertThat(vault().sys().wrapping().lookupWrap(token, true).getData())
              .containsEntry("creation_path", "sys/wrapping/wrap")
              .containsEntry("creation_ttl", "60");
          assertThat(with(token).sys().wrapping().lookupWrap().getData())
              .containsEntry("creation_ttl", "60");
        }),
        works("unwrap", () -> assertThat(vault()
                .sys()
                .wrapping()
                .unwrap(wrap().getToken(), true)
                .getData()
                .getString("a"))
            .isEqualTo("b")),
        works("unwrap, token in the header", () -> assertThat(
                with(wrap().getToken()).sys().wrapping().unwrap().getData().getInt("n", 0))
            .isEqualTo(5)),
        works("unwrap, spent", () -> {
          String token = wrap().getToken();
          vault().sys().wrapping().unwrap(token, true);
          assertRefused(
              400,
              "wrapping token is not valid or does not exist",
              () -> vault().sys().wrapping().unwrap(token, true));
        }),
        works("rewrap", () -> {
          String first = wrap().getToken();
          WrapResponse second = vault().sys().wrapping().rewrap(first);
          assertThat(second.getCreationPath()).isEqualTo("sys/wrapping/wrap");
          assertThat(vault()
                  .sys()
                  .wrapping()
                  .unwrap(second.getToken(), true)
                  .getData()
                  .getString("a"))
              .isEqualTo("b");
        }));
  }

  private List<Check> leases() {
    return List.of(
        works("secret with a lease", () -> {
          LogicalResponse answer = version1().logical().read("leased/creds/app");
          assertThat(answer.getLeaseId()).startsWith("leased/creds/app/");
          assertThat(answer.getRenewable()).isTrue();
          assertThat(answer.getLeaseDuration()).isEqualTo(3600);
        }),
        works("lease renew", () -> {
          String lease = lease("app");
          assertThat(vault().sys().leases().renew(lease, 1800).getRestResponse().getStatus())
              .isEqualTo(200);
        }),
        works("lease revoke", () -> {
          String lease = lease("app");
          vault().sys().leases().revoke(lease);
          assertRefused(400, "400", () -> vault().sys().leases().renew(lease, 1800));
        }),
        works("leases revoke, prefix", () -> {
          String lease = lease("prefix");
          vault().sys().leases().revokePrefix("leased/creds/prefix");
          assertRefused(400, "400", () -> vault().sys().leases().renew(lease, 1800));
        }),
        works("leases revoke, force", () -> {
          String lease = lease("force");
          vault().sys().leases().revokeForce("leased/creds/force");
          assertRefused(400, "400", () -> vault().sys().leases().renew(lease, 1800));
        }));
  }

  private String lease(String name) throws VaultException {
    return version1().logical().read("leased/creds/" + name).getLeaseId();
  }

  private List<Check> logins() {
    return List.of(
        works("auth method, enable", () -> {
          version1().logical().write("sys/auth/userpass", Map.of("type", "userpass"));
          version1().logical().write("sys/auth/approle", Map.of("type", "approle"));
        }),
        works("approle role, write", () -> version1()
            .logical()
            .write(
                "auth/approle/role/web",
                Map.of("secret_id_ttl", "10m", "token_num_uses", 10, "policies", "app"))),
        works("approle login", () -> {
          AuthResponse login = with("").auth().loginByAppRole("approle", roleId(), secretId());
          assertThat(login.getAuthPolicies()).containsExactly("app", "default");
          assertThat(with(login.getAuthClientToken()).auth().lookupSelf().getNumUses())
              .isPositive();
        }),
        works("approle login, refused", () -> {
          String roleId = roleId();
          assertRefused(
              400, "invalid", () -> with("").auth().loginByAppRole("approle", roleId, "wrong"));
        }),
        works("userpass user, write", () -> version1()
            .logical()
            .write("auth/userpass/users/ada", Map.of("password", "right", "policies", "app"))),
        works("userpass login", () -> {
          AuthResponse login = with("").auth().loginByUserPass("ada", "right");
          assertThat(login.getUsername()).isEqualTo("ada");
          assertThat(login.getAuthPolicies()).containsExactly("app", "default");
        }),
        works(
            "userpass login, refused",
            () -> assertRefused(400, "invalid username or password", () -> with("")
                .auth()
                .loginByUserPass("ada", "wrong"))));
  }

  private String roleId() throws VaultException {
    return version1().logical().read("auth/approle/role/web/role-id").getData().get("role_id");
  }

  private String secretId() throws VaultException {
    return version1()
        .logical()
        .write("auth/approle/role/web/secret-id", Map.of())
        .getData()
        .get("secret_id");
  }

  private List<Check> anyPath() {
    return List.of(
        works("tools, random bytes", () -> assertThat(version1()
                .logical()
                .write("sys/tools/random/16", Map.of("format", "hex"))
                .getData()
                .get("random_bytes"))
            .hasSize(32)),
        works("write any path", () -> assertThat(version1()
                .logical()
                .write("auth/token/lookup-accessor", Map.of("accessor", "none"))
                .getRestResponse()
                .getStatus())
            .isEqualTo(400)),
        works("read any path", () -> assertThat(
                version1().logical().read("sys/key-status").getData())
            .containsEntry("term", "1")),
        works("list any path", () -> assertThat(
                version1().logical().list("sys/policies/acl").getListData())
            .contains("app", "root")),
        works("delete any path", () -> assertThat(version1()
                .logical()
                .delete("sys/policies/acl/app")
                .getRestResponse()
                .getStatus())
            .isEqualTo(204)),
        works("denied", () -> {
          Vault stranger = with("no such token");
          assertAnswered(403, "permission denied", stranger.logical().read("secret/a"));
          assertAnswered(
              403, "permission denied", stranger.logical().write("secret/a", Map.of("a", "b")));
          assertRefused(403, "permission denied", () -> stranger.sys().mounts().list());
        }));
  }
}

package dev.strongroom.clients;

import static dev.strongroom.clients.Check.works;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.vault.VaultException;
import org.springframework.vault.authentication.AppRoleAuthentication;
import org.springframework.vault.authentication.AppRoleAuthenticationOptions;
import org.springframework.vault.authentication.AppRoleAuthenticationOptions.RoleId;
import org.springframework.vault.authentication.AppRoleAuthenticationOptions.SecretId;
import org.springframework.vault.authentication.ClientAuthentication;
import org.springframework.vault.authentication.CubbyholeAuthentication;
import org.springframework.vault.authentication.CubbyholeAuthenticationOptions;
import org.springframework.vault.authentication.LifecycleAwareSessionManager;
import org.springframework.vault.authentication.SimpleSessionManager;
import org.springframework.vault.authentication.TokenAuthentication;
import org.springframework.vault.authentication.UsernamePasswordAuthentication;
import org.springframework.vault.authentication.UsernamePasswordAuthenticationOptions;
import org.springframework.vault.client.ClientHttpRequestFactoryFactory;
import org.springframework.vault.client.VaultClients;
import org.springframework.vault.client.VaultEndpoint;
import org.springframework.vault.core.VaultKeyValueOperations;
import org.springframework.vault.core.VaultKeyValueOperationsSupport.KeyValueBackend;
import org.springframework.vault.core.VaultSysOperations;
import org.springframework.vault.core.VaultTemplate;
import org.springframework.vault.core.VaultVersionedKeyValueOperations;
import org.springframework.vault.core.env.VaultPropertySource;
import org.springframework.vault.core.lease.SecretLeaseContainer;
import org.springframework.vault.core.lease.domain.RequestedSecret;
import org.springframework.vault.core.lease.event.AfterSecretLeaseRenewedEvent;
import org.springframework.vault.core.lease.event.SecretLeaseCreatedEvent;
import org.springframework.vault.core.lease.event.SecretLeaseEvent;
import org.springframework.vault.core.util.KeyValueDelegate;
import org.springframework.vault.support.ClientOptions;
import org.springframework.vault.support.Policy;
import org.springframework.vault.support.Policy.BuiltinCapabilities;
import org.springframework.vault.support.SslConfiguration;
import org.springframework.vault.support.VaultInitializationRequest;
import org.springframework.vault.support.VaultInitializationResponse;
import org.springframework.vault.support.VaultMetadataRequest;
import org.springframework.vault.support.VaultMetadataResponse;
import org.springframework.vault.support.VaultMount;
import org.springframework.vault.support.VaultResponse;
import org.springframework.vault.support.VaultToken;
import org.springframework.vault.support.VaultTokenRequest;
import org.springframework.vault.support.VaultTokenResponse;
import org.springframework.vault.support.Versioned;
import org.springframework.vault.support.Versioned.Version;
import org.springframework.vault.support.WrappedMetadata;
import org.springframework.web.client.RestTemplate;

/** What spring-vault-core does, from a vault that is not initialised on; to be run in order. */
final class SpringVaultChecks {
  static final Client CLIENT = Client.inJarOf(VaultTemplate.class);

  private final VaultEndpoint endpoint;
  private final ClientHttpRequestFactory requests =
      ClientHttpRequestFactoryFactory.create(new ClientOptions(), SslConfiguration.unconfigured());
  private final RestTemplate rest;
  private final List<String> keys = new ArrayList<>();
  private VaultTemplate template;
  private VaultSysOperations sys;

  SpringVaultChecks(ServedVault vault) {
    endpoint = VaultEndpoint.from(URI.create(vault.address()));
    rest = VaultClients.createRestTemplate(endpoint, requests);
    use("no token yet");
  }

  private void use(String token) {
    template = templateOf(token);
    sys = template.opsForSys();
  }

  private VaultTemplate templateOf(String token) {
    return new VaultTemplate(
        endpoint, requests, new SimpleSessionManager(new TokenAuthentication(token)));
  }

  List<Check> checks() {
    return Stream.of(
            starting(),
            mounts(),
            policies(),
            kv1(),
            kv2(),
            tokens(),
            wrapping(),
            leases(),
            logins(),
            anyPath())
        .flatMap(List::stream)
        .toList();
  }

  private List<Check> starting() {
    return List.of(
        works("initialised?", () -> assertThat(sys.isInitialized()).isFalse()),
        works("health", () -> {
          assertThat(sys.health().isInitialized()).isFalse();
          assertThat(sys.health().isSealed()).isTrue();
        }),
        works("initialise", () -> {
          VaultInitializationResponse made =
              sys.initialize(VaultInitializationRequest.create(2, 2));
          keys.addAll(made.getKeys());
          use(made.getRootToken().getToken());
          assertThat(keys).hasSize(2);
          assertThat(sys.isInitialized()).isTrue();
        }),
        works("seal status", () -> {
          assertThat(sys.getUnsealStatus().isSealed()).isTrue();
          assertThat(sys.getUnsealStatus().getSecretShares()).isEqualTo(2);
          assertThat(sys.getUnsealStatus().getSecretThreshold()).isEqualTo(2);
          assertThat(sys.health().isSealed()).isTrue();
        }),
        works("unseal", () -> {
          assertThat(sys.unseal(keys.get(0)).getProgress()).isEqualTo(1);
          assertThat(sys.unseal(keys.get(1)).isSealed()).isFalse();
        }),
        works("seal", () -> {
          sys.seal();
          assertThat(sys.getUnsealStatus().isSealed()).isTrue();
          keys.forEach(sys::unseal);
          assertThat(sys.getUnsealStatus().isSealed()).isFalse();
        }),
        works("health", () -> {
          assertThat(sys.health().isInitialized()).isTrue();
          assertThat(sys.health().isSealed()).isFalse();
          assertThat(sys.health().isStandby()).isFalse();
          assertThat(sys.health().getServerTimeUtc()).isPositive();
          assertThat(sys.health().getVersion()).matches("\\d+\\.\\d+\\.\\d+.*");
        }));
  }

  private List<Check> mounts() {
    return List.of(
        works("unmount, nothing there", () -> sys.unmount("secret")),
        works("mount", () -> {
          sys.mount("secret", kv("1"));
          sys.mount("versioned", kv("2"));
          sys.mount("leased", VaultMount.create("leased"));
          assertThatThrownBy(() -> sys.mount("secret", kv("1")))
              .isInstanceOf(VaultException.class)
              .hasMessageContaining("path is already in use");
        }),
        works("mounts", () -> {
          assertThat(sys.getMounts().keySet()).contains("secret/", "versioned/", "sys/");
          assertThat(sys.getMounts().get("versioned/").getType()).isEqualTo("kv");
          assertThat(sys.getMounts().get("versioned/").getOptions()).containsEntry("version", "2");
        }),
        works("mount, settings", () -> assertThat(
                template.read("sys/mounts/secret/tune").getRequiredData())
            .containsEntry("max_lease_ttl", 2764800)),
        works("unmount", () -> {
          sys.mount("gone", kv("1"));
          sys.unmount("gone");
          assertThat(sys.getMounts()).doesNotContainKey("gone/");
        }),
        works("version of the KV engine of a path", () -> {
          KeyValueDelegate delegate = new KeyValueDelegate(template);
          assertThat(delegate.isVersioned("versioned/a")).isTrue();
          assertThat(delegate.isVersioned("secret/a")).isFalse();
          assertThat(delegate.isVersioned("nowhere/a")).isFalse();
        }),
        works("auth method, enable", () -> {
          sys.authMount("userpass", VaultMount.create("userpass"));
          sys.authMount(
              "approle",
              VaultMount.builder().type("approle").description("machines").build());
          assertThatThrownBy(() -> sys.authMount("userpass", VaultMount.create("userpass")))
              .isInstanceOf(VaultException.class);
        }),
        works("auth methods", () -> {
          assertThat(sys.getAuthMounts().keySet()).contains("token/", "userpass/", "approle/");
          assertThat(sys.getAuthMounts().get("approle/").getDescription()).isEqualTo("machines");
        }),
        works("auth method, disable", () -> {
          sys.authMount("people", VaultMount.create("userpass"));
          sys.authUnmount("people");
          assertThat(sys.getAuthMounts()).doesNotContainKey("people/");
        }));
  }

  private static VaultMount kv(String version) {
    return VaultMount.builder()
        .type("kv")
        .config(Map.of())
        .options(Map.of("version", version))
        .build();
  }

  private List<Check> policies() {
    Policy app = Policy.of(
        Policy.Rule.builder()
            .path("secret/*")
            .capabilities(BuiltinCapabilities.READ, BuiltinCapabilities.LIST)
            .minWrappingTtl(Duration.ofSeconds(100))
            .maxWrappingTtl(Duration.ofHours(2))
            .allowedParameter("ttl", "1h", "2h")
            .deniedParameter("password")
            .build(),
        Policy.Rule.builder()
            .path("versioned/*")
            .capabilities(BuiltinCapabilities.crud())
            .build());
    return List.of(
        works("policy, write", () -> sys.createOrUpdatePolicy("app", app)),
        works("policy, read", () -> {
          assertThat(sys.getPolicy("app")).isEqualTo(app);
          assertThat(sys.getPolicy("none")).isNull();
        }),
        works(
            "policies", () -> assertThat(sys.getPolicyNames()).contains("app", "default", "root")),
        Check.differs(
            "policy, name with capitals",
            "refused, not folded: what was authorised is the name as it stands",
            () -> assertThatThrownBy(() -> sys.createOrUpdatePolicy("App", app))
                .isInstanceOf(VaultException.class)
                .hasMessageContaining("lower case")),
        works("policy, delete", () -> {
          sys.createOrUpdatePolicy("gone", Policy.empty().with(app.getRule("secret/*")));
          sys.deletePolicy("gone");
          assertThat(sys.getPolicy("gone")).isNull();
        }));
  }

  private List<Check> kv1() {
    return List.of(
        works("kv1 write", () -> kv1Operations().put("app/a", Map.of("text", "ä", "number", 5))),
        works("kv1 read", () -> {
          assertThat(kv1Operations().get("app/a").getRequiredData())
              .isEqualTo(Map.of("text", "ä", "number", 5));
          assertThat(kv1Operations().get("app/a", Person.class).getData().number())
              .isEqualTo(5);
        }),
        works("kv1 read, nothing there", () -> assertThat(kv1Operations().get("app/none"))
            .isNull()),
        works("kv1 list", () -> {
          assertThat(kv1Operations().list("app")).containsExactly("a");
          assertThat(kv1Operations().list("")).containsExactly("app/");
          assertThat(kv1Operations().list("none")).isEmpty();
        }),
        works("kv1 ttl of a secret", () -> {
          kv1Operations().put("app/short", Map.of("ttl", "90s"));
          assertThat(template.read("secret/app/short").getLeaseDuration()).isEqualTo(90);
        }),
        works("kv1 delete", () -> {
          kv1Operations().delete("app/short");
          assertThat(kv1Operations().get("app/short")).isNull();
        }));
  }

  private VaultKeyValueOperations kv1Operations() {
    return template.opsForKeyValue("secret", KeyValueBackend.KV_1);
  }

  private List<Check> kv2() {
    return List.of(
        works("kv2 write", () -> {
          Versioned.Metadata written = kv2Operations().put("app/a", Map.of("number", 1));
          assertThat(written.getVersion()).isEqualTo(Version.from(1));
          assertThat(written.isDestroyed()).isFalse();
          assertThat(written.getCreatedAt()).isNotNull();
          assertThat(written.getDeletedAt()).isNull();
        }),
        works("kv2 write, check-and-set", () -> {
          Versioned<Person> changed = Versioned.create(new Person("Ada", 2), Version.from(1));
          assertThat(kv2Operations().put("app/a", changed).getVersion()).isEqualTo(Version.from(2));
          Versioned<Person> fresh = Versioned.create(new Person("Bob", 1), Version.unversioned());
          assertThat(kv2Operations().put("app/b", fresh).getVersion()).isEqualTo(Version.from(1));
        }),
        works("kv2 write, check-and-set fails", () -> assertThatThrownBy(() -> kv2Operations()
                .put("app/a", Versioned.create(Map.of("number", 3), Version.from(1))))
            .isInstanceOf(VaultException.class)
            .hasMessageContaining("check-and-set parameter did not match the current version")),
        works("kv2 read", () -> {
          assertThat(kv2Operations().get("app/a").getRequiredData())
              .isEqualTo(Map.of("name", "Ada", "number", 2));
          assertThat(kv2Operations().get("app/a", Person.class).getRequiredData())
              .isEqualTo(new Person("Ada", 2));
          assertThat(keyValue().get("app/a").getRequiredData()).containsEntry("number", 2);
        }),
        works("kv2 read a version", () -> {
          Versioned<Map<String, Object>> first = kv2Operations().get("app/a", Version.from(1));
          assertThat(first.getRequiredData()).isEqualTo(Map.of("number", 1));
          assertThat(first.getRequiredMetadata().getVersion()).isEqualTo(Version.from(1));
        }),
        works("kv2 read, nothing there", () -> assertThat(kv2Operations().get("app/none"))
            .isNull()),
        works("kv2 patch", () -> {
          assertThat(keyValue().patch("app/a", Map.of("number", 3))).isTrue();
          assertThat(kv2Operations().get("app/a", Person.class).getRequiredData())
              .isEqualTo(new Person("Ada", 3));
          assertThatThrownBy(() -> keyValue().patch("app/none", Map.of("number", 3)))
              .isInstanceOf(VaultException.class);
        }),
        works("kv2 list", () -> {
          assertThat(kv2Operations().list("app")).containsExactly("a", "b");
          assertThat(kv2Operations().list("/")).containsExactly("app/");
          assertThat(kv2Operations().list("none")).isEmpty();
        }),
        works("kv2 delete the latest version", () -> kv2Operations().delete("app/a")),
        works("kv2 read a deleted version", () -> {
          Versioned<Map<String, Object>> deleted = kv2Operations().get("app/a");
          assertThat(deleted.hasData()).isFalse();
          assertThat(deleted.getRequiredMetadata().isDeleted()).isTrue();
          assertThat(deleted.getRequiredMetadata().getDeletedAt()).isNotNull();
        }),
        works("kv2 delete versions", () -> {
          kv2Operations().delete("app/a", Version.from(1), Version.from(2));
          assertThat(kv2Operations().get("app/a", Version.from(2)).hasData()).isFalse();
        }),
        works("kv2 undelete versions", () -> {
          kv2Operations().undelete("app/a", Version.from(2), Version.from(3));
          assertThat(kv2Operations().get("app/a").hasData()).isTrue();
        }),
        works("kv2 destroy versions", () -> {
          kv2Operations().destroy("app/a", Version.from(2));
          assertThat(kv2Operations()
                  .get("app/a", Version.from(2))
                  .getRequiredMetadata()
                  .isDestroyed())
              .isTrue();
        }),
        works("kv2 metadata, write", () -> {
          kv2Operations()
              .opsForKeyValueMetadata()
              .put(
                  "app/a",
                  VaultMetadataRequest.builder()
                      .casRequired(true)
                      .deleteVersionAfter(Duration.ofDays(7300))
                      .maxVersions(20)
                      .customMetadata(Map.of("owner", "team"))
                      .build());
          kv2Operations()
              .opsForKeyValueMetadata()
              .put("app/b", VaultMetadataRequest.builder().build());
        }),
        works("kv2 metadata, read", () -> {
          VaultMetadataResponse metadata =
              kv2Operations().opsForKeyValueMetadata().get("app/a");
          assertThat(metadata.isCasRequired()).isTrue();
          assertThat(metadata.getDeleteVersionAfter()).isEqualTo(Duration.ofDays(7300));
          assertThat(metadata.getMaxVersions()).isEqualTo(20);
          assertThat(metadata.getCurrentVersion()).isEqualTo(3);
          assertThat(kv2Operations().get("app/a").getRequiredMetadata().getCustomMetadata())
              .isEqualTo(Map.of("owner", "team"));
          assertThat(metadata.getVersions()).hasSize(3);
          assertThat(metadata.getVersions().get(1).isDestroyed()).isTrue();
        }),
        works("kv2 delete all", () -> {
          kv2Operations().opsForKeyValueMetadata().delete("app/a");
          assertThat(kv2Operations().opsForKeyValueMetadata().get("app/a")).isNull();
        }));
  }

  private VaultVersionedKeyValueOperations kv2Operations() {
    return template.opsForVersionedKeyValue("versioned");
  }

  private VaultKeyValueOperations keyValue() {
    return template.opsForKeyValue("versioned", KeyValueBackend.KV_2);
  }

  /** What a caller keeps in a secret. */
  record Person(String name, int number) {}

  private List<Check> tokens() {
    return List.of(
        works("token create", () -> {
          VaultTokenResponse made = template
              .opsForToken()
              .create(VaultTokenRequest.builder()
                  .withPolicy("app")
                  .ttl(Duration.ofSeconds(60))
                  .explicitMaxTtl(Duration.ofHours(30))
                  .displayName("one")
                  .numUses(5)
                  .meta(Map.of("for", "test"))
                  .renewable()
                  .build());
          assertThat(made.getAuth())
              .containsEntry("policies", List.of("app", "default"))
              .containsEntry("lease_duration", 60);
          assertThat(template.opsForToken().create().getToken().getToken()).isNotEmpty();
        }),
        works("token create, chosen id", () -> assertThat(template
                .opsForToken()
                .create(VaultTokenRequest.builder()
                    .id("5d0b9e14-1f5e-4a4b-8b5e-0d6f4c9d2f4e")
                    .build())
                .getToken()
                .getToken())
            .isEqualTo("5d0b9e14-1f5e-4a4b-8b5e-0d6f4c9d2f4e")),
        works(
            "token role, write",
            () -> template.write(
                "auth/token/roles/builder",
                Map.of("allowed_policies", "app", "orphan", true, "period", "1h"))),
        works("token create, role", () -> {
          assertThat(template.opsForToken().create("builder").getAuth())
              .containsEntry("orphan", true)
              .containsEntry("lease_duration", 3600);
          assertThatThrownBy(() -> template.opsForToken().create("none"))
              .isInstanceOf(VaultException.class)
              .hasMessageContaining("400");
        }),
        works("token create, orphan", () -> assertThat(
                template.opsForToken().createOrphan().getAuth())
            .containsEntry("orphan", true)),
        works("token lookup, self", () -> {
          VaultToken token = newToken(Duration.ofMinutes(10));
          assertThat(templateOf(token.getToken()).read("auth/token/lookup-self").getRequiredData())
              .containsEntry("id", token.getToken())
              .containsEntry("creation_ttl", 600)
              .containsEntry("renewable", true)
              .containsEntry("type", "service");
        }),
        works("token renew", () -> assertThat(
                template.opsForToken().renew(newToken(Duration.ofMinutes(10))).getAuth())
            .containsEntry("lease_duration", 600)
            .containsEntry("renewable", true)),
        works("token revoke", () -> {
          VaultToken token = newToken(Duration.ofMinutes(10));
          template.opsForToken().revoke(token);
          assertThatThrownBy(() -> templateOf(token.getToken()).read("auth/token/lookup-self"))
              .isInstanceOf(VaultException.class)
              .hasMessageContaining("permission denied");
        }),
        works("token revoke, children stay", () -> {
          VaultToken parent = template
              .opsForToken()
              .create(VaultTokenRequest.builder().withPolicy("root").build())
              .getToken();
          VaultToken child =
              templateOf(parent.getToken()).opsForToken().create().getToken();
          template.opsForToken().revokeOrphan(parent);
          assertThat(templateOf(child.getToken()).read("auth/token/lookup-self").getRequiredData())
              .containsEntry("orphan", true);
        }),
        works("token renew, self", () -> {
          LifecycleAwareSessionManager session = session();
          assertThat(session.getSessionToken().getToken()).isNotEmpty();
          assertThat(session.renewToken()).isTrue();
          session.destroy();
        }),
        works("token revoke, self", () -> {
          LifecycleAwareSessionManager session = session();
          VaultToken token = session.getSessionToken();
          session.revoke();
          assertThatThrownBy(() -> template.opsForToken().renew(token))
              .isInstanceOf(VaultException.class);
        }));
  }

  /** A login whose token the client keeps alive and ends. */
  private LifecycleAwareSessionManager session() {
    template.write(
        "auth/userpass/users/session", Map.of("password", "pw", "token_policies", "app"));
    ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
    scheduler.setDaemon(true);
    scheduler.initialize();
    return new LifecycleAwareSessionManager(userpass("session", "pw"), scheduler, rest);
  }

  private VaultToken newToken(Duration ttl) {
    return template
        .opsForToken()
        .create(
            VaultTokenRequest.builder().withPolicy("app").ttl(ttl).renewable().build())
        .getToken();
  }

  private List<Check> wrapping() {
    return List.of(
        works("wrap", () -> {
          WrappedMetadata wrapped = wrap();
          assertThat(wrapped.getTtl()).isEqualTo(Duration.ofSeconds(100));
          assertThat(wrapped.getPath()).isEqualTo("sys/wrapping/wrap");
          assertThat(wrapped.getCreationTime()).isNotNull();
        }),
        works("wrapping token, lookup", () -> {
          assertThat(template.opsForWrapping().lookup(wrap().getToken()).getTtl())
              .isEqualTo(Duration.ofSeconds(100));
          assertThat(template.opsForWrapping().lookup(VaultToken.of("none"))).isNull();
        }),
        works("unwrap, token in the header", () -> {
          assertThat(template.opsForWrapping().read(wrap().getToken()).getRequiredData())
              .isEqualTo(Map.of("name", "Ada", "number", 1));
          assertThat(template
                  .opsForWrapping()
                  .read(wrap().getToken(), Person.class)
                  .getData())
              .isEqualTo(new Person("Ada", 1));
        }),
        works("unwrap, spent", () -> {
          VaultToken token = wrap().getToken();
          template.opsForWrapping().read(token);
          assertThat(template.opsForWrapping().read(token)).isNull();
        }),
        works("rewrap", () -> {
          WrappedMetadata first = wrap();
          WrappedMetadata second = template.opsForWrapping().rewrap(first.getToken());
          assertThat(second.getPath()).isEqualTo("sys/wrapping/wrap");
          assertThat(second.getTtl()).isEqualTo(Duration.ofSeconds(100));
          assertThat(template.opsForWrapping().read(first.getToken())).isNull();
          assertThat(template.opsForWrapping().read(second.getToken()).getRequiredData())
              .containsEntry("name", "Ada");
        }),
        works("cubbyhole", () -> {
          VaultTemplate mine = templateOf(newToken(Duration.ofMinutes(10)).getToken());
          mine.write("cubbyhole/token", Map.of("token", "a-token-for-me"));
          assertThat(mine.read("cubbyhole/token").getRequiredData())
              .containsEntry("token", "a-token-for-me");
        }),
        works("token create, wrapped", () -> {
          VaultResponse wrapped = template.doWithSession(operations -> {
            org.springframework.http.HttpHeaders headers =
                new org.springframework.http.HttpHeaders();
            headers.add("X-Vault-Wrap-TTL", "10m");
            return operations
                .exchange(
                    "auth/token/create",
                    org.springframework.http.HttpMethod.POST,
                    new org.springframework.http.HttpEntity<>(
                        Map.of("policies", List.of("app")), headers),
                    VaultResponse.class)
                .getBody();
          });
          VaultToken login = new CubbyholeAuthentication(
                  CubbyholeAuthenticationOptions.builder()
                      .initialToken(VaultToken.of(wrapped.getWrapInfo().get("token")))
                      .wrapped()
                      .build(),
                  rest)
              .login();
          assertThat(templateOf(login.getToken()).read("auth/token/lookup-self").getRequiredData())
              .containsEntry("policies", List.of("app", "default"));
        }));
  }

  private WrappedMetadata wrap() {
    return template.opsForWrapping().wrap(new Person("Ada", 1), Duration.ofSeconds(100));
  }

  private List<Check> leases() {
    RequestedSecret secret = RequestedSecret.renewable("leased/creds/app");
    List<SecretLeaseEvent> events = new ArrayList<>();
    List<SecretLeaseContainer> containers = new ArrayList<>();
    return List.of(
        works("secret with a lease", () -> {
          VaultResponse answer = template.read("leased/creds/other");
          assertThat(answer.getLeaseId()).startsWith("leased/creds/other/");
          assertThat(answer.getLeaseDuration()).isEqualTo(3600);
          assertThat(answer.isRenewable()).isTrue();
        }),
        works("renewal by the client's own schedule", () -> {
          SecretLeaseContainer container = new SecretLeaseContainer(template);
          container.addLeaseListener(events::add);
          container.afterPropertiesSet();
          container.start();
          container.addRequestedSecret(secret);
          containers.add(container);
          assertThat(events).singleElement().isInstanceOf(SecretLeaseCreatedEvent.class);
          assertThat(((SecretLeaseCreatedEvent) events.get(0)).getSecrets())
              .containsKeys("username", "password");
        }),
        works("lease renew", () -> {
          assertThat(containers.get(0).renew(secret)).isTrue();
          assertThat(events).last().isInstanceOf(AfterSecretLeaseRenewedEvent.class);
        }),
        works("lease revoke", () -> {
          String lease = events.get(0).getLease().getLeaseId();
          containers.get(0).destroy();
          assertThatThrownBy(() -> template.write("sys/leases/lookup", Map.of("lease_id", lease)))
              .isInstanceOf(VaultException.class);
        }));
  }

  private List<Check> logins() {
    return List.of(
        works(
            "approle role, write",
            () -> template.write(
                "auth/approle/role/web",
                Map.of("token_policies", List.of("app"), "token_ttl", "10m"))),
        works("approle role id, read", () -> assertThat(
                template.read("auth/approle/role/web/role-id").getRequiredData())
            .containsKey("role_id")),
        works("approle secret id", () -> assertThat(
                template.write("auth/approle/role/web/secret-id").getRequiredData())
            .containsKeys("secret_id", "secret_id_accessor")),
        works("approle login", () -> {
          String roleId = roleId();
          String secretId = secretId();
          requireLogsIn(approle(RoleId.provided(roleId), SecretId.provided(secretId)));
          VaultToken root = newRoot();
          requireLogsIn(approle(RoleId.pull(root), SecretId.pull(root)));
        }),
        works("approle login, refused", () -> {
          String roleId = roleId();
          assertThatThrownBy(() ->
                  approle(RoleId.provided(roleId), SecretId.provided("wrong")).login())
              .isInstanceOf(VaultException.class)
              .hasMessageContaining("invalid");
        }),
        works("approle secret id, wrapped", () -> {
          VaultResponse wrapped = template.doWithSession(operations -> {
            org.springframework.http.HttpHeaders headers =
                new org.springframework.http.HttpHeaders();
            headers.add("X-Vault-Wrap-TTL", "3600");
            return operations
                .exchange(
                    "auth/approle/role/web/secret-id",
                    org.springframework.http.HttpMethod.PUT,
                    new org.springframework.http.HttpEntity<>(headers),
                    VaultResponse.class)
                .getBody();
          });
          VaultToken token = VaultToken.of(wrapped.getWrapInfo().get("token"));
          requireLogsIn(approle(RoleId.provided(roleId()), SecretId.wrapped(token)));
        }),
        works(
            "userpass user, write",
            () -> template.write(
                "auth/userpass/users/ada", Map.of("password", "right", "token_policies", "app"))),
        works("userpass login", () -> requireLogsIn(userpass("ada", "right"))),
        works("userpass login, refused", () -> assertThatThrownBy(
                () -> userpass("ada", "wrong").login())
            .isInstanceOf(VaultException.class)
            .hasMessageContaining("invalid username or password")));
  }

  private void requireLogsIn(ClientAuthentication authentication) {
    VaultTemplate mine =
        new VaultTemplate(endpoint, requests, new SimpleSessionManager(authentication));
    assertThat(mine.read("auth/token/lookup-self").getRequiredData())
        .containsEntry("policies", List.of("app", "default"));
  }

  private VaultToken newRoot() {
    return template
        .opsForToken()
        .create(VaultTokenRequest.builder().withPolicy("root").build())
        .getToken();
  }

  private String roleId() {
    return (String)
        template.read("auth/approle/role/web/role-id").getRequiredData().get("role_id");
  }

  private String secretId() {
    return (String)
        template.write("auth/approle/role/web/secret-id").getRequiredData().get("secret_id");
  }

  private ClientAuthentication approle(RoleId roleId, SecretId secretId) {
    return new AppRoleAuthentication(
        AppRoleAuthenticationOptions.builder()
            .appRole("web")
            .roleId(roleId)
            .secretId(secretId)
            .build(),
        rest);
  }

  private ClientAuthentication userpass(String name, String password) {
    return new UsernamePasswordAuthentication(
        UsernamePasswordAuthenticationOptions.builder()
            .username(name)
            .password(password)
            .build(),
        rest);
  }

  private List<Check> anyPath() {
    return List.of(
        works("write any path", () -> assertThat(template.write("secret/any/a", Map.of("a", "b")))
            .isNull()),
        works("read any path", () -> {
          assertThat(template.read("secret/any/a").getRequiredData()).isEqualTo(Map.of("a", "b"));
          assertThat(template.read("secret/any/none")).isNull();
        }),
        works("list any path", () -> {
          assertThat(template.list("secret/any")).containsExactly("a");
          assertThat(template.list("secret/none")).isEmpty();
        }),
        works("delete any path", () -> {
          template.delete("secret/any/a");
          assertThat(template.read("secret/any/a")).isNull();
        }),
        works("tools, random bytes", () -> assertThat((String) template
                .write("sys/tools/random/16", Map.of("format", "hex"))
                .getRequiredData()
                .get("random_bytes"))
            .hasSize(32)),
        works("capabilities", () -> assertThat(template
                .write("sys/capabilities-self", Map.of("paths", List.of("secret/any/a")))
                .getRequiredData())
            .containsEntry("secret/any/a", List.of("root"))),
        works("property source", () -> {
          template.write("secret/application", Map.of("db", Map.of("user", "app")));
          template.write("versioned/data/application", Map.of("data", Map.of("key", "value")));
          assertThat(new VaultPropertySource(template, "secret/application").getProperty("db.user"))
              .isEqualTo("app");
          assertThat(new VaultPropertySource(template, "versioned/application").getProperty("key"))
              .isEqualTo("value");
          assertThat(new VaultPropertySource(template, "secret/none").getPropertyNames())
              .isEmpty();
        }),
        works("denied", () -> assertThatThrownBy(
                () -> templateOf("no such token").read("secret/any/a"))
            .isInstanceOf(VaultException.class)
            .hasMessageContaining("permission denied")));
  }
}

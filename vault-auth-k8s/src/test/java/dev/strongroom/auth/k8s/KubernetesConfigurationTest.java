package dev.strongroom.auth.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ErrorCode;
import dev.strongroom.InMemoryVault;
import dev.strongroom.Vault;
import dev.strongroom.VaultException;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written to {@code config} and {@code role}. Bodies are JSON with single quotes. */
class KubernetesConfigurationTest {
  private static final String HOST = "'kubernetes_host':'https://10.0.0.1:6443'";
  private static final String CA = ",'kubernetes_ca_cert':'-----BEGIN CERTIFICATE-----'";
  private static final String BOUND =
      "'bound_service_account_names':'app','bound_service_account_namespaces':'default'";

  @TempDir
  Path folder;

  private InMemoryVault vault;

  @BeforeEach
  void open() {
    vault = Vault.inMemory(builder -> builder.auth(
        "kubernetes",
        KubernetesAuth.method(KubernetesOptions.DEFAULT
            .withServiceAccountFolder(folder)
            .allowing(
                Relaxation.REASONS_IN_REFUSALS,
                Relaxation.ROLES_WITHOUT_AUDIENCE,
                Relaxation.ROLES_FOR_EVERY_ACCOUNT))));
  }

  @AfterEach
  void close() {
    vault.close();
  }

  private Response post(String path, String body) {
    return ask(Operation.UPDATE, path, Payload.parse(body.replace('\'', '"')));
  }

  private Payload read(String path) {
    return ask(Operation.READ, path, Payload.empty()).orThrow().dataOrEmpty();
  }

  private Response ask(Operation operation, String path, Payload parameters) {
    return vault
        .root()
        .request(Request.of(operation, VaultPath.parse("auth/kubernetes/" + path), parameters));
  }

  private static void assertRefused(Response response, String text) {
    assertThat(response.failure()).contains(ErrorCode.INVALID_REQUEST);
    assertThat(response.errors()).singleElement().asString().contains(text);
  }

  @Test
  void config_beforeItIsWritten_isNotThere() {
    assertThat(ask(Operation.READ, "config", Payload.empty()).isMissing()).isTrue();
  }

  @Test
  void config_readBack_hidesTheReviewersToken() {
    post("config", "{" + HOST + CA + ",'token_reviewer_jwt':' s3cr3t\\n','issuer':'me'}")
        .orThrow();

    assertThat(read("config").toMap())
        .isEqualTo(Map.of(
            "kubernetes_host",
            "https://10.0.0.1:6443",
            "kubernetes_ca_cert",
            "-----BEGIN CERTIFICATE-----",
            "pem_keys",
            List.of(),
            "issuer",
            "me",
            "disable_iss_validation",
            true,
            "disable_local_ca_jwt",
            false,
            "token_reviewer_jwt_set",
            true));
  }

  @Test
  void config_writtenAgain_forgetsWhatIsNotSentAgain() {
    post("config", "{" + HOST + CA + ",'token_reviewer_jwt':'a','disable_iss_validation':false}")
        .orThrow();
    post("config", "{" + HOST + CA + "}").orThrow();

    assertThat(read("config").flag("token_reviewer_jwt_set")).contains(false);
    assertThat(read("config").flag("disable_iss_validation")).contains(true);
  }

  @Test
  void config_withoutCa_needsTheFileOfAPod() throws IOException {
    Response outside = post("config", "{" + HOST + "}");
    Files.writeString(folder.resolve("ca.crt"), "x");
    Response inside = post("config", "{" + HOST + "}");

    assertRefused(outside, "open " + folder.resolve("ca.crt") + ": no such file or directory");
    assertThat(inside.isEmpty()).isTrue();
    assertThat(read("config").text("kubernetes_ca_cert")).contains("");
  }

  @Test
  void config_fileThatLeadsOutOfTheFolder_isRefused(@TempDir Path other) throws IOException {
    Path target = Files.writeString(other.resolve("secret"), "x");
    Files.createSymbolicLink(folder.resolve("ca.crt"), target);

    assertRefused(post("config", "{" + HOST + "}"), "it leads out of its folder");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
        {}                                                        | no host provided
        {'kubernetes_host':''}                                    | no host provided
        {'kubernetes_host':'a b'}                                 | kubernetes_host has printable characters
        {'kubernetes_host':'a','disable_local_ca_jwt':true}       | kubernetes_ca_cert must be given when disable_local_ca_jwt is true
        {'kubernetes_host':'a','pem_keys':'bad'}                  | data does not contain any valid public keys
        {'kubernetes_host':'a','kubernetes_ca_cert':'a','token_reviewer_jwt':'a b'} | token_reviewer_jwt has printable ASCII
        {'kubernetes_host':'http://a','kubernetes_ca_cert':'a'}   | kubernetes_host must be https
        {'kubernetes_host':'HTTP://a','kubernetes_ca_cert':'a'}   | kubernetes_host must be https
        {'kubernetes_host':'a','pem_keys':'1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17'} | pem_keys has at most 16 keys
        """)
  void config_wrong_isRefused(String body, String text) {
    assertRefused(post("config", body), text);
    assertThat(ask(Operation.READ, "config", Payload.empty()).isMissing()).isTrue();
  }

  /** The reference stores it without a word. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
        {'kubernetes_host':'10.0.0.1:6443','kubernetes_ca_cert':'x'} | no URL with scheme and host
        {'kubernetes_host':'https://a','kubernetes_ca_cert':'x'}     | no certificate that can be read
        """)
  void config_thatNobodyCanLogInWith_isStoredWithAWarning(String body, String text) {
    Response response = post("config", body).orThrow();

    assertThat(response.warnings()).anyMatch(warning -> warning.contains(text));
  }

  @Test
  void config_withoutTls_isStoredWithAWarningWhereThatIsAllowed() {
    try (InMemoryVault other = Vault.inMemory(builder -> builder.auth(
        "kubernetes",
        KubernetesAuth.method(KubernetesOptions.DEFAULT.allowing(Relaxation.UNENCRYPTED_API))))) {
      assertThat(Kubernetes.at(other.root(), "kubernetes")
              .configure(KubernetesConfig.of("http://10.0.0.1").withCaCertificate("x")))
          .anyMatch(warning -> warning.contains("kubernetes_host is not https"));
    }
  }

  @Test
  void role_runsOfStars_areOne() {
    assertRefused(
        post(
            "role/a",
            "{'bound_service_account_names':'**,a','bound_service_account_namespaces':'a'}"),
        "can not mix \"*\" with values");
    Response all = post(
            "role/a",
            "{'bound_service_account_names':'**','bound_service_account_namespaces':'***'}")
        .orThrow();

    assertThat(all.warnings())
        .containsExactly("the role lets every service account of the cluster log in");
    assertThat(read("role/a").toMap())
        .containsEntry("bound_service_account_names", List.of("*"))
        .containsEntry("bound_service_account_namespaces", List.of("*"));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
        {@}                                   | "audience" can not be empty: without one
        {@,'audience':''}                     | (serviceAccountToken.audience)
        {'bound_service_account_names':'*','bound_service_account_namespaces':'**','audience':'v'} | can not both be "*"
        """)
  void role_widerThanIsAllowed_isRefused(String body, String text) {
    try (InMemoryVault strict =
        Vault.inMemory(builder -> builder.auth("kubernetes", KubernetesAuth.method()))) {
      Payload role = Payload.parse(body.replace("@", BOUND).replace('\'', '"'));

      assertRefused(
          strict
              .root()
              .request(
                  Request.of(Operation.UPDATE, VaultPath.parse("auth/kubernetes/role/a"), role)),
          text);
      assertThat(Kubernetes.at(strict.root(), "kubernetes").role("a")).isEmpty();
    }
  }

  @Test
  void role_audienceTakenAway_isRefused() {
    try (InMemoryVault strict =
        Vault.inMemory(builder -> builder.auth("kubernetes", KubernetesAuth.method()))) {
      Kubernetes kubernetes = Kubernetes.at(strict.root(), "kubernetes");
      KubernetesRole role = KubernetesRole.of("default", "app").withAudience("vault");
      kubernetes.putRole("a", role);

      assertThatThrownBy(() -> kubernetes.putRole("a", role.withAudience("")))
          .isInstanceOfSatisfying(
              VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST));
      assertThat(kubernetes.role("a")).contains(role);
    }
  }

  @Test
  void role_ofTheGuide_readsBackWithBothNames() {
    post("role/MyApp", "{" + BOUND + ",'policies':'b,a','ttl':'1h'}").orThrow();

    Map<String, Object> role = read("role/myapp").toMap();
    assertThat(role)
        .containsEntry("bound_service_account_names", List.of("app"))
        .containsEntry("bound_service_account_namespaces", List.of("default"))
        .containsEntry("bound_service_account_namespace_selector", "")
        .containsEntry("alias_name_source", "serviceaccount_uid")
        .containsEntry("policies", List.of("b", "a"))
        .containsEntry("token_policies", List.of("b", "a"))
        .containsEntry("token_type", "default")
        .doesNotContainKeys("audience", "period", "max_ttl");
    assertThat(role.get("ttl")).hasToString("3600");
    assertThat(role.get("token_ttl")).hasToString("3600");
  }

  @Test
  void role_changed_keepsTheRest_butTheSelector() {
    post(
            "role/a",
            "{" + BOUND + ",'audience':'v','alias_name_source':'serviceaccount_name',"
                + "'bound_service_account_namespace_selector':'matchLabels: {team: a}'}")
        .orThrow();
    post("role/A", "{'token_ttl':60}").orThrow();

    Map<String, Object> role = read("role/a").toMap();
    assertThat(role)
        .containsEntry("audience", "v")
        .containsEntry("alias_name_source", "serviceaccount_name")
        .containsEntry("bound_service_account_names", List.of("app"))
        .containsEntry("bound_service_account_namespace_selector", "");
  }

  @Test
  void role_withSelectorOnly_hasNoNamespaces() {
    post(
            "role/a",
            "{'bound_service_account_names':'*','bound_service_account_namespace_selector':'matchLabels: {t: a}'}")
        .orThrow();

    assertThat(read("role/a").toMap()).containsEntry("bound_service_account_namespaces", null);
    assertRefused(post("role/a", "{'token_ttl':60}"), "can not be empty if");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
        {'bound_service_account_namespaces':'a'}   | "bound_service_account_names" can not be empty
        {'bound_service_account_names':'a'}        | "bound_service_account_namespaces" can not be empty if "bound_service_account_namespace_selector" is not set
        {'bound_service_account_names':'*,a','bound_service_account_namespaces':'a'} | can not mix "*" with values
        {'bound_service_account_names':'a','bound_service_account_namespaces':['a','*']} | can not mix "*" with values
        {'bound_service_account_names':['a\\u0001'],'bound_service_account_namespaces':'a'} | bound_service_account_names holds names
        {@,'alias_name_source':'name'}             | invalid alias_name_source, must be one of: serviceaccount_uid, serviceaccount_name
        {@,'alias_name_source':''}                 | invalid alias_name_source
        {@,'bound_service_account_namespace_selector':'{}'} | invalid "bound_service_account_namespace_selector" configured
        {@,'ttl':'2h','max_ttl':'1h'}              | token ttl should not be greater than token max ttl
        {@,'ttl':'2h','token_max_ttl':'1h'}        | token ttl should not be greater than token max ttl
        {@,'token_ttl':'2h','token_max_ttl':'1h'}  | 'token_ttl' cannot be greater than 'token_max_ttl'
        {@,'token_period':'800h'}                  | token period of '"800h0m0s"' is greater than the backend's maximum lease TTL of '"768h0m0s"'
        {@,'period':'800h'}                        | is greater than the backend's maximum lease TTL of
        {@,'token_type':'batch','token_period':1}  | 'token_type' cannot be 'batch' or 'default_batch' when set to generate periodic tokens
        {@,'token_num_uses':-1}                    | 'token_num_uses' cannot be negative
        """)
  void role_wrong_isRefused(String body, String text) {
    assertRefused(post("role/a", body.replace("@", BOUND)), text);
    assertThat(ask(Operation.READ, "role/a", Payload.empty()).isMissing()).isTrue();
  }

  @Test
  void role_longerThanTheMountAllows_isStoredWithAWarning() {
    assertThat(
            post("role/a", "{" + BOUND + ",'token_max_ttl':'1000h'}").orThrow().warnings())
        .containsExactly("max_ttl is greater than the system or backend mount's maximum TTL value;"
            + " issued tokens' max TTL value will be truncated");
  }

  @Test
  void roles_areListedInParts_andRemoved() {
    Kubernetes kubernetes = Kubernetes.at(vault.root(), "kubernetes");
    for (String name : List.of("b", "a", "c")) {
      kubernetes.putRole(name, KubernetesRole.of("default", "app"));
    }

    assertThat(kubernetes.roles()).containsExactly("a", "b", "c");
    assertThat(ask(Operation.LIST, "role/", Payload.of(Map.of("after", "a", "limit", 1)))
            .names())
        .containsExactly("b");
    kubernetes.deleteRole("b");
    kubernetes.deleteRole("b");
    assertThat(kubernetes.roles()).containsExactly("a", "c");
    assertThat(kubernetes.role("b")).isEmpty();
  }

  @Test
  void typedRole_writtenAndRead_isTheSame() {
    Kubernetes kubernetes = Kubernetes.at(vault.root(), "kubernetes");
    KubernetesRole role = KubernetesRole.of(List.of("team-*"), List.of("app", "job"))
        .withPolicies("a", "b")
        .withTtls(Duration.ofMinutes(1), Duration.ofHours(1))
        .withAudience("vault")
        .withNamespaceLabels(Map.of("team", "a"))
        .withAliasByName();

    kubernetes.putRole("a", role);

    assertThat(kubernetes.role("a")).contains(role);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b"})
  void typedRole_nameThatIsNone_isRefused(String name) {
    Kubernetes kubernetes = Kubernetes.at(vault.root(), "kubernetes");

    assertThatIllegalArgumentException().isThrownBy(() -> kubernetes.role(name));
  }

  @Test
  void login_withoutConfig_saysSo() {
    post("role/a", "{" + BOUND + "}").orThrow();

    Response response = post("login", "{'role':'a','jwt':'x'}");

    assertThat(response.failure()).contains(ErrorCode.INTERNAL);
    assertThat(response.errors()).containsExactly("could not load backend configuration");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
        {}                          | missing role
        {'jwt':'x'}                 | missing role
        {'role':'a'}                | missing jwt
        {'role':'a','jwt':''}       | missing jwt
        {'role':'b','jwt':'x'}      | invalid role name "b"
        {'role':'../b','jwt':'x'}   | invalid role name
        """)
  void login_withoutWhatItNeeds_isRefused(String body, String text) {
    post("role/a", "{" + BOUND + "}").orThrow();

    assertRefused(post("login", body), text);
  }

  @Test
  void explanation_withoutRoleAndConfig_saysWhatIsMissing() {
    LoginExplanation explanation =
        Kubernetes.at(vault.root(), "kubernetes").explainLogin("nope", "x");

    assertThat(explanation.wouldSucceed()).isFalse();
    assertThat(explanation.failure().orElseThrow().name()).isEqualTo("role");
    assertThat(explanation.check("config").orElseThrow().state())
        .isEqualTo(LoginExplanation.State.FAILED);
  }

  @Test
  void options_allowing_addsToWhatIsAllowed() {
    assertThat(KubernetesOptions.DEFAULT.relaxations()).isEmpty();
    assertThat(KubernetesOptions.DEFAULT
            .allowing(Relaxation.UNENCRYPTED_API)
            .withConcurrentReviews(5)
            .allowing(Relaxation.UNENCRYPTED_API, Relaxation.REASONS_IN_REFUSALS)
            .relaxations())
        .containsExactlyInAnyOrder(Relaxation.UNENCRYPTED_API, Relaxation.REASONS_IN_REFUSALS);
  }

  @Test
  void options_outOfRange_areRefused() {
    KubernetesOptions options = KubernetesOptions.DEFAULT;

    assertThatIllegalArgumentException().isThrownBy(() -> options.withConcurrentReviews(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.withTimeouts(Duration.ZERO, Duration.ofSeconds(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.withTimeouts(Duration.ofSeconds(1), Duration.ofMinutes(2)));
  }
}

package dev.strongroom.auth.k8s.internal.method;

import dev.strongroom.auth.k8s.internal.api.ApiServer;
import dev.strongroom.auth.k8s.internal.api.SecretText;
import dev.strongroom.auth.k8s.internal.jws.VerificationKey;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code config}: how the API is reached. A write replaces all of it. Behaviour: OpenBao v2.6.2
 * {@code builtin/credential/kubernetes/path_config.go}.
 */
final class ConfigPath {
  private static final String HOST = "kubernetes_host";
  private static final String CA = "kubernetes_ca_cert";
  private static final String REVIEWER = "token_reviewer_jwt";
  private static final String KEYS = "pem_keys";
  private static final String NO_LOCAL = "disable_local_ca_jwt";
  private static final String NO_ISSUER = "disable_iss_validation";
  private static final String ISSUER = "issuer";

  private static final int MAX_HOST = 2048;
  private static final int MAX_CA = 512 * 1024;
  private static final int MAX_TOKEN = 16 * 1024;
  private static final int MAX_KEYS = 16;
  private static final int MAX_KEY = 16 * 1024;
  private static final int MAX_ISSUER = 1024;

  private final Cluster cluster;
  private final SecureRandom random;
  private final boolean allowsUnencrypted;

  ConfigPath(Cluster cluster, SecureRandom random, boolean allowsUnencrypted) {
    this.cluster = cluster;
    this.random = random;
    this.allowsUnencrypted = allowsUnencrypted;
  }

  List<Route> routes() {
    return List.of(Route.at("config", "How the Kubernetes API is reached.")
        .field(HOST, FieldType.TEXT, "URL of the API, such as https://10.0.0.1:6443.")
        .field(CA, FieldType.TEXT, "PEM of the authorities of its certificate; default: the pod's.")
        .field(REVIEWER, FieldType.TEXT, "Token that asks the API; default: the pod's.")
        .field(KEYS, FieldType.COMMA_TEXTS, "PEM keys or certificates that tokens are signed with.")
        .field(NO_LOCAL, FieldType.FLAG, "The pod's own files are not used.")
        .field(NO_ISSUER, FieldType.FLAG, "The issuer is not checked; default: true.")
        .field(
            ISSUER, FieldType.TEXT, "Issuer that tokens have; default: kubernetes/serviceaccount.")
        .on(Operation.READ, this::read)
        .on(Operation.UPDATE, this::write));
  }

  private Response read(Call call) {
    return cluster
        .config(call.storage())
        .map(config -> Response.of(Payload.of(describe(config))))
        .orElse(Response.empty());
  }

  private static Map<String, @Nullable Object> describe(ConfigRecord config) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put(HOST, config.host());
    members.put(CA, config.caCert());
    members.put(KEYS, config.pemKeys());
    members.put(ISSUER, config.issuer());
    members.put(NO_ISSUER, config.disableIssValidation());
    members.put(NO_LOCAL, config.disableLocalCaJwt());
    members.put("token_reviewer_jwt_set", config.reviewerJwt().isPresent());
    return members;
  }

  private Response write(Call call) {
    String host = host(call);
    String ca = Refusals.limited(CA, call.text(CA).orElse(""), MAX_CA);
    boolean noLocal = call.flag(NO_LOCAL).orElse(false);
    if (noLocal && ca.isEmpty()) {
      throw Refusals.invalid("kubernetes_ca_cert must be given when disable_local_ca_jwt is true");
    }
    List<String> keys = keys(call);
    requireLocalCa(ca);
    ConfigRecord config = new ConfigRecord(
        version(),
        host,
        ca,
        reviewer(call),
        keys,
        noLocal,
        call.flag(NO_ISSUER).orElse(true),
        Refusals.limited(ISSUER, call.text(ISSUER).orElse(""), MAX_ISSUER));
    config.store(call.storage());
    return warned(config);
  }

  private String host(Call call) {
    String host = Refusals.limited(HOST, call.text(HOST).orElse(""), MAX_HOST);
    if (host.isEmpty()) {
      throw Refusals.invalid("no host provided");
    }
    if (!VaultPath.isPrintable(host) || host.indexOf(' ') >= 0) {
      throw Refusals.invalid(HOST + " has printable characters and no spaces");
    }
    if (ApiServer.isUnencrypted(host) && !allowsUnencrypted) {
      throw Refusals.invalid(
          HOST + " must be https: without TLS whoever is on the way reads tokens,"
              + " and says who logs in");
    }
    return host;
  }

  private static List<String> keys(Call call) {
    List<String> keys = call.texts(KEYS);
    if (keys.size() > MAX_KEYS) {
      throw Refusals.invalid(KEYS + " has at most " + MAX_KEYS + " keys");
    }
    for (String key : keys) {
      try {
        VerificationKey unused = VerificationKey.parse(Refusals.limited(KEYS, key, MAX_KEY));
      } catch (IllegalArgumentException e) {
        throw Refusals.invalid(String.valueOf(e.getMessage()));
      }
    }
    return keys;
  }

  private void requireLocalCa(String given) {
    if (given.isEmpty()) {
      try {
        String unused = cluster.files().ca();
      } catch (IOException e) {
        throw Refusals.invalid(String.valueOf(e.getMessage()));
      }
    }
  }

  private static Optional<SecretText> reviewer(Call call) {
    String token = call.text(REVIEWER).orElse("").strip();
    Refusals.limited(REVIEWER, token, MAX_TOKEN);
    if (!token.chars().allMatch(c -> c > ' ' && c <= '~')) {
      throw Refusals.invalid(REVIEWER + " has printable ASCII characters and no spaces");
    }
    return token.isEmpty() ? Optional.empty() : Optional.of(new SecretText(token));
  }

  private String version() {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** What the reference stores without a word, though nobody can log in with it. */
  private static Response warned(ConfigRecord config) {
    Response response = Response.empty();
    if (!ApiServer.isAddress(config.host())) {
      response = response.withWarning("kubernetes_host is no URL with scheme and host, such as"
          + " https://10.0.0.1:6443: every login will fail");
    }
    if (ApiServer.isUnencrypted(config.host())) {
      response = response.withWarning("kubernetes_host is not https: whoever is on the way reads"
          + " tokens, and says who logs in; the pod's own token is not sent there");
    }
    if (!config.caCert().isEmpty() && !ApiServer.hasCertificate(config.caCert())) {
      response = response.withWarning("kubernetes_ca_cert has no certificate that can be read:"
          + " every login over https will fail");
    }
    return response;
  }
}

package dev.strongroom.auth.k8s.internal.method;

import dev.strongroom.auth.k8s.internal.api.SecretText;
import dev.strongroom.request.Payload;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Storage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the API is reached, and what tokens must be like. Immutable.
 *
 * @param version another one after every write
 * @param caCert PEM; empty: the pod's
 * @param reviewerJwt empty: the pod's token, or that of whoever logs in
 * @param pemKeys keys that tokens are signed with; none: the API says whether they are good
 * @param issuer empty: that of tokens in secrets
 */
record ConfigRecord(
    String version,
    String host,
    String caCert,
    Optional<SecretText> reviewerJwt,
    List<String> pemKeys,
    boolean disableLocalCaJwt,
    boolean disableIssValidation,
    String issuer) {
  /** The version and JSON, and kept encrypted, because of the reviewer's token. */
  static final RecordKind<byte[]> KIND = RecordKind.secretAttached("config");

  private static final String NAME = "config";
  private static final int FORMAT = 1;

  /** Hexadecimal digits. */
  static final int VERSION_LENGTH = 32;

  ConfigRecord {
    pemKeys = List.copyOf(pemKeys);
  }

  /**
   * Reads the configuration.
   *
   * @param known one that was read before, and is returned if it is the same
   */
  static Optional<ConfigRecord> find(Storage storage, @Nullable ConfigRecord known) {
    return storage.get(KIND.at("", NAME)).map(bytes -> {
      byte[] json = new byte[0];
      try {
        String version = new String(bytes, 0, VERSION_LENGTH, StandardCharsets.US_ASCII);
        if (known != null && known.version.equals(version)) {
          return known;
        }
        json = Arrays.copyOfRange(bytes, VERSION_LENGTH, bytes.length);
        return read(version, Payload.parse(json));
      } finally {
        Arrays.fill(bytes, (byte) 0);
        Arrays.fill(json, (byte) 0);
      }
    });
  }

  void store(Storage storage) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("format", FORMAT);
    members.put("host", host);
    members.put("ca_cert", caCert);
    reviewerJwt.ifPresent(token -> members.put("reviewer_jwt", token.expose()));
    members.put("pem_keys", pemKeys);
    members.put("disable_local_ca_jwt", disableLocalCaJwt);
    members.put("disable_iss_validation", disableIssValidation);
    members.put("issuer", issuer);
    byte[] json = Payload.of(members).toJson();
    byte[] row =
        Arrays.copyOf(version.getBytes(StandardCharsets.US_ASCII), VERSION_LENGTH + json.length);
    System.arraycopy(json, 0, row, VERSION_LENGTH, json.length);
    Arrays.fill(json, (byte) 0);
    storage.put(KIND.at("", NAME), row);
  }

  private static ConfigRecord read(String version, Payload stored) {
    if (stored.number("format").map(Number::intValue).orElse(0) != FORMAT) {
      throw new IllegalStateException("a configuration of an unknown format");
    }
    return new ConfigRecord(
        version,
        stored.text("host").orElseThrow(),
        stored.text("ca_cert").orElseThrow(),
        stored.text("reviewer_jwt").map(SecretText::new),
        stored.texts("pem_keys"),
        stored.flag("disable_local_ca_jwt").orElseThrow(),
        stored.flag("disable_iss_validation").orElseThrow(),
        stored.text("issuer").orElseThrow());
  }
}

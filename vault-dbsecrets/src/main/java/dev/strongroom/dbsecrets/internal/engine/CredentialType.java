package dev.strongroom.dbsecrets.internal.engine;

import dev.strongroom.VaultException;
import java.util.List;
import java.util.Map;

/**
 * What kind of credential a role is for. Only passwords can be made; the others can be written, as
 * in OpenBao v2.6.2 {@code builtin/logical/database/credentials.go}, and are refused when one is
 * asked for.
 */
enum CredentialType {
  PASSWORD("password") {
    @Override
    void check(Map<String, String> config) {}
  },
  RSA_PRIVATE_KEY("rsa_private_key") {
    @Override
    void check(Map<String, String> config) {
      String bits = config.getOrDefault("key_bits", "2048");
      String format = config.getOrDefault("format", "pkcs8");
      if (!List.of("2048", "3072", "4096").contains(bits)) {
        throw invalid("invalid key_bits: " + bits);
      }
      if (!format.equals("pkcs8")) {
        throw invalid("invalid format: " + format);
      }
    }
  },
  CLIENT_CERTIFICATE("client_certificate") {
    @Override
    void check(Map<String, String> config) {
      if (!List.of("rsa", "ec", "ed25519").contains(config.getOrDefault("key_type", ""))) {
        throw invalid("invalid key_type");
      }
      for (String name : List.of("common_name_template", "ca_cert", "ca_private_key")) {
        if (config.getOrDefault(name, "").isEmpty()) {
          throw invalid("missing required " + name);
        }
      }
    }
  };

  private final String word;

  CredentialType(String word) {
    this.word = word;
  }

  abstract void check(Map<String, String> config);

  String word() {
    return word;
  }

  static CredentialType parse(String word) {
    for (CredentialType type : values()) {
      if (type.word.equals(word)) {
        return type;
      }
    }
    throw Refusals.invalid(
        "invalid credential_type \"" + Refusals.limited("credential_type", word, 256) + "\"");
  }

  String unsupported() {
    return "unsupported credential_type: \"" + word + "\"";
  }

  private static VaultException invalid(String text) {
    return Refusals.invalid("credential_config validation failed: " + text);
  }
}

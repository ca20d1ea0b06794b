package dev.strongroom.dbsecrets.internal.engine;

import dev.strongroom.spi.Call;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a role says of its credentials: their type, and settings of that type. */
record CredentialConfig(CredentialType type, Map<String, String> settings) {
  static final CredentialConfig PASSWORD = new CredentialConfig(CredentialType.PASSWORD, Map.of());
  private static final String PRIVATE_KEY = "ca_private_key";
  private static final int MAX_LENGTH = 16 * 1024;

  CredentialConfig {
    Objects.requireNonNull(type, "type");
    settings = Map.copyOf(settings);
  }

  /**
   * Returns what a call asks for.
   *
   * @param before what was said so far, which stays where the call says nothing; null: nothing was
   */
  static CredentialConfig of(Call call, @Nullable CredentialConfig before) {
    CredentialConfig old = before == null ? PASSWORD : before;
    CredentialType type =
        call.text("credential_type").map(CredentialType::parse).orElse(old.type());
    Map<String, String> given = call.pairs("credential_config");
    CredentialConfig wanted = new CredentialConfig(type, given.isEmpty() ? old.settings() : given);
    Refusals.limited("credential_config", wanted.settings().toString(), MAX_LENGTH);
    type.check(wanted.settings());
    return wanted;
  }

  /** Returns the settings that whoever may read a role may see. */
  Map<String, String> shown() {
    Map<String, String> shown = new HashMap<>(settings);
    shown.remove(PRIVATE_KEY);
    return shown;
  }

  /** Returns the name of the policy that makes passwords; empty: the usual ones. */
  String policy(ConnectionConfig connection) {
    String own = settings.getOrDefault("password_policy", "");
    return own.isEmpty() ? connection.passwordPolicy() : own;
  }

  void write(RecordWriter out) {
    out.text(type.word()).texts(settings);
  }

  static CredentialConfig read(RecordReader in) {
    return new CredentialConfig(CredentialType.parse(in.text()), in.texts());
  }
}

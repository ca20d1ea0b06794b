package dev.strongroom.auth.k8s.internal.method;

import java.util.Optional;
import java.util.stream.Stream;

/** By what an entity knows a service account. */
enum AliasNameSource {
  /** Another one when the account is deleted and made again. */
  UID("serviceaccount_uid"),
  /** Namespace and name: whoever makes the account again is the same to the vault. */
  NAME("serviceaccount_name");

  private final String text;

  AliasNameSource(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  static Optional<AliasNameSource> of(String text) {
    return Stream.of(values()).filter(source -> source.text.equals(text)).findFirst();
  }
}

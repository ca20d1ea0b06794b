package dev.strongroom.internal.mount;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether a mount is listed for callers without a token. Same words as OpenBao v2.6.2
 * {@code vault/mount.go}.
 */
public enum Visibility {
  /** Nothing is set, which means hidden. */
  UNSET(""),
  HIDDEN("hidden"),
  /** Everybody sees it. */
  UNAUTH("unauth");

  private final String text;

  Visibility(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }

  public static Optional<Visibility> named(String text) {
    return Stream.of(values()).filter(value -> value.text.equals(text)).findFirst();
  }
}

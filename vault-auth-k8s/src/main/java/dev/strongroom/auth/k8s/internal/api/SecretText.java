package dev.strongroom.auth.k8s.internal.api;

/** A token, which HTTP wants as a string. Never printed. */
public final class SecretText {
  private final String text;

  public SecretText(String text) {
    this.text = text;
  }

  public String expose() {
    return text;
  }

  @Override
  public String toString() {
    return "SecretText[redacted]";
  }
}

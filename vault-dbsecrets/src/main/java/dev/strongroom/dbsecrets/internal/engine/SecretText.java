package dev.strongroom.dbsecrets.internal.engine;

/** A password that JDBC wants as a string. Never printed. */
final class SecretText {
  private final String text;

  SecretText(String text) {
    this.text = text;
  }

  String expose() {
    return text;
  }

  @Override
  public String toString() {
    return "SecretText[redacted]";
  }
}

package dev.strongroom.request;

/** What a token is. */
public enum TokenType {
  /** Stored; can be renewed, revoked, and make other tokens. */
  SERVICE("service"),
  /** Not stored: everything about it is sealed inside. It ends when its time is over. */
  BATCH("batch");

  private final String text;

  TokenType(String text) {
    this.text = text;
  }

  /** Returns the word that clients use. */
  public String text() {
    return text;
  }
}

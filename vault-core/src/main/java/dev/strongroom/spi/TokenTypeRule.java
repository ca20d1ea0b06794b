package dev.strongroom.spi;

import dev.strongroom.request.TokenType;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which type of tokens a role makes: always one, or one where a request asks for nothing. Same
 * words as OpenBao v2.6.2 {@code token_type}.
 */
public enum TokenTypeRule {
  SERVICE("service", TokenType.SERVICE, true),
  BATCH("batch", TokenType.BATCH, true),
  DEFAULT_SERVICE("default-service", TokenType.SERVICE, false),
  DEFAULT_BATCH("default-batch", TokenType.BATCH, false);

  private final String text;
  private final TokenType type;
  private final boolean decides;

  TokenTypeRule(String text, TokenType type, boolean decides) {
    this.text = text;
    this.type = type;
    this.decides = decides;
  }

  /** Returns the rule that clients call {@code text}; empty if there is none. */
  public static Optional<TokenTypeRule> named(String text) {
    return Stream.of(values()).filter(rule -> rule.text.equals(text)).findFirst();
  }

  /** Returns the type of a token for which {@code asked} was asked, if anything. */
  public TokenType typeFor(Optional<TokenType> asked) {
    return decides ? type : asked.orElse(type);
  }

  /** Returns the word that clients use. */
  public String text() {
    return text;
  }
}

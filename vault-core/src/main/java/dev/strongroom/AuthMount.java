package dev.strongroom;

import dev.strongroom.spi.AuthMethodType;
import dev.strongroom.spi.DurationText;
import dev.strongroom.spi.TokenTypeRule;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * An auth method as the host declares it.
 *
 * @param options options of the method
 * @param defaultLeaseTtl lifetime of tokens for which nothing else is said, in whole seconds; zero:
 *     the vault's default
 * @param maxLeaseTtl longest lifetime, in whole seconds; zero: the vault's maximum
 * @param tokenType of the tokens that logins make
 */
public record AuthMount(
    AuthMethodType type,
    Map<String, String> options,
    String description,
    Duration defaultLeaseTtl,
    Duration maxLeaseTtl,
    TokenTypeRule tokenType) {
  public AuthMount {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(tokenType, "tokenType");
    options = Map.copyOf(options);
    DurationText.requireWholeSeconds(defaultLeaseTtl);
    DurationText.requireWholeSeconds(maxLeaseTtl);
  }

  /** An auth method without options, which makes service tokens where nothing else is said. */
  public static AuthMount of(AuthMethodType type) {
    return new AuthMount(
        type, Map.of(), "", Duration.ZERO, Duration.ZERO, TokenTypeRule.DEFAULT_SERVICE);
  }

  public AuthMount withOption(String name, String value) {
    Map<String, String> all = new HashMap<>(options);
    all.put(name, value);
    return new AuthMount(type, all, description, defaultLeaseTtl, maxLeaseTtl, tokenType);
  }

  public AuthMount withDescription(String text) {
    return new AuthMount(type, options, text, defaultLeaseTtl, maxLeaseTtl, tokenType);
  }

  /** Sets both lifetimes; zero means the vault's own. */
  public AuthMount withLeaseTtls(Duration defaultTtl, Duration maxTtl) {
    return new AuthMount(type, options, description, defaultTtl, maxTtl, tokenType);
  }

  public AuthMount withTokenType(TokenTypeRule rule) {
    return new AuthMount(type, options, description, defaultLeaseTtl, maxLeaseTtl, rule);
  }
}

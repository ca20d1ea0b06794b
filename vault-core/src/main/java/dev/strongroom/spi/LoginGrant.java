package dev.strongroom.spi;

import java.util.Map;
import java.util.Objects;

/**
 * What somebody gets who has logged in.
 *
 * @param alias by which the method knows one person, always in the same spelling
 * @param displayName part of the token's, behind the name of the mount; may be empty
 * @param metadata of the token
 * @param aliasMetadata of the alias, for policies' placeholders
 * @param data for the method itself, when the token is renewed
 */
public record LoginGrant(
    String alias,
    String displayName,
    Map<String, String> metadata,
    Map<String, String> aliasMetadata,
    TokenParameters parameters,
    Map<String, String> data) {
  public LoginGrant {
    Objects.requireNonNull(alias, "alias");
    Objects.requireNonNull(displayName, "displayName");
    Objects.requireNonNull(parameters, "parameters");
    metadata = Map.copyOf(metadata);
    aliasMetadata = Map.copyOf(aliasMetadata);
    data = Map.copyOf(data);
  }

  /** A grant whose alias has the metadata of the token. */
  public LoginGrant(
      String alias,
      String displayName,
      Map<String, String> metadata,
      TokenParameters parameters,
      Map<String, String> data) {
    this(alias, displayName, metadata, metadata, parameters, data);
  }
}

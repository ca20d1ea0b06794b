package dev.strongroom;

import java.util.List;

/**
 * Which other sites' pages may use a vault from a browser, where it is served over HTTP.
 *
 * @param allowedOrigins compared as whole texts; or {@code *} alone, for all
 * @param allowedHeaders which a page may send, beside those of the API itself
 * @param allowCredentials whether a browser may send its cookies and certificates along; not with
 *     {@code *}
 */
public record CorsRules(
    List<String> allowedOrigins, List<String> allowedHeaders, boolean allowCredentials) {
  /** Stands for every origin. */
  public static final String ANY = "*";

  private static final int MAX_VALUES = 100;
  private static final int MAX_LENGTH = 1024;

  /**
   * Checks what a browser would take for something else.
   *
   * @throws IllegalArgumentException if the rules contradict themselves, or hold no origin, or more
   *     than 100 values or 1,024 characters in one
   */
  public CorsRules {
    allowedOrigins = List.copyOf(allowedOrigins);
    allowedHeaders = List.copyOf(allowedHeaders);
    require(!allowedOrigins.isEmpty(), "at least one origin or the wildcard must be provided");
    boolean any = allowedOrigins.contains(ANY);
    require(
        !any || allowedOrigins.size() == 1,
        "to allow all origins the '*' must be the only value for allowed_origins");
    require(!any || !allowCredentials, "credentials cannot be allowed to all origins");
    require(!allowedOrigins.contains("null"), "the origin 'null' is that of any page in a sandbox");
    requireTexts(allowedOrigins, "[!-~]+", "an origin is scheme, host and port");
    requireTexts(allowedHeaders, "[A-Za-z0-9!#$%&'*+.^_`|~-]+", "that is no name of a header");
  }

  /** Returns whether pages of {@code origin} may use the vault. */
  public boolean allows(String origin) {
    return !origin.equals("null")
        && (allowedOrigins.contains(origin) || allowedOrigins.contains(ANY));
  }

  private static void requireTexts(List<String> texts, String pattern, String otherwise) {
    require(texts.size() <= MAX_VALUES, "at most " + MAX_VALUES + " values are allowed");
    for (String text : texts) {
      require(text.length() <= MAX_LENGTH && text.matches(pattern), otherwise);
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}

package dev.strongroom.spi;

import java.util.Objects;

/**
 * How records are written for one audit device. Same options as OpenBao v2.6.2
 * {@code audit/format.go}.
 *
 * @param hmacAccessor whether accessors are hashed; tokens always are
 * @param elideListResponses whether the answer to a list or scan shows how many names it had
 *     instead of their hashes
 * @param raw whether values are written as they are: <strong>secrets in clear</strong>, tokens
 *     included
 * @param prefix literally before each record: at most 256 printable characters without a brace
 */
public record AuditFormat(
    boolean hmacAccessor, boolean elideListResponses, boolean raw, String prefix) {
  private static final int MAX_PREFIX = 256;

  /** Everything hashed, lists in full, no prefix. */
  public static final AuditFormat HASHED = new AuditFormat(true, false, false, "");

  public AuditFormat {
    Objects.requireNonNull(prefix, "prefix");
    boolean fits = prefix.length() <= MAX_PREFIX
        && prefix.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '{');
    if (!fits) {
      throw new IllegalArgumentException("the prefix of an audit device has at most " + MAX_PREFIX
          + " printable ASCII characters, none of them '{'");
    }
  }
}

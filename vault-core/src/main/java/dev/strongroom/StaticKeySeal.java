package dev.strongroom;

import dev.strongroom.internal.aead.Aead;
import dev.strongroom.internal.hmac.HmacSha256;
import dev.strongroom.spi.Seal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A seal whose key is a file or an environment variable: the vault opens without people, and is as
 * safe as that key. The key is 32 bytes, raw (files only), as 64 hex digits or as base64 of 44
 * characters, or 43 without padding and URL-safe; white space around text is ignored. It is read
 * each time it is needed and not kept. Immutable and thread-safe.
 *
 * <p>To change the key, name the new one first and the old one {@link #withPrevious as previous}:
 * the next unseal wraps the root key anew, and the old one can go.
 */
public final class StaticKeySeal implements Seal {
  private static final String TYPE = "static";

  private final KeySource current;
  private final Optional<KeySource> previous;

  /** Where a key comes from. */
  private record KeySource(String description, boolean mayBeRaw, Supplier<byte[]> content) {}

  private StaticKeySeal(KeySource current, Optional<KeySource> previous) {
    this.current = current;
    this.previous = previous;
  }

  /**
   * A key in a file that only the application should be able to read. The file is read when the
   * vault opens, not now.
   */
  public static StaticKeySeal fromFile(Path file) {
    Objects.requireNonNull(file, "file");
    return new StaticKeySeal(
        new KeySource("the file " + file, /* mayBeRaw= */ true, () -> readFile(file)),
        Optional.empty());
  }

  /** A key in an environment variable, which is read when the vault opens. */
  public static StaticKeySeal fromEnvironment(String variable) {
    return fromEnvironment(variable, System::getenv);
  }

  static StaticKeySeal fromEnvironment(
      String variable, Function<String, @Nullable String> environment) {
    Objects.requireNonNull(variable, "variable");
    return new StaticKeySeal(
        new KeySource(
            "the environment variable " + variable,
            /* mayBeRaw= */ false,
            () -> readVariable(variable, environment)),
        Optional.empty());
  }

  /** Also opens what the key of {@code other} sealed. */
  public StaticKeySeal withPrevious(StaticKeySeal other) {
    return new StaticKeySeal(current, Optional.of(other.current));
  }

  @Override
  public String type() {
    return TYPE;
  }

  /** Returns a fingerprint of the key: the first 8 bytes of an HMAC under it. */
  @Override
  public String keyId() {
    return using(current, StaticKeySeal::fingerprint);
  }

  @Override
  public byte[] wrap(byte[] key, byte[] associatedData) {
    return using(current, sealKey -> Aead.seal(sealKey, associatedData, key, new SecureRandom()));
  }

  @Override
  public byte[] unwrap(String keyId, byte[] wrapped, byte[] associatedData) {
    List<KeySource> sources =
        Stream.concat(Stream.of(current), previous.stream()).toList();
    for (KeySource source : sources) {
      Optional<byte[]> opened = using(
          source,
          sealKey -> fingerprint(sealKey).equals(keyId)
              ? Optional.of(open(source, sealKey, associatedData, wrapped))
              : Optional.empty());
      if (opened.isPresent()) {
        return opened.get();
      }
    }
    throw new VaultException(
        ErrorCode.OUTSIDE_FAILED,
        "the static seal cannot open this vault: it was sealed with the key " + keyId
            + ", which is not in "
            + String.join(" or ", sources.stream().map(KeySource::description).toList()));
  }

  private static byte[] open(
      KeySource source, byte[] sealKey, byte[] associatedData, byte[] wrapped) {
    return Aead.open(sealKey, associatedData, wrapped)
        .orElseThrow(() -> new VaultException(
            ErrorCode.OUTSIDE_FAILED,
            "the static seal cannot open this vault: the key in " + source.description()
                + " is the right one, but what it sealed was changed"));
  }

  private static <T> T using(KeySource source, Function<byte[], T> work) {
    byte[] key = decode(source, source.content().get());
    try {
      return work.apply(key);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private static String fingerprint(byte[] key) {
    byte[] digest =
        HmacSha256.of(key, "strongroom static seal".getBytes(StandardCharsets.US_ASCII));
    return HexFormat.of().formatHex(digest, 0, 8);
  }

  private static byte[] readFile(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new VaultException(
          ErrorCode.OUTSIDE_FAILED, "the key of the static seal cannot be read from " + file, e);
    }
  }

  private static byte[] readVariable(
      String variable, Function<String, @Nullable String> environment) {
    String value = environment.apply(variable);
    if (value == null) {
      throw new VaultException(
          ErrorCode.OUTSIDE_FAILED,
          "the key of the static seal is missing: the environment variable " + variable
              + " is not set");
    }
    return value.getBytes(StandardCharsets.UTF_8);
  }

  /** Wipes what it was given. */
  private static byte[] decode(KeySource source, byte[] content) {
    byte[] text = strip(content);
    try {
      Optional<byte[]> raw = source.mayBeRaw() && content.length == Aead.KEY_BYTES
          ? Optional.of(content.clone())
          : Optional.empty();
      return raw.or(() -> hex(text))
          .or(() -> base64(text))
          .orElseThrow(() -> new VaultException(
              ErrorCode.OUTSIDE_FAILED,
              "the key of the static seal in " + source.description() + " must be 32 bytes: "
                  + (source.mayBeRaw() ? "raw, " : "")
                  + "as 64 hex digits, or as base64 of 44 or 43 characters"));
    } finally {
      Arrays.fill(text, (byte) 0);
      Arrays.fill(content, (byte) 0);
    }
  }

  private static byte[] strip(byte[] content) {
    int start = 0;
    int end = content.length;
    while (start < end && isSpace(content[start])) {
      start++;
    }
    while (start < end && isSpace(content[end - 1])) {
      end--;
    }
    return Arrays.copyOfRange(content, start, end);
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || (b >= '\t' && b <= '\r');
  }

  private static Optional<byte[]> hex(byte[] text) {
    if (text.length != 2 * Aead.KEY_BYTES) {
      return Optional.empty();
    }
    byte[] key = new byte[Aead.KEY_BYTES];
    for (int i = 0; i < text.length; i++) {
      if (!HexFormat.isHexDigit(text[i])) {
        Arrays.fill(key, (byte) 0);
        return Optional.empty();
      }
      key[i / 2] = (byte) (key[i / 2] << 4 | HexFormat.fromHexDigit(text[i]));
    }
    return Optional.of(key);
  }

  private static Optional<byte[]> base64(byte[] text) {
    if (text.length != 43 && text.length != 44) {
      return Optional.empty();
    }
    try {
      byte[] key = (text.length == 44 ? Base64.getDecoder() : Base64.getUrlDecoder()).decode(text);
      return key.length == Aead.KEY_BYTES ? Optional.of(key) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "StaticKeySeal[" + current.description() + "]";
  }
}

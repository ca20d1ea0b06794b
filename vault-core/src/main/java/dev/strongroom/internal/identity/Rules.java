package dev.strongroom.internal.identity;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.internal.policy.PolicyStore;
import dev.strongroom.request.VaultPath;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.regex.Pattern;

/**
 * What may be said about entities, aliases and groups. Limits of metadata are those of OpenBao
 * v2.6.2 {@code vault/identity/store_structs.go} and {@code sdk/helper/custommetadata}.
 */
final class Rules {
  static final int MAX_NAME_BYTES = 512;
  static final int MAX_POLICIES = 100;
  static final int MAX_PAIRS = 64;
  static final int MAX_KEY_BYTES = 128;
  static final int MAX_VALUE_BYTES = 512;

  private static final Pattern KEY = Pattern.compile("[a-zA-Z0-9=/+_-]+");
  private static final int MAX_KEY_TEXT_BYTES = 1024;

  private Rules() {}

  /**
   * Returns what names have in common that people take for the same: the index of names goes by
   * this, so that two of them cannot be there together. Independent of the JVM's language.
   */
  static String fold(String name) {
    return Normalizer.normalize(name, Form.NFKC).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }

  /** Returns whether something can be stored under a text; callers may ask for any. */
  static boolean canBeKey(String text) {
    return text.length() <= MAX_KEY_TEXT_BYTES && bytes(text) <= MAX_KEY_TEXT_BYTES;
  }

  /** Checks the name of an entity or group, which may be part of a request's path. */
  static String requirePathName(String name) {
    try {
      VaultPath.requireRelative(name);
    } catch (IllegalArgumentException e) {
      throw refused("names must be what a path can hold");
    }
    if (name.endsWith("/")) {
      throw refused("names must not end in a slash");
    }
    return requireName(name);
  }

  /** Checks the name of an alias. */
  static String requireName(String name) {
    if (name.isEmpty() || bytes(name) > MAX_NAME_BYTES || !canBeKey(fold(name))) {
      throw refused("names have 1 to " + MAX_NAME_BYTES + " bytes");
    }
    if (!VaultPath.isPrintable(name)
        || !Normalizer.isNormalized(name, Form.NFC)
        || !name.equals(name.strip())) {
      throw refused(
          "names consist of printable characters in Unicode's form NFC, without space around them");
    }
    return name;
  }

  /** Returns names of policies in their canonical form, sorted. */
  static List<String> policies(Collection<String> names) {
    NavigableSet<String> folded = PolicyStore.fold(names);
    if (folded.contains(PolicyStore.ROOT)) {
      throw refused("policies cannot contain root");
    }
    if (folded.contains(PolicyStore.RESPONSE_WRAPPING)) {
      throw refused("cannot assign policy \"" + PolicyStore.RESPONSE_WRAPPING + "\"");
    }
    if (folded.size() > MAX_POLICIES) {
      throw exceeded("at most " + MAX_POLICIES + " policies can be assigned");
    }
    if (folded.stream().anyMatch(name -> bytes(name) > MAX_NAME_BYTES)
        || !folded.stream().allMatch(VaultPath::isPrintable)) {
      throw refused(
          "policy names consist of 1 to " + MAX_NAME_BYTES + " bytes of printable characters");
    }
    return List.copyOf(folded);
  }

  /** Checks the metadata of an entity, of a group, or those that an auth method gives an alias. */
  static Map<String, String> metadata(String of, Map<String, String> pairs) {
    String where = "invalid " + of + " metadata: ";
    requireFew(where, pairs);
    pairs.forEach((key, value) -> {
      if (!KEY.matcher(key).matches()) {
        throw refused(where + "key contains invalid characters");
      }
      if (key.startsWith("vault-")) {
        throw refused(where + "key prefix \"vault-\" is reserved for internal use");
      }
    });
    return pairs;
  }

  /** Checks the metadata that people attach to an alias. */
  static Map<String, String> customMetadata(Map<String, String> pairs) {
    String where = "custom_metadata validation failed: ";
    requireFew(where, pairs);
    pairs.forEach((key, value) -> {
      if (key.isEmpty() || value.isEmpty()) {
        throw refused(where + "keys and values must not be empty");
      }
      if (!VaultPath.isPrintable(key) || !VaultPath.isPrintable(value)) {
        throw refused(where + "unprintable characters");
      }
    });
    return pairs;
  }

  private static void requireFew(String where, Map<String, String> pairs) {
    if (pairs.size() > MAX_PAIRS) {
      throw exceeded(where + "at most " + MAX_PAIRS + " pairs");
    }
    pairs.forEach((key, value) -> {
      if (bytes(key) > MAX_KEY_BYTES || bytes(value) > MAX_VALUE_BYTES) {
        throw exceeded(
            where + "keys have at most " + MAX_KEY_BYTES + " bytes, values " + MAX_VALUE_BYTES);
      }
    });
  }

  static VaultException refused(String reason) {
    return new VaultException(ErrorCode.INVALID_REQUEST, reason);
  }

  static VaultException exceeded(String limit) {
    return new VaultException(ErrorCode.LIMIT_EXCEEDED, limit);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}

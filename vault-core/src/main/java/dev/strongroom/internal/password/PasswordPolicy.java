package dev.strongroom.internal.password;

import dev.strongroom.internal.policy.Document;
import dev.strongroom.internal.policy.PolicySyntaxException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * How passwords are made: so long, of these characters, with at least so many of some of them. Same
 * rules as OpenBao v2.6.2 {@code helper/random}. Immutable and thread-safe.
 */
final class PasswordPolicy {
  /** What passwords look like where no policy is named. */
  static final PasswordPolicy DEFAULT = new PasswordPolicy(
      20,
      List.of(
          CharsetRule.of("abcdefghijklmnopqrstuvwxyz", 1),
          CharsetRule.of("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1),
          CharsetRule.of("0123456789", 1),
          CharsetRule.of("-", 1)));

  private static final int MIN_LENGTH = 4;
  private static final int MAX_LENGTH = 100;

  /** The reference draws single bytes, so it knows no more. */
  private static final int MAX_CHARACTERS = 256;

  /** Stands for the second after which the reference gives up; takes a fraction of one. */
  private static final int MAX_CANDIDATES = 100_000;

  private final int length;
  private final List<CharsetRule> rules;
  private final int[] characters;

  private PasswordPolicy(int length, List<CharsetRule> rules) {
    this.length = length;
    this.rules = List.copyOf(rules);
    this.characters = rules.stream()
        .flatMapToInt(rule -> IntStream.of(rule.characters()))
        .sorted()
        .distinct()
        .toArray();
  }

  /**
   * Reads a policy.
   *
   * @param text HCL, or JSON where the first character is a brace
   * @throws IllegalArgumentException if it is none, or if passwords would not have
   *     {@value #MIN_LENGTH} to {@value #MAX_LENGTH} characters
   */
  static PasswordPolicy parse(String text) {
    Document document;
    try {
      document = Document.parse(text, PasswordPolicyReader.RULE);
    } catch (PolicySyntaxException e) {
      throw invalid("unable to decode: " + e.detail(), e);
    }
    PasswordPolicy policy;
    try {
      PasswordPolicyReader reader = PasswordPolicyReader.read(document);
      policy = new PasswordPolicy(reader.length(), reader.rules());
    } catch (IllegalArgumentException e) {
      throw invalid(String.valueOf(e.getMessage()), e);
    }
    if (policy.length < MIN_LENGTH || policy.length > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "passwords must be between " + MIN_LENGTH + " and " + MAX_LENGTH + " characters");
    }
    return policy;
  }

  private static IllegalArgumentException invalid(String detail, IllegalArgumentException cause) {
    return new IllegalArgumentException("invalid password policy: " + detail, cause);
  }

  /**
   * Makes a password. Every one that keeps the rules is equally likely: characters are drawn
   * independently of all that are allowed, and what does not keep the rules is thrown away as a
   * whole.
   *
   * @return a new array, which the caller should wipe
   * @throws IllegalArgumentException if there are more than {@value #MAX_CHARACTERS} characters
   * @throws IllegalStateException if {@value #MAX_CANDIDATES} attempts were in vain, because hardly
   *     any text keeps the rules
   */
  char[] generate(SecureRandom random) {
    if (characters.length > MAX_CHARACTERS) {
      throw new IllegalArgumentException("charset is too long: limited to 255 characters");
    }
    int[] candidate = new int[length];
    try (RandomIndexes indexes = new RandomIndexes(random, characters.length)) {
      for (int i = 0; i < MAX_CANDIDATES; i++) {
        for (int at = 0; at < length; at++) {
          candidate[at] = characters[indexes.next()];
        }
        if (rules.stream().allMatch(rule -> rule.isKeptBy(candidate))) {
          return text(candidate);
        }
      }
    } finally {
      Arrays.fill(candidate, 0);
    }
    throw new IllegalStateException("timed out generating string");
  }

  private static char[] text(int[] codePoints) {
    char[] text = new char[Arrays.stream(codePoints).map(Character::charCount).sum()];
    int at = 0;
    for (int codePoint : codePoints) {
      at += Character.toChars(codePoint, text, at);
    }
    return text;
  }

  /** Returns the length and the number of rules. */
  @Override
  public String toString() {
    return "PasswordPolicy[length=" + length + ", rules="
        + Objects.requireNonNull(rules).size() + "]";
  }
}

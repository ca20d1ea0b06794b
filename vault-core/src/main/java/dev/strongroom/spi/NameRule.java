package dev.strongroom.spi;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What users, roles and connections of engines and auth methods may be called: 1 to
 * {@value #MAX_LENGTH} letters, digits, and {@code _}, {@code .}, {@code -}, the last two not at
 * either end. As the {@code GenericNameRegex} of OpenBao v2.6.2 {@code sdk/framework}.
 */
public final class NameRule {
  public static final int MAX_LENGTH = 256;

  private static final Pattern NAME = Pattern.compile("\\w(?:[\\w.-]*\\w)?");

  private NameRule() {}

  public static boolean fits(String text) {
    return text.length() <= MAX_LENGTH && NAME.matcher(text).matches();
  }

  /**
   * Checks a name.
   *
   * @param field that holds it, for the error
   * @throws VaultException with code {@code INVALID_REQUEST} if nothing can be called that
   */
  public static String require(String field, String name) {
    if (!fits(name)) {
      throw new VaultException(
          ErrorCode.INVALID_REQUEST,
          field + " has 1 to " + MAX_LENGTH
              + " letters, digits, '_', '.' and '-', and begins and ends with one of the first three");
    }
    return name;
  }

  /** Returns a name as auth methods store it: lower-cased. */
  public static String fold(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the folded name that a call is about. Who names one in another spelling needs the
   * rights on both.
   *
   * @param captured name in the route's pattern
   * @param before what stands before the name in the path
   * @param after what stands behind it
   * @throws VaultException with code {@code INVALID_REQUEST} if nothing can be called that
   */
  public static String folded(Call call, String captured, String before, String after) {
    String given = require(captured, call.captured(captured));
    String name = fold(given);
    if (!name.equals(given)) {
      call.requireAllowed(call.operation(), before + name + after, call.payload());
    }
    return name;
  }
}

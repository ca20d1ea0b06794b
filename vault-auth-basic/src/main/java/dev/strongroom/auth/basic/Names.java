package dev.strongroom.auth.basic;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.spi.Call;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Names of users and roles: letters, digits, and {@code _}, {@code .}, {@code -} between them. As
 * in OpenBao v2.6.2 they are lower-cased; who names one in another spelling needs the rights on
 * both.
 */
final class Names {
  static final int MAX_LENGTH = 256;

  private static final Pattern NAME = Pattern.compile("\\w(?:[\\w.-]*\\w)?");

  private Names() {}

  static boolean isName(String text) {
    return text.length() <= MAX_LENGTH && NAME.matcher(text).matches();
  }

  static String fold(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the canonical name that a call is about.
   *
   * @param captured name in the route's pattern
   * @param before what stands before the name in the path
   * @param after what stands behind it
   */
  static String of(Call call, String captured, String before, String after) {
    String given = call.captured(captured);
    if (!isName(given)) {
      throw new VaultException(
          ErrorCode.INVALID_REQUEST,
          captured + " has 1 to " + MAX_LENGTH
              + " letters, digits, '_', '.' and '-', and begins and ends with one of the first three");
    }
    String name = fold(given);
    if (!name.equals(given)) {
      call.requireAllowed(call.operation(), before + name + after, call.payload());
    }
    return name;
  }
}

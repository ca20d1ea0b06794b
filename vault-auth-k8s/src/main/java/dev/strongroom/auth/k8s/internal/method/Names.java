package dev.strongroom.auth.k8s.internal.method;

import dev.strongroom.spi.Call;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Names of roles: letters, digits, and {@code _}, {@code .}, {@code -} between them. As in OpenBao
 * v2.6.2 they are lower-cased; who names one in another spelling needs the rights on both.
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

  /** Returns the canonical name of the role that a call to {@code role/} is about. */
  static String of(Call call) {
    String given = call.captured("name");
    if (!isName(given)) {
      throw Refusals.invalid("name has 1 to " + MAX_LENGTH
          + " letters, digits, '_', '.' and '-', and begins and ends with one of the first three");
    }
    String name = fold(given);
    if (!name.equals(given)) {
      call.requireAllowed(call.operation(), "role/" + name, call.payload());
    }
    return name;
  }
}

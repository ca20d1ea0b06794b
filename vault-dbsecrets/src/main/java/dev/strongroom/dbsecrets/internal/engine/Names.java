package dev.strongroom.dbsecrets.internal.engine;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.RecordKind;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Names of configurations and roles, and lists of them. */
final class Names {
  private static final int MAX_LENGTH = 256;
  private static final Pattern NAME = Pattern.compile("\\w(?:[\\w.-]*\\w)?");

  private Names() {}

  /** Returns the name that a call's path has; there is no such path for anything else. */
  static String of(Call call) {
    String name = call.captured("name");
    if (name.length() > MAX_LENGTH || !NAME.matcher(name).matches()) {
      throw new VaultException(ErrorCode.NOT_FOUND, "unsupported path");
    }
    return name;
  }

  /**
   * Checks a name that a parameter holds.
   *
   * @throws VaultException with code {@code INVALID_REQUEST} if nothing can be called that
   */
  static String require(String field, String name) {
    if (name.length() > MAX_LENGTH || !NAME.matcher(name).matches()) {
      throw Refusals.invalid(field + " has 1 to " + MAX_LENGTH
          + " letters, digits, '_', '.' and '-', and begins and ends with one of the first three");
    }
    return name;
  }

  static Response all(Call call, RecordKind<?> kind) {
    List<String> names = call.storage().list(kind, "");
    return names.isEmpty() ? Response.empty() : Response.of(Payload.of(Map.of("keys", names)));
  }
}

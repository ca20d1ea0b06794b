package dev.strongroom.dbsecrets.internal.engine;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.NameRule;
import dev.strongroom.spi.RecordKind;
import java.util.List;
import java.util.Map;

/** Names of configurations and roles, and lists of them. */
final class Names {
  private Names() {}

  /** Returns the name that a call's path has; there is no such path for anything else. */
  static String of(Call call) {
    String name = call.captured("name");
    if (!NameRule.fits(name)) {
      throw new VaultException(ErrorCode.NOT_FOUND, "unsupported path");
    }
    return name;
  }

  static Response all(Call call, RecordKind<?> kind) {
    List<String> names = call.storage().list(kind, "");
    return names.isEmpty() ? Response.empty() : Response.of(Payload.of(Map.of("keys", names)));
  }
}

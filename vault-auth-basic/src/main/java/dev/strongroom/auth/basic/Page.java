package dev.strongroom.auth.basic;

import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import java.util.List;
import java.util.Map;

/**
 * A part of a list: the names behind {@code after}, at most {@code limit} of them. Both as in
 * OpenBao v2.6.2; a name that is not there has a place in the order all the same.
 */
final class Page {
  private Page() {}

  static Route declare(Route route) {
    return route
        .field("after", FieldType.TEXT, "List names after this one.")
        .field("limit", FieldType.INTEGER, "List at most so many; 0: all.");
  }

  /**
   * Returns the part that a call asks for; nothing if there is none.
   *
   * @param names ASCII, sorted
   */
  static Response of(Call call, List<String> names) {
    String after = call.text("after").orElse("");
    long limit = call.integer("limit").orElse(0);
    List<String> page = names.stream()
        .filter(name -> after.isEmpty() || name.compareTo(after) > 0)
        .limit(limit > 0 ? limit : Long.MAX_VALUE)
        .toList();
    return page.isEmpty() ? Response.empty() : Response.of(Payload.of(Map.of("keys", page)));
  }
}

package dev.strongroom.spi;

import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A part of a list: what comes behind the name {@code after}, at most {@code limit} of it. Both as
 * in OpenBao v2.6.2 {@code sdk/logical/storage.go}; a name that is not there has a place in the
 * order all the same. Names are compared as UTF-8 bytes, as {@link Storage#list} sorts them.
 */
public final class Page {
  private static final String AFTER = "after";
  private static final String LIMIT = "limit";

  private Page() {}

  /** Declares what {@link #of} reads. */
  public static Route declare(Route route) {
    return route
        .field(AFTER, FieldType.TEXT, "List names after this one.")
        .field(LIMIT, FieldType.INTEGER, "List at most so many; 0: all.");
  }

  /**
   * Returns the part that a call asks for.
   *
   * @param names in any order
   */
  public static List<String> of(Call call, Collection<String> names) {
    return of(call, names, Function.identity());
  }

  /** As {@link #of(Call, Collection)}, for things that are listed by a name of theirs. */
  public static <T> List<T> of(Call call, Collection<T> all, Function<T, String> name) {
    byte[] after = utf8(call.text(AFTER).orElse(""));
    long limit = call.integer(LIMIT).orElse(0);
    return all.stream()
        .map(thing -> new Named<>(utf8(name.apply(thing)), thing))
        .filter(named -> after.length == 0 || Arrays.compareUnsigned(named.name, after) > 0)
        .sorted((one, other) -> Arrays.compareUnsigned(one.name, other.name))
        .limit(limit > 0 ? limit : Long.MAX_VALUE)
        .map(Named::thing)
        .toList();
  }

  /** Answers with the part that a call asks for; with nothing if there is none. */
  public static Response answer(Call call, Collection<String> names) {
    List<String> page = of(call, names);
    return page.isEmpty() ? Response.empty() : Response.of(Payload.of(Map.of("keys", page)));
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Named<T>(byte[] name, T thing) {}

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

package dev.strongroom.checks;

import dev.strongroom.checks.Canaries.Needle;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Looks for many byte sequences in one pass: by their first four bytes, then by all. */
final class Haystack {
  private static final int PREFIX = 4;

  private final Map<Integer, List<Needle>> byPrefix;
  /** Whether any needle begins with these two bytes: most places are passed with this look. */
  private final boolean[] begins = new boolean[1 << 16];

  private Haystack(Map<Integer, List<Needle>> byPrefix) {
    this.byPrefix = byPrefix;
    byPrefix.keySet().forEach(prefix -> begins[prefix >>> 16] = true);
  }

  static Haystack of(List<Needle> needles) {
    Map<Integer, List<Needle>> byPrefix = new TreeMap<>();
    for (Needle needle : needles) {
      if (needle.bytes().remaining() < PREFIX) {
        throw new IllegalArgumentException(needle.what() + " is too short to be looked for");
      }
      byPrefix
          .computeIfAbsent(needle.bytes().getInt(0), prefix -> new ArrayList<>())
          .add(needle);
    }
    return new Haystack(byPrefix);
  }

  void search(ByteBuffer bytes, BiConsumer<Needle, Integer> found) {
    int last = bytes.limit() - PREFIX;
    for (int place = 0; place <= last; place++) {
      if (begins[bytes.getShort(place) & 0xffff]) {
        for (Needle needle : byPrefix.getOrDefault(bytes.getInt(place), List.of())) {
          if (isAt(bytes, place, needle.bytes())) {
            found.accept(needle, place);
          }
        }
      }
    }
  }

  private static boolean isAt(ByteBuffer bytes, int place, ByteBuffer wanted) {
    return place + wanted.remaining() <= bytes.limit()
        && bytes.slice(place, wanted.remaining()).equals(wanted);
  }
}

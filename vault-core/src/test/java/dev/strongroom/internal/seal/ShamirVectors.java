package dev.strongroom.internal.seal;

import dev.strongroom.request.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads {@code shamir.json}. */
public final class ShamirVectors {
  private ShamirVectors() {}

  public static Stream<Case> cases(String section) {
    return new Case(everything()).list(section).stream();
  }

  /** Returns the arithmetic of the field. */
  static Case field() {
    return new Case((Map<?, ?>) everything().get("field"));
  }

  private static Map<String, Object> everything() {
    try (InputStream in = ShamirVectors.class.getResourceAsStream("shamir.json")) {
      return Payload.parse(in.readAllBytes()).toMap();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the split of that name. */
  static Case split(String name) {
    return cases("splits")
        .filter(split -> split.text("name").equals(name))
        .findFirst()
        .orElseThrow();
  }

  public record Case(Map<?, ?> json) {
    public String text(String name) {
      return (String) json.get(name);
    }

    public boolean has(String name) {
      return json.get(name) != null;
    }

    int number(String name) {
      return ((Number) json.get(name)).intValue();
    }

    List<byte[]> hexList(String name) {
      return ((List<?>) json.get(name))
          .stream().map(hex -> HexFormat.of().parseHex((String) hex)).toList();
    }

    List<byte[]> shares() {
      return ((List<?>) json.get("shares"))
          .stream()
              .map(share -> HexFormat.of().parseHex((String) ((Map<?, ?>) share).get("hex")))
              .toList();
    }

    /** Returns the shares as hex, each with its base64 where the vector has it. */
    public Map<String, String> shareTexts() {
      Map<String, String> all = new LinkedHashMap<>();
      ((List<?>) json.get("shares")).forEach(share -> {
        Map<?, ?> members = (Map<?, ?>) share;
        if (members.containsKey("base64")) {
          all.put((String) members.get("hex"), (String) members.get("base64"));
        }
      });
      return all;
    }

    List<List<Integer>> subsets() {
      return ((List<?>) json.get("subsets")).stream().map(Case::integers).toList();
    }

    Map<List<Integer>, String> insufficient() {
      Map<List<Integer>, String> all = new LinkedHashMap<>();
      ((List<?>) json.get("insufficient")).forEach(entry -> {
        Map<?, ?> members = (Map<?, ?>) entry;
        all.put(integers(members.get("indices")), (String) members.get("result_hex"));
      });
      return all;
    }

    List<Case> steps() {
      return list("steps");
    }

    List<Case> list(String name) {
      return ((List<?>) json.get(name))
          .stream().map(element -> new Case((Map<?, ?>) element)).toList();
    }

    private static List<Integer> integers(Object list) {
      return ((List<?>) list)
          .stream().map(number -> ((Number) number).intValue()).toList();
    }

    @Override
    public String toString() {
      return text("name");
    }
  }
}

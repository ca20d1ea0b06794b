package dev.strongroom.dbsecrets;

import dev.strongroom.request.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The cases of {@code db-statements.json}, as they were recorded from the reference. */
public final class DatabaseCases {
  private DatabaseCases() {}

  /** One case; what its members mean, the file says. */
  public record Case(Payload payload) {
    public String id() {
      return payload.text("id").orElseThrow();
    }

    public String kind() {
      return payload.text("kind").orElseThrow();
    }

    /** Returns the statements, which are one text or an array of them. */
    public List<String> statements() {
      return payload.text("statements").map(List::of).orElseGet(() -> payload.texts("statements"));
    }

    public String variable(String name) {
      return payload.object("variables").orElseThrow().text(name).orElseThrow();
    }

    /** Returns whether the reference does something that we need not do. */
    public boolean isQuirk() {
      return payload.flag("reference_quirk").orElse(false);
    }

    @Override
    public String toString() {
      return id();
    }
  }

  /** Returns the cases of some kinds. */
  public static Stream<Case> of(String... kinds) {
    return all().filter(c -> List.of(kinds).contains(c.kind()));
  }

  @SuppressWarnings("unchecked") // the file is an object with an array of objects
  private static Stream<Case> all() {
    try (InputStream in = DatabaseCases.class.getResourceAsStream("db-statements.json")) {
      Payload file = Payload.parse(in.readAllBytes());
      List<Object> cases = (List<Object>) file.get("cases").orElseThrow();
      return cases.stream().map(c -> new Case(Payload.of((Map<String, ?>) c)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

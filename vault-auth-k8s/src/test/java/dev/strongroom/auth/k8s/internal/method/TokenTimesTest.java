package dev.strongroom.auth.k8s.internal.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.strongroom.request.Payload;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules of {@code hashicorp/cap} v0.13.0, with 60 seconds of skew. */
class TokenTimesTest {
  private static final long NOW = 1_800_000_000;

  @ParameterizedTest(name = "iat {0}, nbf {1}, exp {2}: {3}")
  @CsvSource({
    // nothing: a token of a secret
    ",,, good",
    // borders
    "0, 0, 3600, good",
    "-3600, -3600, -60, good",
    "-3600, -3600, -61, late",
    "0, 60, 3600, good",
    "0, 61, 3600, early",
    "60, 0, 3600, good",
    "61, 0, 3600, future",
    // what is missing
    ",, 100, good",
    ",, 210, good",
    ",, 211, early",
    ",, 3600, early",
    "-210,,, good",
    "-211,,, late",
    "-600,,, late",
    ", -210,, good",
    ", -211,, late",
    "-600, -100,, good",
    "-600,, 3600, good",
    "61,, 3600, early",
    // the first of several
    "900, 900, -3600, early"
  })
  void times_atTheirBorders(Long iat, Long nbf, Long exp, String expected) {
    StringBuilder claims = new StringBuilder("{\"x\":1");
    append(claims, "iat", iat);
    append(claims, "nbf", nbf);
    append(claims, "exp", exp);
    TokenTimes times = TokenTimes.of(Payload.parse(claims.append("}").toString()));
    Instant now = Instant.ofEpochSecond(NOW);

    String found = times.isTooEarly(now)
        ? "early"
        : times.isTooLate(now) ? "late" : times.isIssuedInTheFuture(now) ? "future" : "good";
    assertThat(found).isEqualTo(expected);
  }

  private static void append(StringBuilder claims, String name, Long offset) {
    if (offset != null) {
      claims.append(",\"").append(name).append("\":").append(NOW + offset);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"1800000000\"",
        "1800000000.5",
        "1.8e9",
        "-1",
        "true",
        "null",
        "[1]",
        "253402300800",
        "9223372036854775808"
      })
  void times_thatAreNoWholeSeconds_areRefused(String value) {
    for (String name : new String[] {"iat", "nbf", "exp"}) {
      Payload claims = Payload.parse("{\"" + name + "\":" + value + "}");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TokenTimes.of(claims))
          .withMessageContaining(name);
    }
  }
}

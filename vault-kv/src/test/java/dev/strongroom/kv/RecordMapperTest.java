package dev.strongroom.kv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.request.Payload;
import dev.strongroom.secret.SecretBytes;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordMapperTest {
  private enum Mode {
    FAST,
    SAFE {}
  }

  private record Host(String name, int port) {}

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Everything(
      String text,
      int small,
      Long large,
      short shorter,
      BigInteger huge,
      BigDecimal exact,
      double rounded,
      float coarse,
      Number any,
      boolean flag,
      Boolean boxed,
      Duration timeout,
      SecretBytes key,
      byte[] certificate,
      Mode mode,
      Host host,
      List<Host> hosts,
      List<List<Integer>> matrix,
      Map<String, Host> byName,
      Map<String, List<String>> tags,
      Optional<String> present,
      Optional<Host> absent,
      Object free) {}

  private record Text(String member) {}

  private record Whole(int member) {}

  private record Huge(BigInteger member) {}

  private record Flag(boolean member) {}

  private record Time(Duration member) {}

  private record Secret(SecretBytes member) {}

  private record Names(List<String> member) {}

  private record Maybe(Optional<String> member) {}

  private record Deep(List<Map<String, Host>> member) {}

  @Test
  void record_everyType_comesBackAsItWas() {
    byte[] certificate = {0, 1, -1, 127};
    try (SecretBytes key = SecretBytes.copyOf(new byte[] {42, 0})) {
      Everything before = new Everything(
          "text \uD83D\uDD11",
          -1,
          Long.MIN_VALUE,
          Short.MAX_VALUE,
          new BigInteger("9".repeat(100)),
          new BigDecimal("1.0"),
          0.1,
          0.5f,
          7,
          true,
          false,
          Duration.ofSeconds(90, 500_000_000),
          key,
          certificate,
          Mode.SAFE,
          new Host("a", 1),
          List.of(new Host("b", 2), new Host("c", 3)),
          List.of(List.of(1, 2), List.of()),
          Map.of("d", new Host("d", 4)),
          Map.of("t", List.of("x", "y")),
          Optional.of("here"),
          Optional.empty(),
          List.of("free", 1));

      Everything after = roundTrip(before);

      assertThat(after).usingRecursiveComparison().ignoringFields("key").isEqualTo(before);
      assertThat(after.key().matches(new byte[] {42, 0})).isTrue();
    }
  }

  @Test
  void record_withoutComponents_isAnEmptySecret() {
    record Empty() {}

    assertThat(roundTrip(new Empty())).isEqualTo(new Empty());
    assertThat(RecordMapper.toJson(new Empty())).isEmpty();
  }

  @Nested
  class ToJson {
    @Test
    void toJson_map_copiesItAllTheWayDown() {
      List<Object> list = new ArrayList<>(List.of("a"));
      Map<String, Object> map = new HashMap<>(Map.of("list", list));

      Map<String, ?> json = RecordMapper.toJson(map);
      list.add("b");
      map.clear();

      assertThat(json).isEqualTo(Map.of("list", List.of("a")));
    }

    @Test
    void toJson_valuesInsideMapsAndLists_becomeJson() {
      Map<String, Object> map = new HashMap<>();
      map.put("bytes", "key".getBytes(UTF_8));
      map.put("inside", Arrays.asList(Duration.ofMinutes(1), new Host("h", 1), null, Mode.SAFE));
      map.put("set", Collections.singleton(true));
      map.put("none", null);
      map.put("empty", Optional.empty());
      try (SecretBytes secret = SecretBytes.copyOf("key".getBytes(UTF_8))) {
        map.put("secret", Map.of("deep", Optional.of(secret)));

        assertThat(json(RecordMapper.toJson(map)))
            .isEqualTo(json(Payload.parse(
                    "{\"bytes\":\"a2V5\",\"inside\":[\"1m0s\",{\"name\":\"h\",\"port\":1},null,\"SAFE\"],"
                        + "\"set\":[true],\"none\":null,\"empty\":null,\"secret\":{\"deep\":\"a2V5\"}}")
                .toMap()));
      }
    }

    @Test
    void toJson_emptyOptionalOfARecord_isLeftOut() {
      assertThat(RecordMapper.toJson(new Maybe(Optional.empty()))).isEmpty();
    }

    @Test
    void toJson_nullComponent_isRefused() {
      assertThatThrownBy(() -> RecordMapper.toJson(Map.of("host", new Host(null, 1))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the component name of Host is null; what may be missing is an Optional");
    }

    @Test
    void toJson_nameThatIsNoText_isRefused() {
      assertThatThrownBy(() -> RecordMapper.toJson(Map.of("inside", Map.of(1, "hunter2"))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the names in a secret are text");
    }

    @Test
    void toJson_wipedSecret_isRefused() {
      SecretBytes wiped = SecretBytes.copyOf(new byte[1]);
      wiped.close();

      assertThatThrownBy(() -> RecordMapper.toJson(new Secret(wiped)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("already wiped");
    }

    @ParameterizedTest
    @ValueSource(longs = {9_223_372_037L, -9_223_372_037L, Long.MAX_VALUE, Long.MIN_VALUE})
    void toJson_durationTooLong_isRefused(long seconds) {
      assertThatThrownBy(() -> RecordMapper.toJson(new Time(Duration.ofSeconds(seconds))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("at most about 292 years");
    }

    @Test
    void toJson_accessorThatFails_isNamedWithoutItsMessage() {
      assertThatThrownBy(() -> RecordMapper.toJson(new Picky("x")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the accessor member of Picky failed with java.lang.IllegalStateException")
          .hasNoCause();
    }
  }

  @Nested
  class FromJson {
    @ParameterizedTest(name = "{0}")
    @CsvSource({"1, 1", "1.0, 1", "1e2, 100", "-0, 0", "2147483647, 2147483647"})
    void fromJson_wholeNumber_isThatNumber(String literal, int expected) {
      assertThat(read(Whole.class, literal).member()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "2147483648", "1e300", "1e-400", "1e-999999999"})
    void fromJson_numberThatDoesNotFit_isRefused(String literal) {
      assertMisfit(Whole.class, literal)
          .hasMessage(
              "the member \"member\" of the secret is not a whole number in the range of int");
    }

    @Test
    void fromJson_hugeNumber_isExactAndAFractionIsRefusedAtOnce() {
      assertThat(read(Huge.class, "1e2").member()).isEqualTo(BigInteger.valueOf(100));
      assertThat(read(Huge.class, "1.0").member()).isEqualTo(BigInteger.ONE);
      assertMisfit(Huge.class, "1e-999999999").hasMessageContaining("is not a whole number");
      assertMisfit(Huge.class, "1.5").hasMessageContaining("is not a whole number");
    }

    @Test
    void fromJson_numberBeyondFloat_isRefused() {
      record Coarse(float member) {}

      assertMisfit(Coarse.class, "1e300").hasMessageContaining("is not of type float");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"90, 90", "'\"90\"', 90", "'\"1m30s\"', 90", "'\"2d\"', 172800", "'\"\"', 0"})
    void fromJson_duration_isReadAsTheVaultDoes(String literal, long seconds) {
      assertThat(read(Time.class, literal).member()).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"hunter2\"", "1.5", "1e9", "99999999999"})
    void fromJson_noDuration_isRefused(String literal) {
      assertMisfit(Time.class, literal)
          .hasMessage("the member \"member\" of the secret is not a duration")
          .hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"hunter2!\"", "\"a\""})
    void fromJson_noBase64_isRefused(String literal) {
      assertMisfit(Secret.class, literal)
          .hasMessage("the member \"member\" of the secret is not base64")
          .hasNoCause();
    }

    @Test
    void fromJson_missingOrNull_isRefusedButForAnOptional() {
      assertThatThrownBy(() -> RecordMapper.fromJson(Text.class, Map.of("other", "hunter2")))
          .hasMessage("the member \"member\" of the secret is missing");
      assertMisfit(Text.class, "null").hasMessageContaining("is missing");
      assertMisfit(Names.class, "null").hasMessageContaining("is missing");
      assertThat(read(Maybe.class, "null")).isEqualTo(new Maybe(Optional.empty()));
      assertThat(RecordMapper.fromJson(Maybe.class, Map.of()))
          .isEqualTo(new Maybe(Optional.empty()));
    }

    @Test
    void fromJson_memberWithoutComponent_isLeftOut() {
      assertThat(RecordMapper.fromJson(Text.class, Map.of("member", "x", "other", 1)))
          .isEqualTo(new Text("x"));
    }

    @Test
    void fromJson_otherType_isRefused() {
      assertMisfit(Text.class, "1").hasMessageEndingWith("is not of type String");
      assertMisfit(Text.class, "true").hasMessageEndingWith("is not of type String");
      assertMisfit(Text.class, "{}").hasMessageEndingWith("is not of type String");
      assertMisfit(Whole.class, "\"1\"").hasMessageEndingWith("is not of type int");
      assertMisfit(Flag.class, "\"true\"").hasMessageEndingWith("is not of type boolean");
      assertMisfit(Names.class, "\"x\"")
          .hasMessageEndingWith("is not of type java.util.List<java.lang.String>");
    }

    @Test
    void fromJson_faultFarInside_isNamedWithItsPlace() {
      assertMisfit(Deep.class, "[{},{\"x\":{\"name\":\"n\",\"port\":\"hunter2\"}}]")
          .hasMessage("the member \"member[1].x.port\" of the secret is not of type int");
      assertMisfit(Names.class, "[\"a\",null]").hasMessageContaining("\"member[1]\"");
    }

    @Test
    void fromJson_unknownConstant_isRefused() {
      record WithMode(Mode member) {}

      assertMisfit(WithMode.class, "\"hunter2\"").hasMessageEndingWith("is no constant of Mode");
      assertMisfit(WithMode.class, "1").hasMessageEndingWith("is not of type Mode");
    }

    @Test
    void fromJson_typeThatNoSecretHas_isRefused() {
      record Box<T>(T member) {}
      record Wild(List<?> member) {}
      record Numbers(Map<Integer, String> member) {}

      assertMisfit(Box.class, "1").hasMessageEndingWith("has a type that no secret has: T");
      assertMisfit(Wild.class, "[1]").hasMessageEndingWith("has a type that no secret has: ?");
      assertMisfit(Numbers.class, "{}").hasMessageContaining("is not of type java.util.Map<");
    }

    @Test
    void fromJson_constructorThatRefuses_isNamedWithoutItsMessage() {
      assertMisfit(Strict.class, "\"hunter2\"")
          .hasMessage(
              "the record Strict refused the secret with java.lang.IllegalArgumentException")
          .hasNoCause();
    }

    @Test
    void fromJson_recordOfAPackageThatIsNotOpen_isRefusedWithTheWayOut() throws Exception {
      Class<? extends Record> closed =
          Class.forName("jdk.internal.misc.ThreadTracker$ThreadRef").asSubclass(Record.class);

      assertMisfit(closed, "1")
          .hasMessage(
              "the record jdk.internal.misc.ThreadTracker$ThreadRef is not accessible: make it public, or open its package to dev.strongroom.kv");
    }

    @Test
    void fromJson_failsAfterASecretWasDecoded_wipesIt() {
      List<SecretBytes> kept = new ArrayList<>();
      Trap.keep = kept::add;

      assertMisfit(Trap.class, "\"a2V5\"").hasMessageContaining("the record Trap refused");

      assertThat(kept).singleElement().matches(secret -> secret.matches(new byte[3]), "wiped");
    }
  }

  record Picky(String member) {
    @Override
    public String member() {
      throw new IllegalStateException("hunter2");
    }
  }

  record Strict(String member) {
    Strict {
      if (member.length() < 8) {
        throw new IllegalArgumentException("too short: " + member);
      }
    }
  }

  /** Gives away the secret it is made of, and then refuses it. */
  record Trap(SecretBytes member) {
    private static Consumer<SecretBytes> keep = secret -> {};

    Trap {
      keep.accept(member);
      throw new IllegalStateException("refused");
    }
  }

  private static <T extends Record> T read(Class<T> type, String literal) {
    return RecordMapper.fromJson(
        type, Payload.parse("{\"member\":" + literal + "}").toMap());
  }

  private static AbstractThrowableAssert<?, ?> assertMisfit(
      Class<? extends Record> type, String literal) {
    return assertThatThrownBy(() -> read(type, literal))
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
        .hasMessageNotContaining("hunter2");
  }

  @SuppressWarnings("unchecked") // the class of a value
  private static <T extends Record> T roundTrip(T value) {
    byte[] json = Payload.of(RecordMapper.toJson(value)).toJson();
    return RecordMapper.fromJson(
        (Class<T>) value.getClass(), Payload.parse(json).toMap());
  }

  private static Map<String, ?> json(Map<String, ?> members) {
    return Payload.parse(Payload.of(members).toJson()).toMap();
  }
}

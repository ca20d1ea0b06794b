package dev.strongroom.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.strongroom.ClientToken;
import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ResponseTest {
  private static final Payload DATA = Payload.of(Map.of("password", "CANARY"));
  private static final Auth AUTH = new Auth(
      Optional.of(ClientToken.parse("s.CANARY")),
      "accessor",
      List.of("default"),
      List.of(),
      Map.of(),
      Optional.empty(),
      TokenType.SERVICE,
      Duration.ofHours(1),
      true,
      false,
      0);

  static Stream<Arguments> successes() {
    return Stream.of(
        arguments(Response.of(DATA), false),
        arguments(Response.of(AUTH), false),
        arguments(Response.empty(), true),
        arguments(Response.empty().withWarning("w"), false));
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        arguments(Response.notFound(), ErrorCode.NOT_FOUND, "nothing at this path"),
        arguments(
            Response.failure(ErrorCode.NOT_FOUND, DATA),
            ErrorCode.NOT_FOUND,
            "nothing at this path"),
        arguments(Response.failure(ErrorCode.SEALED, "a", "b"), ErrorCode.SEALED, "a; b"),
        arguments(Response.failure(ErrorCode.INTERNAL), ErrorCode.INTERNAL, "INTERNAL"),
        arguments(
            Response.failure(new VaultException(ErrorCode.CONFLICT, "moved")),
            ErrorCode.CONFLICT,
            "moved"));
  }

  @ParameterizedTest
  @MethodSource("successes")
  void success_isNoFailure(Response response, boolean empty) {
    assertThat(response.isFailure()).isFalse();
    assertThat(response.failure()).isEmpty();
    assertThat(response.isEmpty()).isEqualTo(empty);
    assertThat(response.orThrow()).isSameAs(response);
    assertThat(response).hasToString("Response[success]");
  }

  @ParameterizedTest
  @MethodSource("failures")
  void failure_thrown_hasItsCodeAndTexts(Response response, ErrorCode code, String message) {
    assertThat(response.isFailure()).isTrue();
    assertThat(response.isEmpty()).isFalse();
    assertThat(response.failure()).contains(code);
    assertThatThrownBy(response::orThrow)
        .isInstanceOfSatisfying(VaultException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessage(message);
    assertThat(response.toString()).startsWith("Response[" + code).doesNotContain("CANARY");
  }

  @Test
  void parts_areGivenBack() {
    assertThat(Response.of(DATA).data()).contains(DATA);
    assertThat(Response.of(AUTH).auth()).contains(AUTH);
    assertThat(Response.failure(ErrorCode.NOT_FOUND, DATA).data()).contains(DATA);
    assertThat(Response.failure(ErrorCode.SEALED, "a", "b").errors()).containsExactly("a", "b");
    assertThat(Response.notFound().errors()).isEmpty();
  }

  @Test
  void withWarning_addsToACopyOfEverything() {
    Response data = Response.of(DATA);
    Response warned = data.withWarning("one").withWarning("two");
    Response failed = Response.failure(ErrorCode.SEALED, "text").withWarning("w");

    assertThat(warned.warnings()).containsExactly("one", "two").isUnmodifiable();
    assertThat(warned.data()).contains(DATA);
    assertThat(data.warnings()).isEmpty();
    assertThat(failed.failure()).contains(ErrorCode.SEALED);
    assertThat(failed.errors()).containsExactly("text");
  }

  @Test
  void auth_copiesItsCollectionsAndPrintsNoToken() {
    List<String> policies = new ArrayList<>(List.of("a"));
    Map<String, String> metadata = new HashMap<>(Map.of("k", "v"));
    Auth auth = new Auth(
        AUTH.token(),
        "accessor",
        policies,
        List.of("0", "a"),
        metadata,
        Optional.empty(),
        TokenType.SERVICE,
        Duration.ZERO,
        false,
        true,
        1);

    policies.add("b");
    metadata.clear();

    assertThat(auth.policies()).containsExactly("0", "a");
    assertThat(auth.tokenPolicies()).containsExactly("a");
    assertThat(auth.metadata()).containsEntry("k", "v");
    assertThat(auth.toString()).doesNotContain("CANARY");
  }

  @Test
  void isMissing_isNothingWithoutAWord() {
    assertThat(Response.notFound().isMissing()).isTrue();
    assertThat(Response.failure(ErrorCode.NOT_FOUND, Payload.empty()).isMissing())
        .isTrue();
    assertThat(Response.failure(ErrorCode.NOT_FOUND, "no handler").isMissing()).isFalse();
    assertThat(Response.notFound().withWarning("gone").isMissing()).isFalse();
    assertThat(Response.failure(ErrorCode.CONFLICT).isMissing()).isFalse();
    assertThat(Response.empty().isMissing()).isFalse();
  }

  @Test
  void names_areThoseOfAList_andNoneWhereNothingIsThere() {
    assertThat(Response.of(Payload.of(Map.of("keys", List.of("a", "b/")))).names())
        .containsExactly("a", "b/");
    assertThat(Response.notFound().names()).isEmpty();
    assertThatThrownBy(() -> Response.failure(ErrorCode.SEALED).names())
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SEALED));
  }

  @Test
  void dataOrEmpty_withoutData_isAnEmptyObject() {
    assertThat(Response.of(Payload.of(Map.of("a", 1))).dataOrEmpty().has("a")).isTrue();
    assertThat(Response.empty().dataOrEmpty().isEmpty()).isTrue();
  }

  @Test
  void wrapInfo_isAllThereIs() {
    WrapInfo info = new WrapInfo(
        AUTH.token().orElseThrow(),
        "accessor",
        Duration.ofMinutes(5),
        Instant.EPOCH,
        "s/a",
        Optional.of("inside"));

    Response response = Response.of(info);
    assertThat(response.isEmpty()).isFalse();
    assertThat(response.isFailure()).isFalse();
    assertThat(response.wrapInfo()).contains(info);
    assertThat(response.data()).isEmpty();
    assertThat(response.auth()).isEmpty();
    assertThat(info.toString()).doesNotContain("CANARY");
  }

  @Test
  void accessor_ofAToken_orOfDataThatHaveOne() {
    assertThat(Response.of(AUTH).accessor()).contains(AUTH.accessor());
    assertThat(Response.of(DATA).withAccessor("of data").withWarning("w").accessor())
        .contains("of data");
    assertThat(Response.of(DATA).accessor()).isEmpty();
  }
}

package dev.strongroom.auth.k8s.internal.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.strongroom.request.Payload;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that are nearly reviews: nobody is authenticated but by the word true in its place. */
class ReviewFuzzTest {
  private static final int MUTATIONS = 300;

  private static final String GOOD = """
      {"kind":"TokenReview","apiVersion":"authentication.k8s.io/v1","metadata":{"creationTimestamp":null},\
      "spec":{"token":"a.b.c","audiences":["vault"]},"status":{"authenticated":true,\
      "user":{"username":"system:serviceaccount:default:app","uid":"1","groups":["a"],"extra":{"k":["v"]}},\
      "audiences":["vault"]}}""";
  private static final String BAD = """
      {"kind":"TokenReview","status":{"user":{},"error":"[invalid bearer token, token has expired]"}}""";

  private static final String NAMESPACE = """
      {"kind":"Namespace","metadata":{"name":"a","labels":{"team":"x"}}}""";
  private static final String ACCOUNT = """
      {"kind":"ServiceAccount","metadata":{"namespace":"a","name":"a","uid":"1"}}""";

  private static final String[] PIECES = {
    "true",
    "false",
    "null",
    "\"true\"",
    "1",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "status",
    "authenticated",
    "user",
    "error",
    "kind",
    "Status",
    "\\u0000",
    "é",
    "1e999"
  };

  private static final List<String> ANSWERS = List.of(GOOD, BAD, NAMESPACE, ACCOUNT);

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 10);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void read_mutatedAnswer_isRefusedOrWhatItSays(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < MUTATIONS; i++) {
      StringBuilder text = new StringBuilder(ANSWERS.get(random.nextInt(ANSWERS.size())));
      for (int j = random.nextInt(3); j >= 0; j--) {
        int start = random.nextInt(text.length() + 1);
        int end = Math.min(text.length(), start + random.nextInt(8));
        text.replace(start, end, PIECES[random.nextInt(PIECES.length)]);
      }
      requireOrderly(text.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  static Stream<byte[]> answers() {
    return Stream.concat(
            ANSWERS.stream(), Stream.of("{}", "{\"status\":{\"authenticated\":true}}", "<html>"))
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("answers")
  @FuzzTest
  void read_anyBytes_isRefusedOrWhatItSays(byte[] body) {
    requireOrderly(body);
  }

  private static void requireOrderly(byte[] body) {
    requireOrderlyReview(body);
    requireOrderlyAccount(body);
    requireOrderlyLabels(body);
  }

  private static void requireOrderlyAccount(byte[] body) {
    try {
      Optional<String> uid = AccountUid.read(body, "a", "a");
      Map<?, ?> metadata = (Map<?, ?>) Payload.parse(body).toMap().get("metadata");
      if (uid.isPresent()) {
        assertThat(metadata.get("uid")).isEqualTo(uid.get()).isNotEqualTo("");
      } else {
        assertThat(metadata.get("deletionTimestamp")).isNotNull();
      }
      assertThat(metadata.get("name")).isEqualTo("a");
      assertThat(AccountUid.isMissing(body, "a")).isFalse();
    } catch (ApiFailure e) {
      assertThat(e.kind()).isEqualTo(ApiFailure.Kind.NO_ANSWER);
    }
  }

  private static void requireOrderlyLabels(byte[] body) {
    try {
      Map<String, String> labels = NamespaceLabels.read(body, "a");
      Map<?, ?> metadata = (Map<?, ?>) Payload.parse(body).toMap().get("metadata");
      assertThat(metadata.get("name")).isEqualTo("a");
      assertThat(labels)
          .isEqualTo(metadata.get("labels") == null ? Map.of() : metadata.get("labels"));
    } catch (ApiFailure e) {
      assertThat(e.kind()).isEqualTo(ApiFailure.Kind.NO_ANSWER);
    }
  }

  private static void requireOrderlyReview(byte[] body) {
    try {
      Review review = Review.read(body);
      Map<?, ?> status = (Map<?, ?>) Payload.parse(body).toMap().get("status");
      assertThat(review.authenticated())
          .isEqualTo(Boolean.TRUE.equals(status.get("authenticated")));
      assertThat(review.complaint().isPresent())
          .isEqualTo(status.get("error") instanceof String error && !error.isEmpty());
      assertThat(review.audiences())
          .isEqualTo(status.get("audiences") == null ? List.of() : status.get("audiences"));
    } catch (ApiFailure e) {
      assertThat(e.kind()).isEqualTo(ApiFailure.Kind.NO_ANSWER);
    }
  }
}

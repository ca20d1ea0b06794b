package dev.strongroom.internal.system;

import dev.strongroom.ErrorCode;
import dev.strongroom.PolicyExplanation;
import dev.strongroom.VaultException;
import dev.strongroom.internal.policy.Acl;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.token.Caller;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the vault's own routes see of a call besides what an engine sees. */
public interface SystemCall extends Call {

  /** Returns the same call as the vault's own routes see it. */
  static SystemCall of(Call call) {
    return (SystemCall) call;
  }

  /** Returns who calls. */
  default Caller caller() {
    return identified().orElseThrow();
  }

  /**
   * Returns who calls; empty where a route is open and the token, if there was one, is not valid.
   */
  Optional<Caller> identified();

  Transaction transaction();

  /**
   * Returns a text that must be there and not be empty.
   *
   * @throws VaultException with code {@code INVALID_REQUEST} and the text {@code otherwise} where
   *     it is not
   */
  default String required(String field, String otherwise) {
    return text(field)
        .filter(text -> !text.isEmpty())
        .orElseThrow(() -> new VaultException(ErrorCode.INVALID_REQUEST, otherwise));
  }

  /** Returns a text that is not empty. */
  default Optional<String> given(String field) {
    return text(field).filter(text -> !text.isEmpty());
  }

  /**
   * Returns a duration, zero where none is given.
   *
   * @throws VaultException with code {@code INVALID_REQUEST} if it is negative
   */
  default Duration positive(String field) {
    Duration duration = duration(field).orElse(Duration.ZERO);
    if (duration.isNegative()) {
      throw new VaultException(
          ErrorCode.INVALID_REQUEST,
          "Field validation failed: error converting input for field \"" + field
              + "\": cannot provide negative value '" + duration.toSeconds() + "'");
    }
    return duration;
  }

  /** Returns the answer to a request that is wrong. */
  static Response refused(String reason) {
    return Response.failure(ErrorCode.INVALID_REQUEST, reason);
  }

  /** Returns what an answer shows: null for no pairs. */
  static @Nullable Map<String, String> orNull(Map<String, String> pairs) {
    return pairs.isEmpty() ? null : pairs;
  }

  /**
   * Returns what a set of policies decides about a request, and why: as if it came now, but that a
   * write is what it says, creating or updating.
   *
   * @throws IllegalArgumentException for {@code HELP}, which needs no capability
   */
  PolicyExplanation explain(Acl acl, Request asked, Optional<Duration> wrappingTtl);

  /** Returns how long the answer is to stay wrapped; empty where it is not to be. */
  Optional<Duration> wrapTtl();

  /** Returns the path of the request, mount included. */
  String requestPath();
}

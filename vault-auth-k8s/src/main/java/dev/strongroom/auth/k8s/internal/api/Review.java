package dev.strongroom.auth.k8s.internal.api;

import dev.strongroom.auth.k8s.internal.json.StrictObject;
import java.util.List;
import java.util.Optional;

/**
 * What the API says of a token: the status of a {@code TokenReview}. Immutable.
 *
 * @param authenticated whether it is good
 * @param complaint why not, as far as that is known
 * @param username empty where none is given
 * @param uid empty where none is given
 * @param audiences those asked for that the token is meant for; none from a server that does not
 *     look at them
 */
public record Review(
    boolean authenticated,
    Optional<Complaint> complaint,
    String username,
    String uid,
    List<String> audiences) {

  /**
   * Why a token is not good. The API's own texts are not passed on: they are for people, differ
   * between versions, and an API that lies could put anything there.
   */
  public enum Complaint {
    EXPIRED,
    NOT_YET_VALID,
    /** The pod or the secret it belongs to is gone. */
    INVALIDATED,
    /** The service account was deleted and made again. */
    RECREATED,
    /** There is no such service account. */
    UNKNOWN_ACCOUNT,
    AUDIENCE,
    /** Another cluster's, most likely. */
    OTHER
  }

  public Review {
    audiences = List.copyOf(audiences);
  }

  /**
   * Reads the body of a success.
   *
   * @throws ApiFailure if it is no review: a member that is there with another type is not looked
   *     over
   */
  static Review read(byte[] body) throws ApiFailure {
    try {
      StrictObject answer = StrictObject.parse(body);
      String kind = answer.text("kind");
      Optional<StrictObject> given = answer.object("status");
      if (given.isEmpty() || !(kind.isEmpty() || kind.equals("TokenReview"))) {
        throw noReview();
      }
      StrictObject status = given.get();
      StrictObject user = status.objectOrEmpty("user");
      return new Review(
          status.flag("authenticated"),
          complaint(status.text("error")),
          user.text("username"),
          user.text("uid"),
          status.texts("audiences"));
    } catch (IllegalArgumentException e) {
      throw noReview();
    }
  }

  private static ApiFailure noReview() {
    return new ApiFailure(ApiFailure.Kind.NO_ANSWER, "its answer is no TokenReview");
  }

  /** Words of {@code kubernetes: pkg/serviceaccount} and {@code authentication/group}. */
  private static Optional<Complaint> complaint(String error) {
    if (error.isEmpty()) {
      return Optional.empty();
    }
    if (error.contains("expired")) {
      return Optional.of(Complaint.EXPIRED);
    }
    if (error.contains("not valid yet")) {
      return Optional.of(Complaint.NOT_YET_VALID);
    }
    if (error.contains("invalidated")) {
      return Optional.of(Complaint.INVALIDATED);
    }
    if (error.contains("UID")) {
      return Optional.of(Complaint.RECREATED);
    }
    if (error.contains("not found")) {
      return Optional.of(Complaint.UNKNOWN_ACCOUNT);
    }
    return Optional.of(error.contains("audience") ? Complaint.AUDIENCE : Complaint.OTHER);
  }
}

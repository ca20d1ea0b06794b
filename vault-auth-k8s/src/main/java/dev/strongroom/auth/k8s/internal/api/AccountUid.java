package dev.strongroom.auth.k8s.internal.api;

import dev.strongroom.auth.k8s.internal.json.StrictObject;
import java.util.Optional;

/** Reads a {@code ServiceAccount} as far as its uid, and that there is none. */
final class AccountUid {
  private AccountUid() {}

  /**
   * Returns the uid; empty for an account that is being deleted, whose tokens Kubernetes refuses.
   * Whatever is another type than it should be, or another account, is no answer.
   */
  static Optional<String> read(byte[] body, String namespace, String name) throws ApiFailure {
    try {
      StrictObject answer = StrictObject.parse(body);
      StrictObject metadata = answer.objectOrEmpty("metadata");
      String uid = metadata.text("uid");
      if (answer.text("kind").equals("ServiceAccount")
          && metadata.text("namespace").equals(namespace)
          && metadata.text("name").equals(name)
          && !uid.isEmpty()) {
        return metadata.text("deletionTimestamp").isEmpty() ? Optional.of(uid) : Optional.empty();
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new ApiFailure(ApiFailure.Kind.NO_ANSWER, "its answer is not that service account");
  }

  /** Returns whether the body of a 404 is about the account, and not about a path, say. */
  static boolean isMissing(byte[] body, String name) {
    try {
      StrictObject answer = StrictObject.parse(body);
      StrictObject details = answer.objectOrEmpty("details");
      return answer.text("kind").equals("Status")
          && details.text("kind").equals("serviceaccounts")
          && details.text("name").equals(name);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}

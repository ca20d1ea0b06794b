package dev.strongroom.testkit.kubernetes;

import java.util.List;
import java.util.Map;

/**
 * Who a token belongs to, or why to nobody.
 *
 * @param audiences those that both the token and the one who asks name
 * @param error empty if the token is good
 */
record Verdict(
    String user,
    String uid,
    List<String> groups,
    Map<String, List<String>> extra,
    List<String> audiences,
    String error) {

  static Verdict accepted(
      ServiceAccount account, Map<String, List<String>> extra, List<String> audiences) {
    List<String> groups = List.of(
        "system:serviceaccounts",
        "system:serviceaccounts:" + account.namespace(),
        "system:authenticated");
    return new Verdict(account.userName(), account.uid(), groups, extra, audiences, "");
  }

  static Verdict refused(String error) {
    return new Verdict("", "", List.of(), Map.of(), List.of(), error);
  }

  boolean isAccepted() {
    return error.isEmpty();
  }

  /** The same verdict about somebody else. */
  Verdict about(String otherUser, String otherUid) {
    return new Verdict(otherUser, otherUid, groups, extra, audiences, error);
  }

  Verdict withAudiences(List<String> others) {
    return new Verdict(user, uid, groups, extra, List.copyOf(others), error);
  }
}

package dev.strongroom;

import dev.strongroom.internal.policy.Acl;
import dev.strongroom.internal.policy.Asked;
import dev.strongroom.internal.policy.ParameterReading;
import dev.strongroom.internal.policy.ParsedPolicy;
import dev.strongroom.internal.policy.PolicySyntaxException;
import dev.strongroom.request.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Policies apart from a vault: what they would decide, and why. By the same code that decides in a
 * vault, but nothing is known here of mounts and identities: placeholders stand for nothing,
 * parameters are compared as they are, and whether a path needs {@code sudo}, or a write creates,
 * is the caller's to say. Immutable and thread-safe.
 */
public final class PolicySet {
  private final Acl acl;

  private PolicySet(Acl acl) {
    this.acl = acl;
  }

  /**
   * Reads policies.
   *
   * @param texts HCL or JSON, by name
   * @param now blocks that have expired are left out
   * @throws IllegalArgumentException if a text is no policy; the message has its name, line and
   *     column
   */
  public static PolicySet of(Map<String, String> texts, Instant now) {
    List<ParsedPolicy> policies = new TreeMap<>(texts)
        .entrySet().stream()
            .map(policy -> parse(policy.getKey(), policy.getValue(), now))
            .toList();
    return new PolicySet(Acl.of(policies, now));
  }

  private static ParsedPolicy parse(String name, String text, Instant now) {
    try {
      return ParsedPolicy.parse(name, text, now);
    } catch (PolicySyntaxException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }

  /**
   * Returns the text of a policy in the one layout, which changes nothing of what it says: a member
   * a line, two spaces a level, an empty line between blocks. Comments keep their places.
   *
   * @param hcl in the syntax of policies; whether its rules mean something is not looked at
   * @throws IllegalArgumentException if it is JSON or no HCL, or a comment stands in the middle of
   *     a member; the message has line and column
   */
  public static String layOut(String hcl) {
    return ParsedPolicy.layOut(hcl);
  }

  /** As {@link #explain(Request, Case)} for an ordinary path and a response that is not wrapped. */
  public PolicyExplanation explain(Request request) {
    return explain(request, Case.PLAIN);
  }

  /**
   * Returns what the policies decide about a request, and why.
   *
   * @throws IllegalArgumentException for {@code HELP}, which needs no capability
   */
  public PolicyExplanation explain(Request request, Case at) {
    return acl.explain(
        request.path().text(),
        at.needsSudo,
        new Asked(
            request.operation(), request.payload(), at.wrappingTtl, ParameterReading.AS_IT_IS));
  }

  /**
   * What only a vault knows of a request.
   *
   * @param needsSudo whether its path needs {@code sudo}, as {@code sys/audit} does
   * @param wrappingTtl how long the response is to stay wrapped; empty: it is not wrapped
   */
  public record Case(boolean needsSudo, Optional<Duration> wrappingTtl) {
    /** An ordinary path, and a response that is not wrapped. */
    public static final Case PLAIN = new Case(false, Optional.empty());

    public Case {
      Objects.requireNonNull(wrappingTtl, "wrappingTtl");
    }

    public Case withSudoNeeded() {
      return new Case(true, wrappingTtl);
    }

    /** Wraps the response. */
    public Case withWrappingTtl(Duration ttl) {
      return new Case(needsSudo, Optional.of(ttl));
    }
  }
}

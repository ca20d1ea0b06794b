package dev.strongroom.internal.policy;

import dev.strongroom.PolicyExplanation.Missing;
import dev.strongroom.internal.template.Template;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is demanded of a request beside a capability, on the paths of one pattern. Immutable.
 *
 * @param filter what a caller must be allowed to read, to see a key in a list
 * @param mfaMethods named, and enforced by nobody, as in OpenBao v2.6.2
 */
record Constraints(
    WrappingBounds wrapping,
    ParameterRules parameters,
    PageLimit pages,
    Optional<Template> filter,
    Set<String> mfaMethods) {
  static final Constraints NONE = new Constraints(
      WrappingBounds.NONE, ParameterRules.NONE, PageLimit.NONE, Optional.empty(), Set.of());

  private static final Set<Operation> WITH_PARAMETERS =
      Set.of(Operation.READ, Operation.CREATE, Operation.UPDATE, Operation.PATCH);

  Constraints {
    mfaMethods = Collections.unmodifiableSortedSet(new TreeSet<>(mfaMethods));
  }

  /** Returns the demands of both; of two filters the one that is here. */
  Constraints and(Constraints other) {
    Set<String> methods = new TreeSet<>(mfaMethods);
    methods.addAll(other.mfaMethods);
    return new Constraints(
        wrapping.and(other.wrapping),
        parameters.and(other.parameters),
        pages.and(other.pages),
        filter.or(() -> other.filter),
        methods);
  }

  /** Adds the demands that are there to what a caller is shown. */
  void show(Map<String, Object> members) {
    wrapping.show(members);
    parameters.show(members);
  }

  /** Returns how much this holds, in values. */
  int size() {
    return parameters.size() + mfaMethods.size();
  }

  /** Returns the parameters as the engine gets them; empty if a demand is not met. */
  Optional<Payload> admit(Asked asked) {
    if (unmetBesidePages(asked) != null) {
      return Optional.empty();
    }
    return asked.operation().lists()
        ? pages.apply(asked.parameters(), parameters.requires(PageLimit.PARAMETER))
        : Optional.of(asked.parameters());
  }

  /** Returns the first demand that is not met; null if all are. */
  @Nullable
  Missing unmet(Asked asked) {
    Missing unmet = unmetBesidePages(asked);
    return unmet != null || admit(asked).isPresent() ? unmet : pages.unmet();
  }

  private @Nullable Missing unmetBesidePages(Asked asked) {
    if (!wrapping.admit(asked.wrappingTtl())) {
      return wrapping.unmet();
    }
    return WITH_PARAMETERS.contains(asked.operation())
        ? parameters.unmet(asked.parameters(), asked.reading())
        : null;
  }
}

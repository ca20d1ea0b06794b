package dev.strongroom.internal.policy;

import dev.strongroom.PolicyExplanation.Block;
import dev.strongroom.PolicyExplanation.Missing;
import dev.strongroom.PolicyExplanation.Rule;
import dev.strongroom.internal.template.Template;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the policies of a caller say together about the paths of one pattern. A denial in any of
 * them takes everything that others give. Immutable and thread-safe.
 */
public final class AclRule {
  static final AclRule ROOT = new AclRule(
      "*",
      List.of(new Grant(
          "root", 0, EnumSet.complementOf(EnumSet.of(Capability.DENY)), Constraints.NONE)));

  /** In which order callers are shown what they may do: that of OpenBao v2.6.2. */
  private static final List<Capability> SHOWN = List.of(
      Capability.CREATE,
      Capability.DELETE,
      Capability.LIST,
      Capability.READ,
      Capability.SUDO,
      Capability.UPDATE,
      Capability.PATCH,
      Capability.SCAN);

  /** What counts where no policy says anything. */
  static final AclRule NONE = new AclRule("", List.of());

  private final String path;
  private final List<Grant> grants;
  private final Set<Capability> capabilities = EnumSet.noneOf(Capability.class);

  // Most rules have none, and a decision by them shall cost nothing more.
  private final @Nullable Constraints constraints;

  /** What one block of a policy says, and on which line. */
  record Grant(String policy, int line, Set<Capability> capabilities, Constraints constraints) {}

  /**
   * Merges what blocks say.
   *
   * @param path as policies write it
   * @param grants in the order of the policies, and in each in the order of its text
   */
  AclRule(String path, List<Grant> grants) {
    this.path = path;
    this.grants = List.copyOf(grants);
    grants.forEach(grant -> capabilities.addAll(grant.capabilities()));
    if (capabilities.contains(Capability.DENY)) {
      capabilities.retainAll(Set.of(Capability.DENY));
    }
    Constraints merged = grants.stream()
        .map(Grant::constraints)
        .filter(each -> !each.equals(Constraints.NONE))
        .reduce(Constraints.NONE, Constraints::and);
    constraints =
        capabilities.contains(Capability.DENY) || merged.equals(Constraints.NONE) ? null : merged;
  }

  /** Returns whether this gives a capability; for {@code DENY}, whether this denies. */
  public boolean allows(Capability capability) {
    return capabilities.contains(capability);
  }

  /** As {@link #allows(Capability)}, for a path that may need {@code sudo} besides. */
  public boolean allows(Capability capability, boolean needsSudo) {
    return allows(capability) && (!needsSudo || sudo());
  }

  /** Returns whether this opens paths that need {@code sudo}. */
  public boolean sudo() {
    return allows(Capability.SUDO);
  }

  /** Returns whether this demands more of a request than a capability. */
  public boolean isConstrained() {
    return constraints != null;
  }

  /**
   * Returns the parameters as the engine gets them, with the limit of a list or scan as a number;
   * empty if the request does not meet what this demands beside a capability.
   */
  public Optional<Payload> admit(Asked asked) {
    return (constraints == null ? Constraints.NONE : constraints).admit(asked);
  }

  /**
   * Returns the template of the path that a caller must be allowed to read, or to list if the key
   * ends in a slash, to see a key in the answer; it uses {@code .path} and {@code .key}. Empty:
   * every key is seen.
   */
  public Optional<Template> filterFor(Operation operation) {
    return constraints == null || !operation.lists() ? Optional.empty() : constraints.filter();
  }

  /** Returns the names of MFA methods, sorted; nobody enforces them. */
  Set<String> mfaMethods() {
    return constraints == null ? Set.of() : constraints.mfaMethods();
  }

  /** Returns how many values the constraints list. */
  int listedValues() {
    return constraints == null ? 0 : constraints.size();
  }

  /**
   * Returns the names of the policies that give a capability, one for each block that does, in
   * their order; empty if this does not allow it.
   */
  public List<String> grantedBy(Capability capability) {
    return allows(capability)
        ? grants.stream()
            .filter(grant -> grant.capabilities().contains(capability))
            .map(Grant::policy)
            .toList()
        : List.of();
  }

  /** Returns what a request lacks; nothing if this allows it. */
  List<Missing> missing(Asked asked, boolean needsSudo) {
    List<Missing> missing = new ArrayList<>();
    Capability capability = Capability.of(asked.operation());
    if (!allows(capability)) {
      missing.add(new Missing(
          Missing.Kind.CAPABILITY,
          allows(Capability.DENY)
              ? "the rule denies everything"
              : "the rule does not give \"" + capability.text() + "\""));
    }
    if (!allows(capability, needsSudo) && allows(capability)) {
      missing.add(new Missing(
          Missing.Kind.SUDO, "the path needs \"sudo\" besides, and the rule does not give it"));
    }
    Missing unmet = constraints == null ? null : constraints.unmet(asked);
    if (unmet != null) {
      missing.add(unmet);
    }
    return missing;
  }

  /** Returns this for people. */
  Rule described() {
    return new Rule(
        path,
        words(),
        grants.stream()
            .map(grant ->
                new Block(grant.policy(), grant.line(), sortedWords(grant.capabilities().stream())))
            .toList());
  }

  /** Returns this for the caller whom it is about. */
  Map<String, Object> shown() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put(
        "capabilities",
        gives()
            ? SHOWN.stream().filter(this::allows).map(Capability::text).toList()
            : List.of(Capability.DENY.text()));
    if (constraints != null) {
      constraints.show(members);
    }
    return members;
  }

  /** Returns whether this gives anything. */
  boolean gives() {
    return !capabilities.isEmpty() && !allows(Capability.DENY);
  }

  /** Returns the words for what this allows, sorted; {@code deny} if that is nothing. */
  List<String> words() {
    if (this == ROOT) {
      return List.of("root");
    }
    return gives() ? sortedWords(capabilities.stream()) : List.of(Capability.DENY.text());
  }

  private static List<String> sortedWords(Stream<Capability> capabilities) {
    return capabilities.map(Capability::text).sorted().toList();
  }

  @Override
  public String toString() {
    return "path \"" + path + "\" " + words();
  }
}

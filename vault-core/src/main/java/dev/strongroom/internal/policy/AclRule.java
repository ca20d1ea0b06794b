package dev.strongroom.internal.policy;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What the policies of a caller say together about the paths of one pattern. A denial in any of
 * them takes everything that others give. Immutable and thread-safe.
 */
public final class AclRule {
  static final AclRule ROOT = new AclRule(
      "*", List.of(new Grant("root", EnumSet.complementOf(EnumSet.of(Capability.DENY)))));

  /** What counts where no policy says anything. */
  static final AclRule NONE = new AclRule("", List.of());

  private final String path;
  private final List<Grant> grants;
  private final Set<Capability> capabilities = EnumSet.noneOf(Capability.class);

  /** What one block of a policy says. */
  record Grant(String policy, Set<Capability> capabilities) {}

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
  }

  /** Returns whether this gives a capability; for {@code DENY}, whether this denies. */
  public boolean allows(Capability capability) {
    return capabilities.contains(capability);
  }

  /** Returns whether this opens paths that need {@code sudo}. */
  public boolean sudo() {
    return allows(Capability.SUDO);
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

  /** Returns whether this gives anything. */
  boolean gives() {
    return !capabilities.isEmpty() && !allows(Capability.DENY);
  }

  /** Returns the words for what this allows, sorted; {@code deny} if that is nothing. */
  List<String> words() {
    if (this == ROOT) {
      return List.of("root");
    }
    return gives()
        ? capabilities.stream().map(Capability::text).sorted().toList()
        : List.of(Capability.DENY.text());
  }

  @Override
  public String toString() {
    return "path \"" + path + "\" " + words();
  }
}

package dev.strongroom.internal.system;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;

import dev.strongroom.VaultException;
import dev.strongroom.internal.policy.PolicyStore;
import dev.strongroom.internal.token.RoleRecord;
import dev.strongroom.internal.token.TokenRecord;
import dev.strongroom.request.VaultPath;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which policies a new token gets. Same rules as OpenBao v2.6.2 {@code vault/token_store.go}
 * (resolveTokenPolicies).
 *
 * @param requested as the request gives them
 * @param noDefault whether it does not want {@code default}
 * @param parent the token of the maker
 * @param sudo whether the maker may do what others may not
 */
record TokenPolicies(List<String> requested, boolean noDefault, TokenRecord parent, boolean sudo) {
  private static final int MAX_POLICIES = 4_000;
  private static final int MAX_NAME_BYTES = 512;

  /**
   * Returns the names, sorted.
   *
   * @throws VaultException with code {@code INVALID_REQUEST} if the token may not have them
   */
  List<String> resolve(Optional<RoleRecord> role) {
    requireNames("policies", requested, MAX_POLICIES);
    NavigableSet<String> names =
        role.filter(RoleRecord::constrainsPolicies).map(this::ofRole).orElseGet(this::ofParent);
    if (noDefault) {
      names.remove(PolicyStore.DEFAULT);
    }
    if (names.contains(PolicyStore.RESPONSE_WRAPPING)) {
      throw refused("cannot assign policy \"" + PolicyStore.RESPONSE_WRAPPING + "\"");
    }
    if (names.contains(PolicyStore.ROOT) && !parent.isRoot()) {
      throw refused("root tokens may not be created without parent token being root");
    }
    return List.copyOf(names);
  }

  /**
   * Without a role that says something: what the maker has, or a part of it; with sudo anything.
   */
  private NavigableSet<String> ofParent() {
    if (requested.isEmpty()) {
      return sanitized(parent.policies(), /* withDefault= */ false);
    }
    NavigableSet<String> wanted = sanitized(requested, /* withDefault= */ false);
    if (!sudo && !parent.policies().containsAll(wanted)) {
      throw refused("child policies must be subset of parent");
    }
    return sanitized(
        wanted, !noDefault && (sudo || parent.policies().contains(PolicyStore.DEFAULT)));
  }

  /** A role decides alone: it can give what its user does not have. */
  private NavigableSet<String> ofRole(RoleRecord role) {
    boolean withDefault =
        !noDefault && !role.noDefaultPolicy() && !role.disallows(PolicyStore.DEFAULT);
    NavigableSet<String> wanted =
        requested.isEmpty() ? sanitized(requested, false) : sanitized(requested, withDefault);
    if (role.namesAllowed()) {
      NavigableSet<String> allowed = sanitized(role.allowed(), withDefault);
      if (wanted.isEmpty()) {
        wanted = allowed;
      } else if (!wanted.stream()
          .allMatch(name -> allowed.contains(name) || role.allowsByGlob(name))) {
        throw refused("token policies (" + quoted(wanted)
            + ") must be subset of the role's allowed policies (" + quoted(allowed)
            + ") or glob policies (" + quoted(role.allowedGlobs()) + ")");
      }
    } else if (wanted.isEmpty()) {
      wanted = sanitized(parent.policies(), withDefault);
    }
    for (String name : wanted) {
      if (role.disallows(name)) {
        throw refused("token policy \"" + name + "\" is disallowed by this role");
      }
    }
    return wanted;
  }

  /** Returns the names that are meant; where one is {@code root}, it is the only one. */
  static NavigableSet<String> sanitized(Collection<String> names, boolean withDefault) {
    NavigableSet<String> folded = PolicyStore.fold(names);
    if (folded.contains(PolicyStore.ROOT)) {
      folded.retainAll(List.of(PolicyStore.ROOT));
    } else if (withDefault) {
      folded.add(PolicyStore.DEFAULT);
    }
    return folded;
  }

  /**
   * Checks names, or patterns of them, before they are kept.
   *
   * @throws VaultException with code {@code INVALID_REQUEST} that names the field
   */
  static void requireNames(String field, Collection<String> names, int max) {
    if (names.size() > max) {
      throw refused("'" + field + "' has at most " + max + " elements");
    }
    for (String name : names) {
      if (!VaultPath.isPrintable(name.strip())) {
        throw refused("'" + field + "': policy names consist of printable characters");
      }
      if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
        throw refused("'" + field + "': policy names have at most " + MAX_NAME_BYTES + " bytes");
      }
    }
  }

  private static String quoted(Collection<String> names) {
    return names.stream()
        .map(name -> "\"" + name + "\"")
        .collect(Collectors.joining(" ", "[", "]"));
  }

  private static VaultException refused(String reason) {
    return new VaultException(INVALID_REQUEST, reason);
  }
}

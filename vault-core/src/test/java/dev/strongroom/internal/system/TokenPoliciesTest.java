package dev.strongroom.internal.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.internal.token.RoleRecord;
import dev.strongroom.internal.token.TokenRecord;
import dev.strongroom.request.TokenType;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of {@code tokens-and-leases.md}, section 3; lists are separated by blanks. */
class TokenPoliciesTest {
  private static List<String> list(@Nullable String text) {
    return text == null || text.isBlank() ? List.of() : List.of(text.trim().split(" +", -1));
  }

  private static List<String> resolve(
      @Nullable String requested,
      @Nullable String parent,
      boolean sudo,
      boolean noDefault,
      Optional<RoleRecord> role) {
    return new TokenPolicies(list(requested), noDefault, token(list(parent)), sudo).resolve(role);
  }

  @ParameterizedTest(name = "{0} of {1}, sudo {2}, no default {3}: {4}")
  @CsvSource({
    "'', 'a b', false, false, 'a b'",
    "'', 'a default', false, false, 'a default'",
    "'', 'a default', false, true, 'a'",
    "'', 'root', true, false, 'root'",
    "'a', 'a b default', false, false, 'a default'",
    "'a', 'a b', false, false, 'a'",
    "'A', 'a b', false, false, 'a'",
    "'a default', 'a default', false, true, 'a'",
    "'c', 'a', true, false, 'c default'",
    "'c', 'a', true, true, 'c'",
    "'c root', 'root', true, false, 'root'",
    "'ROOT', 'root', true, true, 'root'",
  })
  void withoutRole(
      String requested, String parent, boolean sudo, boolean noDefault, String expected) {
    assertThat(resolve(requested, parent, sudo, noDefault, Optional.empty()))
        .isEqualTo(list(expected));
  }

  @ParameterizedTest(name = "{0} of {1}, sudo {2}: {3}")
  @CsvSource({
    "'c', 'a default', false, child policies must be subset of parent",
    "'default', 'a', false, child policies must be subset of parent",
    "'root', 'a', false, child policies must be subset of parent",
    "'root', 'a', true, root tokens may not be created without parent token being root",
    "'Root', 'a', true, root tokens may not be created without parent token being root",
    "'response-wrapping', 'root', true, 'cannot assign policy \"response-wrapping\"'",
    "'Response-Wrapping', 'root', true, 'cannot assign policy \"response-wrapping\"'",
  })
  void withoutRole_refused(String requested, String parent, boolean sudo, String text) {
    assertRefused(() -> resolve(requested, parent, sudo, false, Optional.empty()), text);
  }

  @ParameterizedTest(name = "{0} by a role of {1} {2} without {3} {4}, no default {5}: {6}")
  @CsvSource({
    "'', 'x y', '', '', '', false, 'default x y'",
    "'x', 'x y', '', '', '', false, 'default x'",
    "'', 'x y', '', '', '', true, 'x y'",
    "'', '', 'g-*', '', '', false, 'default'",
    "'', '', 'g-*', '', '', true, ''",
    "'g-1', '', 'g-*', '', '', false, 'default g-1'",
    "'g-1 x', 'x', 'g-*', '', '', false, 'default g-1 x'",
    "'', '', '', 'z', '', false, 'default parent'",
    "'free', '', '', 'z', '', false, 'default free'",
    "'free', '', '', 'default', '', false, 'free'",
    "'free', '', '', '', 'def*', false, 'free'",
    "'', 'x', '', 'y', '', false, 'default x'",
  })
  void withRole(
      String requested,
      String allowed,
      String globs,
      String disallowed,
      String disallowedGlobs,
      boolean noDefault,
      String expected) {
    RoleRecord role = role(list(allowed), list(globs), list(disallowed), list(disallowedGlobs));

    assertThat(resolve(requested, "parent", false, noDefault, Optional.of(role)))
        .isEqualTo(list(expected));
  }

  @ParameterizedTest(name = "{0} by a role of {1} {2} without {3} {4}: {5}")
  @CsvSource({
    "'b a', 'x', 'g*', '', '', 'token policies ([\"a\" \"b\" \"default\"]) must be subset of the role''s allowed policies ([\"default\" \"x\"]) or glob policies ([\"g*\"])'",
    "'z', '', '', 'z', '', 'token policy \"z\" is disallowed by this role'",
    "'z-1', '', '', '', 'z-*', 'token policy \"z-1\" is disallowed by this role'",
    "'', 'x z', '', 'z', '', 'token policy \"z\" is disallowed by this role'",
    "'', 'default', '', 'default', '', 'token policy \"default\" is disallowed by this role'",
    "'', 'root', '', '', '', root tokens may not be created without parent token being root",
    "'response-wrapping', '', '*', '', '', 'cannot assign policy \"response-wrapping\"'",
  })
  void withRole_refused(
      String requested,
      String allowed,
      String globs,
      String disallowed,
      String disallowedGlobs,
      String text) {
    RoleRecord role = role(list(allowed), list(globs), list(disallowed), list(disallowedGlobs));

    assertRefused(() -> resolve(requested, "parent", true, false, Optional.of(role)), text);
  }

  private static void assertRefused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String text) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
        .hasMessage(text);
  }

  private static RoleRecord role(
      List<String> allowed,
      List<String> globs,
      List<String> disallowed,
      List<String> disallowedGlobs) {
    RoleRecord base = RoleRecord.NEW;
    return new RoleRecord(
        allowed,
        globs,
        disallowed,
        disallowedGlobs,
        base.orphan(),
        base.renewable(),
        base.pathSuffix(),
        base.period(),
        base.explicitMaxTtl(),
        base.boundCidrs(),
        base.type(),
        base.numUses(),
        base.noDefaultPolicy(),
        base.entityAliases(),
        base.oldNames());
  }

  private static TokenRecord token(Collection<String> policies) {
    return new TokenRecord(
        TokenRecord.State.ACTIVE,
        TokenType.SERVICE,
        Optional.empty(),
        "accessor",
        "cubbyhole",
        List.copyOf(policies),
        "auth/token/create",
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        "token",
        0,
        List.of(),
        Instant.EPOCH,
        Optional.empty(),
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        false,
        Optional.empty(),
        Optional.empty());
  }
}

package dev.strongroom.internal.policy;

/** Policies that a vault has from the start. */
final class BuiltInPolicies {
  /**
   * What every token may do with itself. Same rules as OpenBao v2.6.2
   * {@code vault/policy/policy_store.go}.
   */
  static final String DEFAULT = """
      # Look up, renew and end the token itself.
      path "auth/token/lookup-self" { capabilities = ["read"] }
      path "auth/token/renew-self"  { capabilities = ["update"] }
      path "auth/token/revoke-self" { capabilities = ["update"] }

      # Ask what the token may do.
      path "sys/capabilities-self"         { capabilities = ["update"] }
      path "sys/internal/ui/resultant-acl" { capabilities = ["read"] }

      # Read the entity the token belongs to.
      path "identity/entity/id/{{identity.entity.id}}"     { capabilities = ["read"] }
      path "identity/entity/name/{{identity.entity.name}}" { capabilities = ["read"] }

      # Renew and look up leases whose id is known.
      path "sys/leases/renew"  { capabilities = ["update"] }
      path "sys/leases/lookup" { capabilities = ["update"] }

      # Everything in the token's own cubbyhole.
      path "cubbyhole/*" { capabilities = ["create", "read", "update", "delete", "list"] }

      # Wrap responses, and unwrap them.
      path "sys/wrapping/wrap"   { capabilities = ["update"] }
      path "sys/wrapping/lookup" { capabilities = ["update"] }
      path "sys/wrapping/unwrap" { capabilities = ["update"] }

      # Hash with the vault's help.
      path "sys/tools/hash"   { capabilities = ["update"] }
      path "sys/tools/hash/*" { capabilities = ["update"] }

      # Log in to applications that the vault is an identity provider for.
      path "identity/oidc/provider/+/authorize" { capabilities = ["read", "update"] }
      """;

  /** What a wrapping token may do. Same rules as the reference. */
  static final String RESPONSE_WRAPPING = """
      # Read what was wrapped, as old clients do.
      path "cubbyhole/response" { capabilities = ["create", "read"] }

      # Unwrap it.
      path "sys/wrapping/unwrap" { capabilities = ["update"] }
      """;

  private BuiltInPolicies() {}
}

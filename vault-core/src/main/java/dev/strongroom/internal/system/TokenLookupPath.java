package dev.strongroom.internal.system;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;
import static dev.strongroom.ErrorCode.PERMISSION_DENIED;

import dev.strongroom.VaultException;
import dev.strongroom.internal.identity.IdentityStore;
import dev.strongroom.internal.identity.Subject;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.token.Caller;
import dev.strongroom.internal.token.TokenRecord;
import dev.strongroom.internal.token.TokenStore;
import dev.strongroom.internal.token.TokenStore.Found;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Cidr;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.InstantText;
import dev.strongroom.spi.Route;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code auth/token/lookup…}: what a token is. Same members as OpenBao v2.6.2
 * {@code vault/token_store.go} (handleLookup).
 */
final class TokenLookupPath {
  private final TokenStore tokens;
  private final IdentityStore identities;

  TokenLookupPath(TokenStore tokens, IdentityStore identities) {
    this.tokens = tokens;
    this.identities = identities;
  }

  List<Route> routes() {
    return List.of(
        Route.at("lookup-self", "The caller's token.")
            .on(Operation.READ, call -> lookupSelf(SystemCall.of(call)))
            .on(Operation.UPDATE, call -> lookupSelf(SystemCall.of(call))),
        Route.at("lookup", "A token.")
            .field("token", FieldType.TEXT, "The token; default: the caller's.")
            .on(Operation.READ, call -> lookup(SystemCall.of(call)))
            .on(Operation.UPDATE, call -> lookup(SystemCall.of(call))),
        Route.at("lookup-accessor", "The token of an accessor, without the token itself.")
            .field("accessor", FieldType.TEXT, "The accessor.")
            .on(Operation.UPDATE, call -> lookupAccessor(SystemCall.of(call))));
  }

  private Response lookupSelf(SystemCall call) {
    Caller caller = call.caller();
    return describe(
        call, new Found(caller.hash(), caller.token()), caller.presented().exposeText());
  }

  private Response lookup(SystemCall call) {
    Optional<String> token = call.given("token");
    if (token.isEmpty()) {
      return lookupSelf(call);
    }
    Found found = tokens
        .find(call.transaction(), token.get())
        .orElseThrow(() -> new VaultException(PERMISSION_DENIED, "bad token"));
    return describe(call, found, token.get());
  }

  private Response lookupAccessor(SystemCall call) {
    return describe(call, byAccessor(tokens, call), "");
  }

  /** Returns the token that the parameter {@code accessor} names. */
  static Found byAccessor(TokenStore tokens, SystemCall call) {
    return byAccessor(tokens, call.transaction(), call.required("accessor", "missing accessor"));
  }

  static Found byAccessor(TokenStore tokens, Transaction tx, String accessor) {
    return tokens
        .findByAccessor(tx, accessor)
        .orElseThrow(() -> new VaultException(INVALID_REQUEST, "invalid accessor"));
  }

  private Response describe(SystemCall call, Found found, String id) {
    TokenRecord token = found.record();
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("id", id);
    members.put("accessor", token.accessor());
    members.put("policies", token.policies());
    members.put("path", token.path());
    members.put("meta", SystemCall.orNull(token.meta()));
    members.put("display_name", token.displayName());
    members.put("num_uses", usesLeft(call, found));
    members.put("orphan", tokens.isOrphan(call.transaction(), token));
    members.put("creation_time", token.createdAt().getEpochSecond());
    members.put("creation_ttl", token.creationTtl().toSeconds());
    members.put("expire_time", token.expiresAt().map(InstantText::format).orElse(null));
    members.put("ttl", token.expiresAt().map(at -> secondsUntil(call.now(), at)).orElse(0L));
    members.put("explicit_max_ttl", token.explicitMaxTtl().toSeconds());
    members.put("entity_id", token.entityId().orElse(""));
    members.put("type", token.type().text());
    token.role().ifPresent(role -> members.put("role", role));
    if (!token.boundCidrs().isEmpty()) {
      members.put("bound_cidrs", token.boundCidrs().stream().map(Cidr::toString).toList());
    }
    if (!token.period().isZero()) {
      members.put("period", token.period().toSeconds());
    }
    if (token.expiresAt().isPresent()) {
      members.put("renewable", token.renewable());
      members.put("issue_time", InstantText.format(token.createdAt()));
    }
    token.lastRenewal().ifPresent(at -> {
      members.put("last_renewal", InstantText.format(at));
      members.put("last_renewal_time", at.getEpochSecond());
    });
    token
        .entityId()
        .flatMap(entityId -> identities.subject(call.transaction(), entityId))
        .map(Subject::policies)
        .filter(names -> !names.isEmpty())
        .ifPresent(names -> {
          members.put("identity_policies", names);
          members.put("external_namespace_policies", Map.of());
        });
    return Response.of(Payload.of(members));
  }

  /**
   * After the use that this very lookup may have cost; the last one reads -1, as in the reference.
   */
  private long usesLeft(SystemCall call, Found found) {
    long left = tokens.usesLeft(call.transaction(), found.hash()).orElse(0L);
    return found.record().numUses() > 0 && left == 0 ? -1 : left;
  }

  private static long secondsUntil(Instant now, Instant at) {
    return Math.max(0, Duration.between(now, at).toSeconds());
  }
}

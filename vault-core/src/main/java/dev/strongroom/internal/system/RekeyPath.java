package dev.strongroom.internal.system;

import dev.strongroom.ErrorCode;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.VaultException;
import dev.strongroom.internal.ceremony.RekeyCeremony;
import dev.strongroom.internal.ceremony.RekeyCeremony.Given;
import dev.strongroom.internal.ceremony.RekeyCeremony.Status;
import dev.strongroom.internal.ceremony.RekeyCeremony.Verification;
import dev.strongroom.internal.ceremony.Wording;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * New key shares, by holders of the present ones: {@code sys/rotate/root/…} and
 * {@code sys/rotate/recovery/…} for callers with a token, and the older {@code sys/rekey/…} and
 * {@code sys/rekey-recovery-key/…} without one, whose answers have other members. There is no PGP,
 * and so no backup. Same behaviour as OpenBao v2.6.2 {@code vault/logical_system_rotate.go} and
 * {@code http/sys_rekey.go}.
 */
final class RekeyPath {
  private final RekeyCeremony ceremony;
  private final Wording wording;
  private final String prefix;

  /**
   * One family of paths.
   *
   * @param prefix such as {@code rotate/root}
   */
  RekeyPath(RekeyCeremony ceremony, Wording wording, String prefix) {
    this.ceremony = ceremony;
    this.wording = wording;
    this.prefix = prefix;
  }

  /** Returns the routes for callers with a token, and the right to it. */
  List<Route> routes() {
    return routes(Route::sudo);
  }

  /** Returns the routes for everybody who can reach the vault. */
  List<Route> routesWithoutToken() {
    return routes(Route::withoutToken);
  }

  private List<Route> routes(UnaryOperator<Route> access) {
    return List.of(
        access.apply(Route.at(prefix + "/init", "New key shares: begins, tells, gives up.")
            .field("secret_shares", FieldType.INTEGER, "How many shares there are to be.")
            .field("secret_threshold", FieldType.INTEGER, "How many of them are needed.")
            .field("require_verification", FieldType.FLAG, "Whether they are to be given first.")
            .field("pgp_keys", FieldType.TEXTS, "Not supported.")
            .field("backup", FieldType.FLAG, "Not supported.")
            .field("nonce", FieldType.TEXT, "Which one is given up; empty: whichever it is.")
            .on(Operation.READ, call -> status())
            .on(Operation.UPDATE, call -> begin(SystemCall.of(call)))
            .on(Operation.DELETE, call -> cancel(SystemCall.of(call)))),
        access.apply(Route.at(prefix + "/update", "Takes a present key share.")
            .field("key", FieldType.TEXT, "The share, in hex or base64.")
            .field("nonce", FieldType.TEXT, "Which ceremony it is for.")
            .on(Operation.UPDATE, call -> update(SystemCall.of(call)))),
        access.apply(Route.at(prefix + "/verify", "Takes a new key share; tells; begins again.")
            .field("key", FieldType.TEXT, "The share, in hex or base64.")
            .field("nonce", FieldType.TEXT, "Which verification it is for.")
            .on(Operation.READ, call -> verification())
            .on(Operation.UPDATE, call -> verify(SystemCall.of(call)))
            .on(Operation.DELETE, call -> restartVerification())));
  }

  private Response status() {
    requireSharesOfOlder();
    return Response.of(members(ceremony.status()));
  }

  /** The older paths for recovery shares are of no use at all where there are none. */
  private void requireSharesOfOlder() {
    if (wording == Wording.REKEY) {
      ceremony.requireShares(wording);
    }
  }

  private Response begin(SystemCall call) {
    boolean backup = call.flag("backup").orElse(false);
    if (!call.texts("pgp_keys").isEmpty()) {
      return SystemCall.refused("pgp_keys are not supported: the new shares are in the answer");
    }
    if (backup) {
      return SystemCall.refused(
          "cannot request a backup of the new keys without providing PGP keys for encryption");
    }
    boolean verify = call.flag("require_verification").orElse(false);
    return Response.of(members(ceremony.begin(wanted(call), verify, wording)));
  }

  /** Where the ceremony gives no shares, numbers that are given anyway mean nothing. */
  private KeyShares wanted(SystemCall call) {
    if (!ceremony.givesShares()) {
      return new KeyShares(1, 1);
    }
    OptionalLong total = call.integer("secret_shares");
    try {
      return KeyShares.requested(
          total.orElse(0), call.integer("secret_threshold").orElse(0));
    } catch (IllegalArgumentException e) {
      throw new VaultException(
          ErrorCode.INVALID_REQUEST,
          wording.invalidConfiguration(ceremony.isOfRecoveryShares()) + e.getMessage(),
          e);
    }
  }

  private Response cancel(SystemCall call) {
    requireSharesOfOlder();
    ceremony.cancel(call.transaction(), call.given("nonce"), wording);
    return Response.empty();
  }

  private Response update(SystemCall call) {
    String nonce = nonce(call);
    Given given = ShareField.use(
        call, missing("key"), share -> ceremony.give(call.transaction(), share, nonce, wording));
    if (!given.complete()) {
      return Response.of(members(ceremony.status()));
    }
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("complete", true);
    members.put("nonce", nonce);
    if (ceremony.givesShares()) {
      members.put("keys", given.shares().stream().map(KeyShare::exposeHex).toList());
      members.put(
          "keys_base64", given.shares().stream().map(KeyShare::exposeBase64).toList());
    }
    given.shares().forEach(KeyShare::close);
    members.put("pgp_fingerprints", null);
    members.put("backup", false);
    members.put("verification_required", given.verificationNonce().isPresent());
    putVerificationNonce(members, given.verificationNonce());
    return Response.of(Payload.of(members));
  }

  private Response verification() {
    Status status = ceremony.status();
    return status.nonce().isPresent() && (wording == Wording.ROTATION || isVerifying(status))
        ? Response.of(verificationMembers(status))
        : SystemCall.refused(wording.noConfiguration());
  }

  private Response verify(SystemCall call) {
    String nonce = nonce(call);
    boolean complete = ShareField.use(
        call, missing("key"), share -> ceremony.verify(call.transaction(), share, nonce, wording));
    return Response.of(
        complete
            ? Payload.of(Map.of("nonce", nonce, "complete", true))
            : verificationMembers(ceremony.status()));
  }

  private Response restartVerification() {
    ceremony.restartVerification();
    return Response.empty();
  }

  private String nonce(SystemCall call) {
    return wording == Wording.ROTATION
        ? call.required("nonce", missing("nonce"))
        : call.text("nonce").orElse("");
  }

  private String missing(String field) {
    return wording == Wording.ROTATION
        ? "missing required field '" + field + "'"
        : "'" + field + "' must be specified in request body as JSON";
  }

  private Payload members(Status status) {
    boolean started = status.nonce().isPresent();
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("started", started);
    members.put("t", status.wanted().map(KeyShares::threshold).orElse(0));
    members.put("n", status.wanted().map(KeyShares::total).orElse(0));
    members.put("required", status.required());
    if (started || wording == Wording.REKEY) {
      members.put("nonce", status.nonce().orElse(""));
      members.put("progress", status.given());
      members.put("verification_required", status.verificationRequired());
      putVerificationNonce(members, status.verification().map(Verification::nonce));
    }
    if (wording == Wording.REKEY) {
      members.put("pgp_fingerprints", null);
      members.put("backup", false);
    }
    return Payload.of(members);
  }

  private static Payload verificationMembers(Status status) {
    return Payload.of(Map.of(
        "nonce", status.verification().map(Verification::nonce).orElse(""),
        "started", isVerifying(status),
        "t", status.wanted().map(KeyShares::threshold).orElse(0),
        "n", status.wanted().map(KeyShares::total).orElse(0),
        "progress", status.verification().map(Verification::given).orElse(0)));
  }

  private static boolean isVerifying(Status status) {
    return status.verification().isPresent();
  }

  private void putVerificationNonce(Map<String, @Nullable Object> members, Optional<String> nonce) {
    if (nonce.isPresent() || wording == Wording.ROTATION) {
      members.put("verification_nonce", nonce.orElse(""));
    }
  }
}

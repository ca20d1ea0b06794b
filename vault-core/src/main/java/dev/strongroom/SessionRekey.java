package dev.strongroom;

import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The change of key shares by requests. */
final class SessionRekey implements Rekey {
  private final Session session;
  private final String path;
  private final String nonce;

  private SessionRekey(Session session, String path, String nonce) {
    this.session = session;
    this.path = path;
    this.nonce = nonce;
  }

  /**
   * Begins.
   *
   * @param path {@code sys/rotate/root/} or {@code sys/rotate/recovery/}
   */
  static Rekey begin(Session session, String path, KeyShares wanted) {
    Payload status = data(
        session,
        Request.write(
            path + "init",
            Map.of(
                "secret_shares", wanted.total(),
                "secret_threshold", wanted.threshold(),
                "require_verification", true)));
    return new SessionRekey(session, path, status.text("nonce").orElseThrow());
  }

  /** Returns the one that is under way. */
  static Optional<Rekey> underWay(Session session, String path) {
    return data(session, Request.read(path + "init"))
        .text("nonce")
        .map(nonce -> new SessionRekey(session, path, nonce));
  }

  @Override
  public int given() {
    return number(phase(), "progress");
  }

  @Override
  public int required() {
    Payload phase = phase();
    return number(phase, phase.has("required") ? "required" : "t");
  }

  @Override
  public String nonce() {
    return nonce;
  }

  @Override
  public Optional<List<KeyShare>> give(KeyShare present) {
    Payload answer = data(session, Request.write(path + "update", members(present, nonce)));
    return answer.flag("complete").orElse(false)
        ? Optional.of(answer.texts("keys").stream().map(KeyShare::parse).toList())
        : Optional.empty();
  }

  @Override
  public boolean verify(KeyShare fresh) {
    String second = status().text("verification_nonce").orElse("");
    Payload answer = data(session, Request.write(path + "verify", members(fresh, second)));
    return answer.flag("complete").orElse(false);
  }

  @Override
  public void cancel() {
    if (isUnderWay(init())) {
      session.request(Request.delete(path + "init")).orThrow();
    }
  }

  private static Map<String, Object> members(KeyShare share, String nonce) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("key", share.exposeHex());
    members.put("nonce", nonce);
    return members;
  }

  /** Returns how far the present phase is. */
  private Payload phase() {
    Payload status = status();
    return status.text("verification_nonce").orElse("").isEmpty()
        ? status
        : data(session, Request.read(path + "verify"));
  }

  private Payload status() {
    Payload status = init();
    if (!isUnderWay(status)) {
      throw new VaultException(ErrorCode.INVALID_REQUEST, "this change of key shares has ended");
    }
    return status;
  }

  private Payload init() {
    return data(session, Request.read(path + "init"));
  }

  private boolean isUnderWay(Payload status) {
    return status.text("nonce").filter(nonce::equals).isPresent();
  }

  private static int number(Payload data, String name) {
    return data.number(name).orElseThrow().intValue();
  }

  private static Payload data(Session session, Request request) {
    return session.request(request).orThrow().data().orElseThrow();
  }
}

package dev.strongroom;

import dev.strongroom.internal.ceremony.RootTokenCeremony;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import java.util.Map;
import java.util.Optional;

/** The making of a root token by requests, for whoever begins it. */
final class SessionRootGeneration implements RootGeneration {
  static final String PATH = "sys/generate-root-token/";

  private final Session session;
  private final String nonce;
  private final String pad;

  private SessionRootGeneration(Session session, String nonce, String pad) {
    this.session = session;
    this.nonce = nonce;
    this.pad = pad;
  }

  static RootGeneration begin(Session session) {
    Payload begun = data(session, Request.write(PATH + "attempt", Map.of()));
    return new SessionRootGeneration(
        session, begun.text("nonce").orElseThrow(), begun.text("otp").orElseThrow());
  }

  /** Gives a share; returns the token under the pad if it was the last one needed. */
  static Optional<String> give(Session session, String nonce, KeyShare share) {
    return data(
            session,
            Request.write(PATH + "update", Map.of("key", share.exposeHex(), "nonce", nonce)))
        .text("encoded_token")
        .filter(encoded -> !encoded.isEmpty());
  }

  /** Returns the nonce of the one that is under way. */
  static Optional<String> underWay(Session session) {
    return status(session).text("nonce").filter(nonce -> !nonce.isEmpty());
  }

  @Override
  public int given() {
    return number("progress");
  }

  @Override
  public int required() {
    return number("required");
  }

  @Override
  public String nonce() {
    return nonce;
  }

  @Override
  public Optional<ClientToken> give(KeyShare share) {
    return give(session, nonce, share).map(this::decode);
  }

  @Override
  public ClientToken decode(String encoded) {
    return RootTokenCeremony.decode(encoded, pad);
  }

  @Override
  public void cancel() {
    if (underWay(session).filter(nonce::equals).isPresent()) {
      session.request(Request.delete(PATH + "attempt")).orThrow();
    }
  }

  private int number(String name) {
    Payload status = status(session);
    if (status.text("nonce").filter(nonce::equals).isEmpty()) {
      throw new VaultException(
          ErrorCode.INVALID_REQUEST, "this generation of a root token has ended");
    }
    return status.number(name).orElseThrow().intValue();
  }

  private static Payload status(Session session) {
    return data(session, Request.read(PATH + "attempt"));
  }

  private static Payload data(Session session, Request request) {
    return session.request(request).orThrow().data().orElseThrow();
  }

  @Override
  public String toString() {
    return "RootGeneration[" + nonce + "]";
  }
}

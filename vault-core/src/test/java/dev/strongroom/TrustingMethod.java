package dev.strongroom;

import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.AuthMethod;
import dev.strongroom.spi.AuthMethodType;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.Cidr;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.LoginGrant;
import dev.strongroom.spi.LoginHandler;
import dev.strongroom.spi.LoginRefused;
import dev.strongroom.spi.MountContext;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.Storage;
import dev.strongroom.spi.TokenParameters;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An auth method that believes everybody who says {@code please}, and gives them what they ask for.
 */
final class TrustingMethod implements AuthMethodType {
  private static final RecordKind<byte[]> VISITS = RecordKind.secretTree("visits");

  /** What renewals get; empty: nothing is left to renew. */
  volatile Optional<AuthMethod.Lifetimes> renewal =
      Optional.of(new AuthMethod.Lifetimes(Duration.ZERO, Duration.ZERO, Duration.ZERO));

  /** What is asked before renewals; empty: nothing. */
  volatile Optional<AuthMethod.OutsideCheck> check = Optional.empty();

  /** The alias it grants where it is not the one that was claimed. */
  volatile Optional<String> otherAlias = Optional.empty();

  /** What renewals were asked with last. */
  volatile Optional<AuthMethod.IssuedToken> asked = Optional.empty();

  /** Where logins must come from beside what they ask for. */
  volatile List<Cidr> alsoBoundTo = List.of();

  /** Runs while somebody is being recognised, before it is decided whether they are. */
  volatile Runnable inProof = () -> {};

  /** Runs in the transaction of a login, after its write. */
  volatile Runnable inGrant = () -> {};

  @Override
  public String name() {
    return "trusting";
  }

  @Override
  public AuthMethod create(MountContext context) {
    return new AuthMethod() {
      @Override
      public List<Route> routes() {
        return List.of(
            TokenParameters.declare(
                    Route.at("login/{name}", "Logs in.")
                        .field("word", FieldType.TEXT, "The magic word.")
                        .field("metadata", FieldType.PAIRS, "Of the token."),
                    TokenParameters.NAMES)
                .onLogin(new Trust()),
            Route.at("visits/{name}", "Whether somebody was here.")
                .on(
                    Operation.READ,
                    call -> call.storage().get(VISITS.at(call.captured("name"))).isPresent()
                        ? Response.of(Payload.of(Map.of("here", true)))
                        : Response.empty()));
      }

      @Override
      public List<RecordKind<?>> records() {
        return List.of(VISITS);
      }

      @Override
      public Optional<Lifetimes> renew(Storage storage, IssuedToken token) {
        asked = Optional.of(token);
        return renewal;
      }

      @Override
      public Optional<OutsideCheck> beforeRenewal(Storage storage, IssuedToken token) {
        return check;
      }
    };
  }

  private final class Trust implements LoginHandler {
    @Override
    public Optional<String> claimedAlias(Call call) {
      return Optional.of(call.captured("name"));
    }

    @Override
    public Proven prove(Call call) {
      inProof.run();
      if (!call.text("word").orElse("please").equals("please")) {
        throw LoginRefused.wrongCredential("no", "the magic word was another one");
      }
      return this::grant;
    }

    private LoginGrant grant(Call call) {
      String name = call.captured("name");
      call.storage().put(VISITS.at(name), new byte[] {1});
      inGrant.run();
      TokenParameters asked = TokenParameters.NONE.changedBy(call, TokenParameters.NAMES);
      return new LoginGrant(
          otherAlias.orElse(name),
          name,
          call.pairs("metadata"),
          alsoBoundTo.isEmpty() ? asked : asked.withBoundCidrs(alsoBoundTo),
          Map.of("since", "today"));
    }
  }
}

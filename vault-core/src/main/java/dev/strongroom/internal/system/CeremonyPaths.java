package dev.strongroom.internal.system;

import dev.strongroom.internal.ceremony.Ceremonies;
import dev.strongroom.internal.ceremony.Wording;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Route;
import java.util.List;
import java.util.stream.Stream;

/**
 * The paths of all key ceremonies. Those without a token are there only where the builder says so;
 * elsewhere they are refused as an operation that is not supported, to callers without a token as
 * well.
 */
final class CeremonyPaths {
  private final Ceremonies ceremonies;
  private final boolean withoutToken;

  CeremonyPaths(Ceremonies ceremonies, boolean withoutToken) {
    this.ceremonies = ceremonies;
    this.withoutToken = withoutToken;
  }

  List<Route> routes() {
    return Stream.of(
            List.of(
                Route.at("rotate/root", "Puts a new root key in force, without new shares.")
                    .sudo()
                    .on(Operation.UPDATE, call -> replaceRootKey(SystemCall.of(call))),
                RootTokenPath.decoding(),
                backup("rekey/backup"),
                backup("rekey/recovery-key-backup"),
                backup("rotate/root/backup"),
                backup("rotate/recovery/backup")),
            rekey(Wording.ROTATION, "rotate/root").routes(),
            recovery(Wording.ROTATION, "rotate/recovery").routes(),
            rootToken("generate-root-token").routes(),
            older(rekey(Wording.REKEY, "rekey").routesWithoutToken()),
            older(recovery(Wording.REKEY, "rekey-recovery-key").routesWithoutToken()),
            older(rootToken("generate-root").routesWithoutToken()))
        .flatMap(List::stream)
        .toList();
  }

  private RekeyPath rekey(Wording wording, String prefix) {
    return new RekeyPath(ceremonies.barrier(), wording, prefix);
  }

  private RekeyPath recovery(Wording wording, String prefix) {
    return new RekeyPath(ceremonies.recovery(), wording, prefix);
  }

  private RootTokenPath rootToken(String prefix) {
    return new RootTokenPath(ceremonies.rootToken(), prefix);
  }

  private List<Route> older(List<Route> routes) {
    return withoutToken
        ? routes
        : routes.stream()
            .map(route -> Route.at(route.pattern(), "Not served by this vault.").withoutToken())
            .toList();
  }

  private Response replaceRootKey(SystemCall call) {
    ceremonies.replaceRootKey(call.transaction());
    return Response.empty();
  }

  /** Backups are of shares that were encrypted with PGP. */
  private static Route backup(String pattern) {
    return Route.at(pattern, "Encrypted copies of key shares, of which there are none.")
        .on(Operation.READ, call -> SystemCall.refused("no backed-up keys found"))
        .on(Operation.DELETE, call -> Response.empty());
  }
}

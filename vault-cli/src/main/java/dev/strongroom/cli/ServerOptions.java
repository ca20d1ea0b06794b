package dev.strongroom.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A vault that is served over HTTP. */
final class ServerOptions {
  private static final String DEFAULT = "https://127.0.0.1:8200";

  @Option(
      names = "--address",
      paramLabel = "URL",
      description =
          "Where the vault is served: http://… or https://…. Default: BAO_ADDR, or VAULT_ADDR, or "
              + DEFAULT + ".")
  private @Nullable String address;

  @Option(
      names = "--ca-cert",
      paramLabel = "FILE",
      description =
          "Certificates, PEM, one of which must have signed the server's. Default: BAO_CACERT, or VAULT_CACERT, or those of the JVM.")
  private @Nullable Path certificates;

  /** Returns whether the command line names a server. */
  boolean isNamed() {
    return address != null;
  }

  /** Returns the server; nothing is sent yet. */
  ServedVault connect(Surroundings around) throws IOException {
    Optional<Path> trusted =
        Optional.ofNullable(certificates).or(() -> around.setting("CACERT").map(Path::of));
    return ServedVault.at(address(around), trusted);
  }

  private ServerAddress address(Surroundings around) {
    String text = address == null ? around.setting("ADDR").orElse(DEFAULT) : address;
    return ServerAddress.parse(text);
  }
}

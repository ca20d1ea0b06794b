package dev.strongroom.cli;

import dev.strongroom.ClosedStore;
import dev.strongroom.ErrorCode;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.Vault;
import dev.strongroom.VaultBuilder;
import dev.strongroom.VaultException;
import dev.strongroom.spi.Seal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code strongroom operator init}: makes the keys of a new vault, and prints them once. */
@Command(
    name = "init",
    description =
        "Makes a vault in a new store and prints its keys: once, and to standard output only.",
    footer = {
      "%nWithout a seal's key the shares unseal the vault; with one they are recovery shares, and the"
          + " vault opens by itself. If the keys cannot be printed, nothing is made.",
      "%nEnds with 0 if the vault is made, 1 for an error here, 2 if the store has one already."
    },
    mixinStandardHelpOptions = true)
final class OperatorInitCommand implements Callable<Integer> {
  private static final int DEFAULT_SHARES = 5;
  private static final int DEFAULT_THRESHOLD = 3;

  @Spec
  private CommandSpec spec = CommandSpec.create();

  @Mixin
  private StoreOptions store = new StoreOptions();

  @Mixin
  private FormatOption format = new FormatOption();

  @Option(
      names = {"-n", "--key-shares"},
      paramLabel = "NUMBER",
      description = "How many key shares there are. Default: 5.")
  private @Nullable Integer keyShares;

  @Option(
      names = {"-t", "--key-threshold"},
      paramLabel = "NUMBER",
      description = "How many of them unseal. Default: 3.")
  private @Nullable Integer keyThreshold;

  @Option(
      names = "--recovery-shares",
      paramLabel = "NUMBER",
      description = "With a seal's key: how many recovery shares there are. Default: 5.")
  private @Nullable Integer recoveryShares;

  @Option(
      names = "--recovery-threshold",
      paramLabel = "NUMBER",
      description = "How many of them are needed. Default: 3.")
  private @Nullable Integer recoveryThreshold;

  @Override
  public Integer call() throws IOException {
    Optional<Seal> seal = store.seal().seal();
    requireNoneGiven(seal.isPresent() ? keyShares : recoveryShares);
    requireNoneGiven(seal.isPresent() ? keyThreshold : recoveryThreshold);
    KeyShares shares = seal.isPresent()
        ? shares(recoveryShares, recoveryThreshold)
        : shares(keyShares, keyThreshold);
    requireNew();
    AtomicBoolean made = new AtomicBoolean();
    VaultBuilder builder = Vault.builder()
        .storage(store.forWriting())
        .initializeIfNew(shares, keys -> {
          print(keys, shares, seal.isPresent());
          made.set(true);
        });
    seal.ifPresent(builder::seal);
    builder.open().close();
    if (!made.get()) {
      throw initialized();
    }
    return Strongroom.DONE;
  }

  private static void requireNoneGiven(@Nullable Integer option) {
    if (option != null) {
      throw new IllegalArgumentException("without a seal's key give -key-shares and"
          + " -key-threshold, with one -recovery-shares and -recovery-threshold");
    }
  }

  private static KeyShares shares(@Nullable Integer total, @Nullable Integer threshold) {
    return KeyShares.requested(
        total == null ? DEFAULT_SHARES : total, threshold == null ? DEFAULT_THRESHOLD : threshold);
  }

  /** Before it is opened for writing: a vault with a seal's key would be unsealed by that. */
  private void requireNew() throws IOException {
    if (Files.exists(store.file()) && Files.size(store.file()) > 0) {
      try (ClosedStore closed = store.open()) {
        if (closed.sealStatus().initialized()) {
          throw initialized();
        }
      }
    }
  }

  private static VaultException initialized() {
    return new VaultException(ErrorCode.CONFLICT, "Vault is already initialized");
  }

  /** What throws here leaves the store without a vault. */
  private void print(InitialKeys keys, KeyShares shares, boolean recovery) {
    PrintWriter out = spec.commandLine().getOut();
    format.print(members(keys, shares, recovery), lines(keys, shares, recovery));
    if (out.checkError()) {
      throw new IllegalStateException(
          "the keys could not be printed, so no vault was made; try again");
    }
  }

  private static Map<String, Object> members(InitialKeys keys, KeyShares shares, boolean recovery) {
    List<String> base64 = keys.shares().stream().map(KeyShare::exposeBase64).toList();
    List<String> hex = keys.shares().stream().map(KeyShare::exposeHex).toList();
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("unseal_keys_b64", recovery ? List.of() : base64);
    members.put("unseal_keys_hex", recovery ? List.of() : hex);
    members.put("unseal_shares", recovery ? 1 : shares.total());
    members.put("unseal_threshold", recovery ? 1 : shares.threshold());
    members.put("recovery_keys_b64", recovery ? base64 : List.of());
    members.put("recovery_keys_hex", recovery ? hex : List.of());
    members.put("recovery_keys_shares", recovery ? shares.total() : 0);
    members.put("recovery_keys_threshold", recovery ? shares.threshold() : 0);
    members.put("root_token", keys.rootToken().exposeText());
    return members;
  }

  private static List<String> lines(InitialKeys keys, KeyShares shares, boolean recovery) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < keys.shares().size(); i++) {
      lines.add((recovery ? "Recovery Key " : "Unseal Key ") + (i + 1) + ": "
          + keys.shares().get(i).exposeBase64());
    }
    lines.add("");
    lines.add("Initial Root Token: " + keys.rootToken().exposeText());
    lines.add("");
    lines.add("The vault is initialized with " + shares + " key shares. They are shown this once.");
    lines.add(
        recovery
            ? "It opens with the key of its seal; the recovery shares authorise key ceremonies."
            : "Give each share to another keeper. Without " + shares.threshold()
                + " of them nobody can unseal the vault.");
    lines.add("Revoke the root token when the set-up is done.");
    return lines;
  }
}

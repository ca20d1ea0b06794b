package dev.strongroom.cli;

import dev.strongroom.ClosedStore;
import dev.strongroom.SealStatus;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code strongroom operator check-shares}: whether key shares open a store. */
@Command(
    name = "check-shares",
    description =
        "Says whether key shares open a store. It is opened for reading only and stays sealed.",
    footer = {
      "%nShares are typed at a prompt, not shown, or piped to standard input, one a line; never given"
          + " as arguments. More than are needed must all belong together, so all keepers can be"
          + " checked at once; which of them is wrong nobody can tell. With the key of a seal, that"
          + " key is tried, and the shares, if there are any, as recovery shares.",
      "%nEnds with 0 if they open it, 1 for an error here, 2 if they do not."
    },
    mixinStandardHelpOptions = true)
final class OperatorCheckSharesCommand implements Callable<Integer> {
  private final Surroundings around;

  @Mixin
  private StoreOptions store = new StoreOptions();

  @Mixin
  private FormatOption format = new FormatOption();

  OperatorCheckSharesCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() throws IOException {
    try (ClosedStore closed = store.open()) {
      SealStatus status = closed.sealStatus();
      try (Shares shares = Shares.thatOpen(status, around.secrets())) {
        closed.requireOpenedBy(shares.all());
        print(status, shares.all().size());
      }
    }
    return Strongroom.DONE;
  }

  private void print(SealStatus status, int given) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("opens", true);
    members.put("shares", given);
    members.putAll(SealStatusText.members(status));
    format.print(
        members,
        List.of(
            given == 0
                ? "The key of the seal opens the store."
                : given + " key shares fit together and open the store."));
  }
}

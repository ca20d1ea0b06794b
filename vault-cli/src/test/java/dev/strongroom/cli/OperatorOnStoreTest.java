package dev.strongroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.ClientToken;
import dev.strongroom.KeyShare;
import dev.strongroom.StaticKeySeal;
import dev.strongroom.Vault;
import dev.strongroom.VirtualTime;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorOnStoreTest {
  @TempDir
  Path folder;

  private Path file;

  @BeforeEach
  void place() {
    file = folder.resolve("vault.db");
  }

  private Run init(String... more) {
    return Run.of(Run.joined(List.of("operator", "init", "-store", file.toString()), more));
  }

  @Test
  void init_aNewStore_printsKeysThatOpenIt() {
    Run run = init("-n=3", "-t", "2", "-format=json");
    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    Payload keys = Payload.parse(run.out());
    assertThat(keys.number("unseal_threshold")).contains(2);
    List<String> shares = keys.texts("unseal_keys_b64");
    assertThat(shares).hasSize(3);
    assertThat(keys.texts("unseal_keys_hex")).hasSize(3);
    assertThat(keys.texts("recovery_keys_b64")).isEmpty();
    try (Vault vault = Vault.builder().storage(SqliteStorage.at(file)).open()) {
      assertThat(vault.sealStatus().sealed()).isTrue();
      shares.subList(1, 3).forEach(share -> vault.unseal(KeyShare.parse(share)));
      ClientToken root = ClientToken.parse(keys.text("root_token").orElseThrow());
      assertThat(vault.session(root).request(Request.read("sys/mounts")).isFailure())
          .isFalse();
    }
  }

  @Test
  void init_withoutFormat_printsForPeople() {
    assertThat(init().out())
        .contains("Unseal Key 1: ", "Unseal Key 5: ", "Initial Root Token: ", "3 of 5 key shares");
  }

  @Test
  void init_whatIsInitialised_isRefusedAndLeftAlone() throws IOException {
    init();
    byte[] before = Files.readAllBytes(file);
    Run again = init();
    assertThat(again).isEqualTo(new Run(2, "", "init: Vault is already initialized\n"));
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void init_withASealsKey_makesRecoveryShares() throws IOException {
    Path key = Files.writeString(folder.resolve("seal.key"), "5a".repeat(32));
    Run run = init(
        "-seal-key-file=" + key, "-recovery-shares=2", "-recovery-threshold=2", "-format=json");
    Payload keys = Payload.parse(run.out());
    assertThat(keys.texts("unseal_keys_b64")).isEmpty();
    assertThat(keys.texts("recovery_keys_b64")).hasSize(2);
    try (Vault vault = Vault.builder()
        .storage(SqliteStorage.at(file))
        .seal(StaticKeySeal.fromFile(key))
        .open()) {
      assertThat(vault.sealStatus().sealed()).isFalse();
    }
    assertThat(init("-seal-key-file=" + key).code()).isEqualTo(2);
    assertThat(init("-seal-key-file=" + key, "-n=3").code()).isEqualTo(1);
  }

  @Test
  void init_wrongNumbers_makeNothing() {
    Run run = init("-n=3", "-t=4");
    assertThat(run).isEqualTo(new Run(1, "", "init: threshold cannot be larger than shares\n"));
    assertThat(init("-n=x").code()).isEqualTo(1);
    assertThat(init("-recovery-shares=3").code()).isEqualTo(1);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void init_keysThatCannotBePrinted_makeNoVault() {
    StringWriter err = new StringWriter();
    int code = Strongroom.commandLine(Run.around(Map.of(), ""))
        .setOut(new PrintWriter(new FullDisk()))
        .setErr(new PrintWriter(err))
        .execute("operator", "init", "-store", file.toString());
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("no vault was made");
    assertThat(init().code()).isZero();
  }

  @Test
  void status_ofAClosedStore_isSealed() {
    Stores.sealedByShares(file);
    Run run = Run.of("operator", "status", "-store", file.toString());
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEqualTo("""
        Key                Value
        ---                -----
        Seal Type          shamir
        Initialized        true
        Sealed             true
        Total Shares       3
        Threshold          2
        Unseal Progress    0/2
        Storage Type       sqlite
        """);
    Payload json = Payload.parse(
        Run.of("operator", "status", "-store", file.toString(), "-format=json").out());
    assertThat(json.number("n")).contains(3);
    assertThat(json.flag("sealed")).contains(true);
  }

  @Test
  void status_ofAStoreThatOpensByAKey_needsNoKey() throws IOException {
    Stores.sealedByKey(file);
    Run run = Run.of("operator", "status", "-store", file.toString());
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).contains("static", "Total Recovery Shares");
  }

  @Test
  void status_notKnown_endsWithOne() throws IOException {
    Run none = Run.of("operator", "status", "-store", file.toString());
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.err())
        .isEqualTo(
            "status: there is no store in " + folder.toRealPath().resolve("vault.db") + "\n");
    assertThat(Run.of("operator", "status", "-store", "a", "-address=http://a").code())
        .isEqualTo(1);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void checkShares_thatOpen_changesNothing() throws IOException {
    Stores vault = Stores.sealedByShares(file);
    byte[] before = Files.readAllBytes(file);
    for (int given = 2; given <= 3; given++) {
      Run run =
          Run.withInput(vault.lines(given), "operator", "check-shares", "-store", file.toString());
      assertThat(run)
          .isEqualTo(new Run(0, given + " key shares fit together and open the store.\n", ""));
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void checkShares_thatDoNot_endsWithTwoAndRepeatsNone() {
    Stores vault = Stores.sealedByShares(file);
    Stores other = Stores.sealedByShares(folder.resolve("other.db"));
    String mixed = vault.shares().get(0) + "\r\n\n  " + other.shares().get(1) + "  \n";
    Run wrong = Run.withInput(mixed, "operator", "check-shares", "-store", file.toString());
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.out()).isEmpty();
    assertThat(wrong.err())
        .startsWith("check-shares: ")
        .doesNotContain(vault.shares())
        .doesNotContain(other.shares());
    assertThat(Run.withInput("", "operator", "check-shares", "-store", file.toString()))
        .extracting(Run::code)
        .isEqualTo(2);
  }

  @Test
  void checkShares_whatIsNoShare_endsWithOneAndIsNotRepeated() {
    Stores.sealedByShares(file);
    for (String line : List.of("no-share!", "x".repeat(1025), "ä")) {
      Run run = Run.withInput(line, "operator", "check-shares", "-store", file.toString());
      assertThat(run.code()).isEqualTo(1);
      assertThat(run.err()).doesNotContain(line);
    }
  }

  @Test
  void checkShares_ofAStoreThatOpensByAKey_triesBoth() throws IOException {
    Stores vault = Stores.sealedByKey(file);
    String key = vault.sealKey().orElseThrow().toString();
    assertThat(Run.of("operator", "check-shares", "-store", file.toString(), "-seal-key-file", key))
        .isEqualTo(new Run(0, "The key of the seal opens the store.\n", ""));
    assertThat(Run.withInput(
                vault.lines(2),
                "operator",
                "check-shares",
                "-store",
                file.toString(),
                "-seal-key-file",
                key)
            .out())
        .startsWith("2 key shares fit together");
    Path wrong = Files.writeString(folder.resolve("wrong.key"), "00".repeat(32));
    assertThat(Run.of(
                "operator",
                "check-shares",
                "-store",
                file.toString(),
                "-seal-key-file",
                wrong.toString())
            .code())
        .isEqualTo(2);
  }

  @Test
  void aShareAsAnArgument_isRefusedAndNotRepeated() {
    String share = Stores.sealedByShares(file).shares().get(0);
    Run run = Run.of("operator", "check-shares", "-store", file.toString(), share);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("are never arguments").doesNotContain(share);
    assertThat(Run.of("operator", "unseal", share).err()).doesNotContain(share);
    assertThat(Run.of("operator", "unseal", "-key=" + share).err()).doesNotContain(share);
  }

  @Test
  void aPrompt_isShownForEachShareThatIsNeeded() {
    Stores vault = Stores.sealedByShares(file);
    Typist typist = new Typist(vault.shares());
    Surroundings around = new Surroundings(
        VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z")), name -> null, () -> typist);
    assertThat(Run.in(around, "operator", "check-shares", "-store", file.toString())
            .code())
        .isZero();
    assertThat(typist.prompts()).containsExactly("Key share 1 of 2", "Key share 2 of 2");
    assertThat(typist.given()).allSatisfy(line -> assertThat(line).containsOnly('\0'));
  }

  /** Takes nothing. */
  private static final class FullDisk extends Writer {
    @Override
    public void write(char[] buffer, int offset, int length) throws IOException {
      throw new IOException("no space left");
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}

package dev.strongroom.examples.tour;

import static dev.strongroom.examples.tour.Console.chapter;
import static dev.strongroom.examples.tour.Console.outcome;
import static dev.strongroom.examples.tour.Console.say;

import dev.strongroom.FileAudit;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.Session;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;
import dev.strongroom.auth.k8s.KubernetesAuth;
import dev.strongroom.dbsecrets.DatabaseSecrets;
import dev.strongroom.fixture.TestPostgres;
import dev.strongroom.kv.Kv;
import dev.strongroom.kv.KvStore;
import dev.strongroom.request.Request;
import dev.strongroom.storage.sqlite.SqliteStorage;
import dev.strongroom.testkit.kubernetes.KubernetesApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * All of the vault in a minute: a SQLite file, an embedded PostgreSQL, and a stand-in for the API
 * server of a Kubernetes cluster. Each chapter is a class of its own.
 */
public final class Tour {
  private final Path store;
  private final Path audit;

  private Tour(Path folder) {
    this.store = folder.resolve("vault.db");
    this.audit = folder.resolve("audit.log");
  }

  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("strongroom-tour");
    try {
      new Tour(folder).run();
    } finally {
      delete(folder);
    }
  }

  private void run() throws Exception {
    List<String> shares;
    String auditKey;
    try (TestPostgres postgres = TestPostgres.create();
        KubernetesApi kubernetes = KubernetesApi.start();
        Vault vault = open()) {
      chapter("A vault in a file, opened by three of five");
      InitialKeys keys = vault.initialize(new KeyShares(5, 3));
      shares = keys.shares().stream().map(KeyShare::exposeHex).toList();
      unseal(vault, shares.subList(0, 3));
      auditKey = vault.auditPublicKey();

      try (keys;
          Session root = vault.session(keys.rootToken())) {
        Secrets.tell(root);
        DeniedCaller.tell(vault, root);
        DatabaseUsers.tell(root, postgres);
        PoolUnderLoad.tell(root, postgres);
        PodLogin.tell(vault, root, kubernetes);
        Tokens.of(root).revokeSelf();
      }
      sealAndReopen(vault, shares);
    }
    Tampering.tell(audit, auditKey);
    chapter("Done");
    say("The vault was one file, names and values in it encrypted. It goes with this tour.");
    say("Where to go on: README.md, and docs/ for each chapter.");
  }

  private Vault open() {
    return Vault.builder()
        .storage(SqliteStorage.at(store))
        .audit("file", FileAudit.appendTo(audit))
        .mount("secret", Kv.version2())
        .mount("database", DatabaseSecrets.postgresql())
        .auth("kubernetes", KubernetesAuth.method())
        .open();
  }

  private static void unseal(Vault vault, List<String> texts) {
    for (String text : texts) {
      try (KeyShare share = KeyShare.parse(text)) {
        vault.unseal(share);
      }
      say("a key share given: sealed " + vault.sealStatus().sealed());
    }
  }

  private static void sealAndReopen(Vault vault, List<String> shares) {
    chapter("Sealed, and open again");
    vault.seal();
    Session stranger = vault.sessionWithoutToken();
    say("Sealed, a stranger: " + stranger.request(Request.read("secret/data/billing/db")));
    unseal(vault, List.of(shares.get(4), shares.get(2), shares.get(0)));
    say("Unsealed, the same stranger: "
        + outcome(() -> KvStore.at(stranger, "secret").get("billing/db")));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}

package dev.strongroom.examples.quickstart;

import dev.strongroom.ClientToken;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.Policies;
import dev.strongroom.SealStatus;
import dev.strongroom.Session;
import dev.strongroom.TokenRequest;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;
import dev.strongroom.VaultException;
import dev.strongroom.kv.Kv;
import dev.strongroom.kv.KvSecret;
import dev.strongroom.kv.KvSettings;
import dev.strongroom.kv.KvStore;
import dev.strongroom.kv.KvVersion;
import dev.strongroom.kv.KvWrite;
import dev.strongroom.request.Request;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A vault from its first key share to its reopening, told on the console. */
public final class Quickstart {
  private static final PrintStream OUT = System.out;

  private Quickstart() {}

  /**
   * Runs the story.
   *
   * @param args the folder for the vault; none: a new temporary one
   */
  public static void main(String[] args) throws IOException {
    Path folder = args.length > 0
        ? Files.createDirectories(Path.of(args[0]))
        : Files.createTempDirectory("strongroom");
    Path file = folder.resolve("vault.db");
    if (Files.exists(file)) {
      OUT.println("There is a vault at " + file + " already. Name another folder, or remove it.");
      System.exit(1);
    }

    List<String> shares;
    ClientToken appToken;
    title("A new vault at " + file);
    try (Vault vault = open(file)) {
      try (InitialKeys keys = vault.initialize(new KeyShares(5, 3))) {
        say(
            "Initialised with 5 key shares; any 3 of them open the vault. Each goes to another keeper:");
        shares = keys.shares().stream().map(KeyShare::exposeHex).toList();
        shares.forEach(
            share -> say("  " + share.substring(0, 8) + "… (" + share.length() + " hex digits)"));
        unseal(vault, shares.subList(0, 3));

        Session root = vault.session(keys.rootToken());
        appToken = appToken(root);
        lifeOfASecret(KvStore.at(root, "secret"));
        Tokens.of(root).revokeSelf();
        say("The root token is revoked: the set-up is done.");
      }
      whatADeniedCallerSees(vault.session(appToken));
      vault.seal();
      title("Sealed");
      say("Every request is refused now: "
          + vault.session(appToken).request(Request.read("secret/data/app/db")));
    }

    title("Closed and opened again");
    try (Vault vault = open(file)) {
      unseal(vault, List.of(shares.get(4), shares.get(1), shares.get(3)));
      KvSecret database = KvStore.at(vault.session(appToken), "secret").get("app/db");
      say("The application reads version " + database.version().number() + " again: user "
          + database.text("username") + ", password of "
          + database.text("password").length() + " characters.");
    }
    title("Done");
    say("The vault stays at " + file + "; names and values in it are encrypted.");
  }

  private static Vault open(Path file) {
    return Vault.builder()
        .storage(SqliteStorage.at(file))
        .mount("secret", Kv.version2())
        .open();
  }

  private static void unseal(Vault vault, List<String> texts) {
    for (String text : texts) {
      try (KeyShare share = KeyShare.parse(text)) {
        SealStatus status = vault.unseal(share);
        say(
            status.sealed()
                ? "  a share given: " + status.given() + " of "
                    + status.shares().orElseThrow().threshold()
                : "  a share given: the vault is unsealed.");
      }
    }
  }

  private static ClientToken appToken(Session root) {
    title("A policy, and a token bound to it");
    String policy = """
        path "secret/data/app/*"     { capabilities = ["create", "read", "update"] }
        path "secret/metadata/app/*" { capabilities = ["read", "list"] }
        """;
    OUT.print(policy.indent(2));
    Policies.of(root).put("app", policy);
    ClientToken token = Tokens.of(root)
        .create(TokenRequest.of("app").withTtl(Duration.ofDays(1)).asOrphan())
        .token()
        .orElseThrow();
    say("The application gets a token that lives for a day and may do exactly that.");
    return token;
  }

  private static void lifeOfASecret(KvStore secrets) {
    title("The life of a secret");
    KvVersion first = secrets.put("app/db", Map.of("username", "app", "password", "first-s3cret"));
    KvVersion second =
        secrets.put("app/db", Map.of("username", "app", "password", "second-s3cret"));
    say("Two versions written: " + first.number() + " and " + second.number()
        + ". Both can be read: " + secrets.get("app/db", 1).text("password") + ", "
        + secrets.get("app/db").text("password") + ".");

    KvWrite stale =
        KvWrite.of(Map.of("username", "app", "password", "lost update")).ifVersion(1);
    say("A write that expects version 1 to be the newest: "
        + outcome(() -> secrets.put("app/db", stale)));

    secrets.delete("app/db", 1);
    say("Version 1 deleted, reading it: " + outcome(() -> secrets.get("app/db", 1)));
    secrets.undelete("app/db", 1);
    say("Undeleted, reading it: " + secrets.get("app/db", 1).text("password"));
    secrets.destroy("app/db", 1);
    say("Destroyed, reading it: " + outcome(() -> secrets.get("app/db", 1)));

    secrets.setMetadata(
        "app/session",
        KvSettings.unchanged().withMaxVersions(3).withDeleteVersionAfter(Duration.ofHours(12)));
    for (int i = 1; i <= 5; i++) {
      secrets.put("app/session", Map.of("key", "rotation " + i));
    }
    List<KvVersion> kept = secrets.history("app/session");
    say("A key that keeps 3 versions of 12 hours each: after 5 writes versions "
        + kept.get(0).number() + " to "
        + kept.get(kept.size() - 1).number() + " are there, the newest until "
        + kept.get(kept.size() - 1).deletedAt().orElseThrow() + ".");
    say("Names below app/: " + secrets.list("app/"));
  }

  private static void whatADeniedCallerSees(Session app) {
    title("What a denied caller sees");
    say("The application reads its own secret: user "
        + KvStore.at(app, "secret").get("app/db").text("username"));
    say("It asks for another's:       "
        + outcome(() -> KvStore.at(app, "secret").get("billing/db")));
    say("It asks for what is nowhere: "
        + outcome(() -> KvStore.at(app, "nowhere").get("x")));
    say("The same words: a caller learns nothing about what it may not see.");
  }

  private static String outcome(Runnable attempt) {
    try {
      attempt.run();
      return "it worked";
    } catch (VaultException e) {
      return e.code() + ", \"" + e.getMessage() + "\"";
    }
  }

  private static void title(String text) {
    OUT.println();
    OUT.println(text);
    OUT.println("-".repeat(text.length()));
  }

  private static void say(String text) {
    OUT.println(text);
  }
}

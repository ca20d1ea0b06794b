package dev.strongroom.examples.tour;

import static dev.strongroom.examples.tour.Console.chapter;
import static dev.strongroom.examples.tour.Console.outcome;
import static dev.strongroom.examples.tour.Console.say;

import dev.strongroom.Session;
import dev.strongroom.kv.KvStore;
import dev.strongroom.kv.KvWrite;
import java.util.Map;

/** Secrets have versions. */
final class Secrets {
  private Secrets() {}

  static void tell(Session root) {
    chapter("Secrets with versions");
    KvStore secrets = KvStore.at(root, "secret");
    secrets.put("billing/db", Map.of("username", "app", "password", "first-s3cret"));
    secrets.put("billing/db", Map.of("username", "app", "password", "second-s3cret"));
    say("two versions of billing/db: " + secrets.get("billing/db", 1).text("password") + ", "
        + secrets.get("billing/db").text("password"));

    KvWrite stale = KvWrite.of(Map.of("password", "lost update")).ifVersion(1);
    say("a write that takes version 1 for the newest: "
        + outcome(() -> secrets.put("billing/db", stale)));

    secrets.delete("billing/db", 1);
    say("version 1 deleted: " + outcome(() -> secrets.get("billing/db", 1)));
    secrets.undelete("billing/db", 1);
    say("and back again: " + secrets.get("billing/db", 1).text("password"));
  }
}

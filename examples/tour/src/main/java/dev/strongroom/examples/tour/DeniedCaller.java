package dev.strongroom.examples.tour;

import static dev.strongroom.examples.tour.Console.chapter;
import static dev.strongroom.examples.tour.Console.outcome;
import static dev.strongroom.examples.tour.Console.require;
import static dev.strongroom.examples.tour.Console.say;

import dev.strongroom.Policies;
import dev.strongroom.PolicyExplanation;
import dev.strongroom.Session;
import dev.strongroom.TokenRequest;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;
import dev.strongroom.kv.KvStore;
import dev.strongroom.request.Auth;
import dev.strongroom.request.Operation;
import java.time.Duration;
import java.util.Map;

/** A caller that may not learns nothing; the operator learns why. */
final class DeniedCaller {
  private static final String POLICY = """
      path "secret/data/billing/*" {
        capabilities = ["read"]
      }
      """;

  private DeniedCaller() {}

  static void tell(Vault vault, Session root) {
    chapter("A denied caller, and the operator who is asked why");
    Policies.of(root).put("billing", POLICY);
    Auth auth = Tokens.of(root).create(TokenRequest.of("billing").withTtl(Duration.ofHours(1)));
    KvStore billing = KvStore.at(vault.session(auth.token().orElseThrow()), "secret");
    say("A token with this policy:");
    say(POLICY);
    say("it reads:            user " + billing.get("billing/db").text("username"));
    say("it writes:           " + outcome(() -> billing.put("billing/db", Map.of("a", "b"))));
    say("it reads another's:  " + outcome(() -> billing.get("payroll/db")));

    PolicyExplanation why = Policies.of(root)
        .explainForToken(auth.accessor(), Operation.UPDATE, "secret/data/billing/db", Map.of());
    require(!why.isAllowed(), "the write was denied");
    PolicyExplanation.Rule rule = why.decidedBy().orElseThrow();
    PolicyExplanation.Block block = rule.blocks().get(0);
    say("Why, the operator sees: decided by " + rule.pattern() + " in policy " + block.policy()
        + ", line " + block.line() + "; missing: " + why.missing().get(0).detail());
  }
}

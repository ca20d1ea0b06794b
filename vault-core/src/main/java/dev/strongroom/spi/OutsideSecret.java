package dev.strongroom.spi;

import dev.strongroom.Beta;
import dev.strongroom.request.Payload;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * A kind of secret that an engine makes outside the vault for one caller, such as a user of a
 * database, and destroys when its lease ends. What is planned becomes durable before anything is
 * made, so that no secret is ever outside without a record of it, whatever crashes.
 *
 * <p>The life of a secret: {@link #plan} in the request, as any handler; the plan becomes durable;
 * {@link #create}; the lease becomes durable; the caller gets the answer. If anything fails
 * between, or the process dies, {@link #undo} runs, now or after the deadline. {@link #renew} any
 * number of times, {@link #revoke} in the end.
 *
 * <p>All but {@link #plan} run outside every transaction and lock of the vault, on any thread, for
 * different plans at the same time; the vault runs at most one of them for the same plan, unless
 * one has overstayed its limit of {@value #ATTEMPT_SECONDS} seconds, so that each limits its own
 * waiting. They read the mount's records with {@link MountContext#read}. Thread-safe.
 */
@Beta(until = "the PostgreSQL engine uses it")
public interface OutsideSecret {

  /** How long a call may take. */
  int ATTEMPT_SECONDS = 90;

  /**
   * How long a secret is to live. Zero means what the mount says.
   *
   * @param ttl where the caller asks for nothing
   * @param maxTtl from the moment the secret was made, renewals included
   * @param renewable whether it may be renewed
   */
  record Terms(Duration ttl, Duration maxTtl, boolean renewable) {
    public Terms {
      if (ttl.isNegative() || maxTtl.isNegative()) {
        throw new IllegalArgumentException("lifetimes are zero or more");
      }
    }
  }

  /**
   * A secret that is to be made.
   *
   * @param content everything that {@link #create} and the rest need, and that must not change
   *     meanwhile, such as the name of a user and the statements that drop it; kept encrypted with
   *     the lease, at most 64 KiB of JSON. What only the caller may know is made by {@link #create}
   */
  record Plan(Payload content, Terms terms) {
    public Plan {
      Objects.requireNonNull(content, "content");
      Objects.requireNonNull(terms, "terms");
    }
  }

  /**
   * Returns the name of this kind, unique in its engine: leases keep it, and find this object by it
   * after a restart.
   */
  String kind();

  /**
   * Plans a secret, in a call that is already allowed. Like a {@link Handler}: it changes nothing
   * but {@link Call#storage()} and may run again.
   *
   * @throws dev.strongroom.VaultException for a failure that the caller is told of
   */
  Plan plan(Call call);

  /**
   * Returns where a secret is, such as the name of a database: what waits for one place does not
   * keep what is elsewhere waiting. Of one engine there should be few. By default all are at one.
   */
  default String place(Payload plan) {
    return "";
  }

  /**
   * Makes the secret and returns what the caller gets. Must fail rather than make it after the
   * deadline, by the clock of where it is made: the secret counts as never made then.
   *
   * @param until when its lease ends, unless it is renewed
   * @throws OutsideException whose message the caller is told, too; or anything else, of which the
   *     caller is told nothing
   */
  Payload create(Payload plan, Instant until, Instant deadline) throws Exception;

  /**
   * Returns the terms that count for a renewal: by default those of the plan.
   *
   * @throws dev.strongroom.VaultException to refuse the renewal, with a text for the caller
   */
  default Terms termsNow(Payload plan, Terms planned) {
    return planned;
  }

  /**
   * Lets the secret live until a moment, later or earlier than before. Fails if it does not exist.
   */
  void renew(Payload plan, Instant until) throws Exception;

  /**
   * Destroys the secret. Succeeds where there is none: it may be called again after a success, and
   * where creating it has failed.
   */
  void revoke(Payload plan) throws Exception;

  /**
   * Destroys what {@link #create} may or may not have made; by default as {@link #revoke}. Called
   * at once after a failure, and again after the deadline, because what was sent may arrive late.
   *
   * @param deadline given to {@link #create}; if it has not passed where the secret is made, and
   *     the vault's clock says it has, this fails as {@link OutsideException.Kind#UNREACHABLE} and
   *     is called again
   */
  default void undo(Payload plan, Instant deadline) throws Exception {
    revoke(plan);
  }
}

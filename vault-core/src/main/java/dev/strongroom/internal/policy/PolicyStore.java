package dev.strongroom.internal.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Storage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Policies by name, and what sets of them allow. A compiled set is shared by all callers that have
 * it, until some policy changes or a part of it expires. Names are lower case. Thread-safe.
 */
public final class PolicyStore {
  public static final String ROOT = "root";
  public static final String DEFAULT = "default";
  public static final String RESPONSE_WRAPPING = "response-wrapping";

  private static final RecordKind<PolicyRecord> POLICY =
      RecordKind.tree("policy", PolicyRecord.CODEC);
  private static final int CACHED_RULES = 200_000;

  private final Transactions transactions;
  private final Cache<List<String>, Compiled> compiled = Caffeine.newBuilder()
      .maximumWeight(CACHED_RULES)
      .weigher((List<String> names, Compiled set) -> 1 + set.acl.weight())
      .executor(Runnable::run)
      .build();
  private final AtomicLong changes = new AtomicLong();

  private record Compiled(Acl acl, long change) {}

  public PolicyStore(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Returns a number that grows whenever some policy has changed. */
  public long changes() {
    return changes.get();
  }

  /**
   * Returns what a set of policies allows; names that nobody has written allow nothing.
   *
   * @param names sorted, as a token has them
   * @throws VaultException with code {@code INTERNAL} if a stored policy cannot be read any more:
   *     nothing is allowed then
   */
  public Acl aclOf(List<String> names) {
    if (names.contains(ROOT)) {
      return Acl.ROOT;
    }
    long change = changes.get();
    Instant now = transactions.clock().instant();
    Compiled known = compiled.getIfPresent(names);
    if (known != null
        && known.change == change
        && known.acl.validUntil().filter(until -> !now.isBefore(until)).isEmpty()) {
      return known.acl;
    }
    Acl acl = compile(names, now);
    compiled.put(names, new Compiled(acl, change));
    return acl;
  }

  private Acl compile(List<String> names, Instant now) {
    Storage storage = transactions.beginReadOnly().in(transactions.system());
    List<ParsedPolicy> policies = new ArrayList<>();
    for (String name : names) {
      Optional<PolicyRecord> stored =
          storage.get(POLICY.at(name)).filter(policy -> !policy.isExpired(now));
      if (stored.isPresent()) {
        policies.add(parseStored(name, stored.get(), now));
      }
    }
    return Acl.of(policies, now);
  }

  private static ParsedPolicy parseStored(String name, PolicyRecord stored, Instant now) {
    try {
      ParsedPolicy policy = ParsedPolicy.parse(name, stored.text(), now);
      return stored.expiresAt().map(policy::endingAt).orElse(policy);
    } catch (PolicySyntaxException e) {
      throw new VaultException(ErrorCode.INTERNAL, "internal error", e);
    }
  }

  /** Folds a name to its canonical form. */
  public static String fold(String name) {
    return name.strip().toLowerCase(Locale.ROOT);
  }

  /** Returns a stored policy that has not expired. */
  public Optional<PolicyRecord> read(Transaction tx, String name) {
    return tx.in(transactions.system())
        .get(POLICY.at(name))
        .filter(policy -> !policy.isExpired(transactions.clock().instant()));
  }

  /** Stores a policy in the place of one of that name. */
  public void write(Transaction tx, String name, PolicyRecord policy) {
    tx.in(transactions.system()).put(POLICY.at(name), policy);
    tx.afterCommit(revision -> changes.incrementAndGet());
  }

  public void delete(Transaction tx, String name) {
    tx.in(transactions.system()).delete(POLICY.at(name));
    tx.afterCommit(revision -> changes.incrementAndGet());
  }

  /**
   * Returns the names of stored policies, expired ones included.
   *
   * @param prefix empty, or a name with a trailing slash
   */
  public List<String> names(Transaction tx, String prefix) {
    List<String> names = new ArrayList<>();
    collect(tx.in(transactions.system()), prefix, names);
    return names;
  }

  private static void collect(Storage storage, String folder, List<String> names) {
    for (String name : storage.list(POLICY, folder)) {
      if (name.endsWith("/")) {
        collect(storage, folder + name, names);
      } else {
        names.add(folder + name);
      }
    }
  }

  /** Makes sure of the policy {@code default}; an edited one stays as it is. */
  public void ensureDefault(Transaction tx) {
    if (read(tx, DEFAULT).isEmpty()) {
      Instant now = transactions.clock().instant();
      write(
          tx,
          DEFAULT,
          new PolicyRecord(BuiltInPolicies.DEFAULT, 1, false, Optional.empty(), now, false));
    }
  }

  /**
   * Makes sure of a policy that the host application declares.
   *
   * @throws VaultException with code {@code CONFLICT} if somebody else has written one of that name
   */
  public void ensureDeclared(Transaction tx, String name, String text) {
    Optional<PolicyRecord> stored = read(tx, name);
    if (stored.isPresent() && !stored.get().declared()) {
      throw new VaultException(
          ErrorCode.CONFLICT,
          "the application declares the policy \"" + name
              + "\", but the store has one of that name which it did not declare");
    }
    if (stored.isEmpty() || !stored.get().text().equals(text)) {
      int version = stored.map(PolicyRecord::version).orElse(0) + 1;
      write(
          tx,
          name,
          new PolicyRecord(
              text, version, false, Optional.empty(), transactions.clock().instant(), true));
    }
  }
}

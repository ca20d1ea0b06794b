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
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Policies by name, and what sets of them allow. A compiled set is shared by all callers that have
 * it and for whom its placeholders stand for the same, until some policy changes or a part of it
 * expires. Names are lower case. Thread-safe.
 */
public final class PolicyStore {
  public static final String ROOT = "root";
  public static final String DEFAULT = "default";
  public static final String RESPONSE_WRAPPING = "response-wrapping";

  private static final RecordKind<PolicyRecord> POLICY =
      RecordKind.tree("policy", PolicyRecord.CODEC);
  private static final int CACHED_RULES = 200_000;

  private final Transactions transactions;
  private final Cache<Key, Compiled> compiled = Caffeine.newBuilder()
      .maximumWeight(CACHED_RULES)
      .weigher((Key key, Compiled set) -> 1 + set.acl.weight() + set.selectors.size())
      .executor(Runnable::run)
      .build();
  private final AtomicLong changes = new AtomicLong();

  /**
   * Everything that a compiled set depends on, but for the policies' texts.
   *
   * @param values by selector; those that stand for nothing are not there
   */
  private record Key(List<String> names, Map<String, String> values) {}

  /**
   * A set of policies, compiled.
   *
   * @param selectors of all its placeholders
   */
  private record Compiled(Acl acl, List<String> selectors, long change) {}

  public PolicyStore(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Returns a number that grows whenever some policy has changed. */
  public long changes() {
    return changes.get();
  }

  /**
   * Returns what a set of policies allows a caller; names that nobody has written allow nothing.
   *
   * @param names sorted
   * @param values what placeholders in the policies' paths stand for
   * @throws VaultException with code {@code INTERNAL} if a stored policy cannot be read any more:
   *     nothing is allowed then
   */
  public Acl aclOf(List<String> names, TemplateValues values) {
    if (names.contains(ROOT)) {
      return Acl.ROOT;
    }
    Compiled unfilled = compiled(new Key(names, Map.of()));
    Map<String, String> known = new HashMap<>();
    unfilled.selectors.forEach(
        selector -> values.valueOf(selector).ifPresent(value -> known.put(selector, value)));
    return known.isEmpty() ? unfilled.acl : compiled(new Key(names, Map.copyOf(known))).acl;
  }

  private Compiled compiled(Key key) {
    long change = changes.get();
    Instant now = transactions.clock().instant();
    Compiled known = compiled.getIfPresent(key);
    if (known != null
        && known.change == change
        && known.acl.validUntil().filter(until -> !now.isBefore(until)).isEmpty()) {
      return known;
    }
    List<ParsedPolicy> policies = parsed(key.names, now);
    Acl acl = Acl.of(policies, selector -> Optional.ofNullable(key.values.get(selector)), now);
    List<String> selectors =
        policies.stream().flatMap(ParsedPolicy::selectors).distinct().toList();
    Compiled fresh = new Compiled(acl, selectors, change);
    compiled.put(key, fresh);
    return fresh;
  }

  private List<ParsedPolicy> parsed(List<String> names, Instant now) {
    Storage storage = transactions.beginReadOnly().in(transactions.system());
    List<ParsedPolicy> policies = new ArrayList<>();
    for (String name : names) {
      Optional<PolicyRecord> stored =
          storage.get(POLICY.at(name)).filter(policy -> !policy.isExpired(now));
      if (stored.isPresent()) {
        policies.add(parseStored(name, stored.get(), now));
      }
    }
    return policies;
  }

  private static ParsedPolicy parseStored(String name, PolicyRecord stored, Instant now) {
    try {
      ParsedPolicy policy = ParsedPolicy.parse(name, stored.text(), now)
          .allowing(stored.slashesInValues(), stored.wildcardsInValues());
      return stored.expiresAt().map(policy::endingAt).orElse(policy);
    } catch (PolicySyntaxException e) {
      throw new VaultException(ErrorCode.INTERNAL, "internal error", e);
    }
  }

  /** Folds a name to its canonical form. */
  public static String fold(String name) {
    return name.strip().toLowerCase(Locale.ROOT);
  }

  /** Returns the names that are meant, each once, in a set of the caller's own. */
  public static NavigableSet<String> fold(Collection<String> names) {
    NavigableSet<String> folded = new TreeSet<>();
    names.stream().map(PolicyStore::fold).filter(name -> !name.isEmpty()).forEach(folded::add);
    return folded;
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

  /**
   * Makes sure of the policies that every vault has: {@code default}, of which an edited one stays
   * as it is, and {@code response-wrapping}, which nobody can edit.
   */
  public void ensureBuiltIn(Transaction tx) {
    if (read(tx, DEFAULT).isEmpty()) {
      writeBuiltIn(tx, DEFAULT, BuiltInPolicies.DEFAULT);
    }
    String wrapping = BuiltInPolicies.RESPONSE_WRAPPING;
    if (read(tx, RESPONSE_WRAPPING).filter(p -> p.text().equals(wrapping)).isEmpty()) {
      writeBuiltIn(tx, RESPONSE_WRAPPING, wrapping);
    }
  }

  private void writeBuiltIn(Transaction tx, String name, String text) {
    Instant now = transactions.clock().instant();
    write(tx, name, PolicyRecord.of(text, 1, now, /* declared= */ false));
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
          PolicyRecord.of(text, version, transactions.clock().instant(), /* declared= */ true));
    }
  }
}

package dev.strongroom.internal.token;

import dev.strongroom.ClientToken;
import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.internal.background.Background;
import dev.strongroom.internal.barrier.Barrier;
import dev.strongroom.internal.cubbyhole.Cubbyholes;
import dev.strongroom.internal.due.DueIndex;
import dev.strongroom.internal.hmac.HmacSha256;
import dev.strongroom.internal.identity.IdentityStore;
import dev.strongroom.internal.policy.Acl;
import dev.strongroom.internal.policy.PolicyStore;
import dev.strongroom.internal.policy.TemplateValues;
import dev.strongroom.internal.random.RandomText;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.internal.token.TokenRecord.State;
import dev.strongroom.request.Auth;
import dev.strongroom.request.Origin;
import dev.strongroom.request.TokenType;
import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.Storage;
import dev.strongroom.spi.StorageException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

/**
 * Tokens by their hash. A token is valid only if its whole chain of parents is, so that ending a
 * tree is one durable write at its top; what is left of the tree is removed behind the requests.
 * Expiry is an index in the store, not a timer per token. Thread-safe.
 */
public final class TokenStore implements AutoCloseable {

  /** 143 bits. */
  private static final int RANDOM_LENGTH = 24;

  /** Checking a token walks up its parents, and removing a tree walks down to its leaves. */
  private static final int MAX_DEPTH = 256;

  /** Nobody has a longer one, and a longer name could not be looked for. */
  private static final int MAX_ACCESSOR_LENGTH = 256;

  private static final RecordCodec<String> TEXT =
      RecordCodec.of(1, (text, out) -> out.text(text), RecordReader::text);
  private static final RecordCodec<Long> NUMBER =
      RecordCodec.of(1, (number, out) -> out.i64(number), RecordReader::i64);

  static final RecordKind<TokenRecord> TOKEN = RecordKind.attached("token", TokenRecord.CODEC);
  static final RecordKind<String> CHILD = RecordKind.attached("child", TEXT);
  private static final RecordKind<Long> USES = RecordKind.attached("uses", NUMBER);
  static final RecordKind<String> ACCESSOR = RecordKind.attached("accessor", TEXT);
  /** Tokens of logins, by the accessor of the mount. */
  private static final RecordKind<String> OF_LOGIN = RecordKind.attached("login-token", TEXT);

  /** Where tokens are found by the path of the request that made them. */
  public static final RecordKind<String> LEASE = RecordKind.tree("token-lease", TEXT);

  private final Transactions transactions;
  private final PolicyStore policies;
  private final IdentityStore identities;
  private final Issuers issuers;
  private final Cubbyholes cubbyholes;
  private final RandomText random;
  private final byte[] hashKey;
  private final BatchTokens batchTokens;
  private final TokenRoles roles;
  private final TokenExpiry expiry;
  private final TokenRemoval removal;
  private final EntityEnding entityEnding;
  private final TokenTidy tidy;
  private final AtomicLong changes = new AtomicLong();

  /** How many requests of tokens with limited uses are under way, by hash. */
  private final ConcurrentMap<String, Integer> counted = new ConcurrentHashMap<>();

  private volatile boolean closed;

  /**
   * Opens the tokens of a store.
   *
   * @param hashKey taken over
   * @param batchKey for batch tokens; taken over
   */
  public TokenStore(
      Transactions transactions,
      PolicyStore policies,
      IdentityStore identities,
      Issuers issuers,
      Cubbyholes cubbyholes,
      Background background,
      DueIndex due,
      Dependents dependents,
      SecureRandom random,
      byte[] hashKey,
      byte[] batchKey) {
    this.transactions = transactions;
    this.policies = policies;
    this.identities = identities;
    this.issuers = issuers;
    this.cubbyholes = cubbyholes;
    this.random = new RandomText(random);
    this.hashKey = hashKey;
    this.batchTokens = new BatchTokens(batchKey, random);
    this.roles = new TokenRoles(transactions);
    this.removal = new TokenRemoval(transactions, this, cubbyholes, dependents, background);
    this.entityEnding = new EntityEnding(transactions, this, background);
    this.tidy = new TokenTidy(transactions, this, background);
    this.expiry = new TokenExpiry(transactions, this, due);
  }

  /** What ends with the token that it was made for. */
  public interface Dependents {
    /**
     * Orders the end of up to {@code max} of them; the token's rows go when none is left.
     *
     * @return how many were found
     */
    int end(Transaction tx, String tokenHash, int max);
  }

  /** A token that was made. */
  public record Issued(ClientToken token, TokenRecord record) {}

  /** A token that was found. */
  public record Found(String hash, TokenRecord record) {}

  public TokenRoles roles() {
    return roles;
  }

  /** Goes on with what was under way when the store was closed. */
  public void resume() {
    removal.resume();
    entityEnding.resume();
  }

  /**
   * Returns the caller behind a token; empty for one that is unknown, expired, revoked, used up or
   * bound to other addresses, or whose entity is disabled or gone, or has lost the alias of the
   * login: nobody learns which.
   *
   * @param origin where the request comes from; asked at each one, whatever is remembered
   */
  public Optional<Caller> identify(Bearer bearer, Optional<Origin> origin) {
    return bearer.hasToken()
        ? identify(bearer).filter(caller -> caller.mayComeFrom(origin))
        : Optional.empty();
  }

  private Optional<Caller> identify(Bearer bearer) {
    // Before looking, so that a change meanwhile makes the next request look again.
    long change = changes.get() + policies.changes() + identities.changes() + issuers.changes();
    Bearer.Identified known = bearer.identified();
    if (known != null && known.holds(this, change, transactions.clock())) {
      return known.caller();
    }
    String hash = bearer.hash(this);
    return transactions.read(tx -> valid(tx.in(transactions.system()), bearer.token(), hash)
        .flatMap(valid -> aclOf(tx, valid.record).map(acl -> {
          Instant notAfter =
              acl.validUntil().filter(valid.notAfter::isAfter).orElse(valid.notAfter);
          Caller caller = new Caller(bearer.token(), hash, valid.record, acl);
          bearer.remember(new Bearer.Identified(this, Optional.of(caller), change, notAfter));
          return caller;
        })));
  }

  /**
   * Returns what a token's policies allow, together with those of its entity; empty if that is
   * disabled or gone, does not have the alias of the login any more, or if that is so of a token
   * above it.
   */
  public Optional<Acl> aclOf(Transaction tx, TokenRecord token) {
    if (!isOfUsableEntities(tx, token)) {
      return Optional.empty();
    }
    if (token.entityId().isEmpty()) {
      return Optional.of(policies.aclOf(token.policies(), TemplateValues.NONE));
    }
    return identities.subject(tx, token.entityId().get()).map(subject -> {
      TreeSet<String> names = new TreeSet<>(token.policies());
      names.addAll(subject.policies());
      return policies.aclOf(List.copyOf(names), subject);
    });
  }

  /** Returns a token as it is handed to its owner. */
  public Auth auth(Transaction tx, Optional<ClientToken> token, TokenRecord record, Duration ttl) {
    List<String> ofEntity = record
        .entityId()
        .flatMap(id -> identities.subject(tx, id))
        .map(subject -> List.copyOf(new TreeSet<>(subject.policies())))
        .orElse(List.of());
    return new Auth(
        token,
        record.accessor(),
        record.policies(),
        ofEntity,
        record.meta(),
        record.entityId(),
        record.type(),
        ttl,
        record.renewable(),
        isOrphan(tx, record),
        record.numUses());
  }

  /**
   * Takes one of a limited number of uses, before the work is done; false if none was left. Either
   * way {@link #endIfUsedUp} follows.
   */
  public boolean spendUse(Caller caller) {
    counted.merge(caller.hash(), 1, Integer::sum);
    return transactions.write(
        caller.hash(),
        tx -> {
          Storage storage = tx.in(transactions.system());
          long left = storage
              .get(TOKEN.at("", caller.hash()))
              .filter(token -> token.state() == State.ACTIVE)
              .flatMap(token -> storage.get(USES.at("", caller.hash())))
              .orElse(0L);
          if (left > 0) {
            storage.put(USES.at("", caller.hash()), left - 1);
          }
          return left > 0;
        },
        spent -> spent);
  }

  /**
   * Ends a token that has no use left, after its last request. The one that is answered last ends
   * it: a use that was spent is good until then.
   */
  public void endIfUsedUp(Caller caller) {
    Integer others = counted.computeIfPresent(
        caller.hash(), (hash, running) -> running == 1 ? null : running - 1);
    if (others != null) {
      return;
    }
    transactions.write(
        caller.hash(),
        tx -> {
          if (usesLeft(tx, caller.hash()).filter(left -> left <= 0).isPresent()) {
            revokeTree(tx, caller.hash());
          }
          return true;
        },
        done -> true);
  }

  /** Returns how many uses are left; empty if their number is not limited. */
  public Optional<Long> usesLeft(Transaction tx, String hash) {
    return tx.in(transactions.system()).get(USES.at("", hash));
  }

  /** Returns a valid token; text that cannot be a token is one that nobody has. */
  public Optional<Found> find(Transaction tx, String text) {
    ClientToken token;
    try {
      token = ClientToken.parse(text);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    String hash = hash(token);
    return valid(tx.in(transactions.system()), token, hash)
        .flatMap(valid -> found(tx, hash, valid));
  }

  /** Returns the valid token that an accessor names. */
  public Optional<Found> findByAccessor(Transaction tx, String accessor) {
    return accessor.isEmpty() || accessor.length() > MAX_ACCESSOR_LENGTH
        ? Optional.empty()
        : tx.in(transactions.system())
            .get(ACCESSOR.at("", accessor))
            .flatMap(hash -> findByHash(tx, hash));
  }

  /**
   * Accessors that were found.
   *
   * @param unreadable how many entries could not be read
   */
  public record Accessors(List<String> ofValidTokens, int unreadable) {}

  /** Returns the accessors of all valid service tokens, sorted. */
  public Accessors accessors(Transaction tx) {
    List<String> valid = new ArrayList<>();
    int unreadable = 0;
    for (String accessor : tx.in(transactions.system()).list(ACCESSOR, "")) {
      try {
        findByAccessor(tx, accessor).ifPresent(found -> valid.add(accessor));
      } catch (StorageException e) {
        unreadable++;
      }
    }
    return new Accessors(List.copyOf(valid), unreadable);
  }

  /** As {@link Transactions#counting}: the service tokens. */
  public IntSupplier counting() {
    return transactions.counting(transactions.system(), ACCESSOR, "");
  }

  /** Begins to remove what damage has left of tokens; false if that is under way. */
  public boolean tidy() {
    return tidy.start();
  }

  private Optional<Found> findByHash(Transaction tx, String hash) {
    return valid(tx.in(transactions.system()), hash).flatMap(valid -> found(tx, hash, valid));
  }

  private Optional<Found> found(Transaction tx, String hash, Valid valid) {
    boolean usable = valid.record.numUses() == 0 || usesLeft(tx, hash).orElse(0L) > 0;
    return usable ? Optional.of(new Found(hash, valid.record)) : Optional.empty();
  }

  /**
   * Makes a token. Nothing is stored of a batch token.
   *
   * @param chosen the text of a service token, where its creator may choose one
   * @throws VaultException with code {@code INVALID_REQUEST} if the chosen one exists,
   *     {@code PERMISSION_DENIED} if the parent has ended, or {@code LIMIT_EXCEEDED} if too many
   *     tokens are above it, or if there is too much for a batch token to hold
   */
  public Issued create(Transaction tx, Draft draft, Optional<ClientToken> chosen) {
    Instant now = transactions.clock().instant();
    Storage storage = tx.in(transactions.system());
    // Reading the whole chain makes it a condition: nothing is attached to a tree that has ended,
    // so removal finds everything, and nobody makes an orphan after having been revoked.
    Optional<Valid> creator = draft.creator().map(hash -> requireValid(storage, hash));
    if (creator.filter(valid -> !isOfUsableEntities(tx, valid.record)).isPresent()) {
      throw Acl.denied();
    }
    if (!draft.orphan() && creator.filter(valid -> valid.depth >= MAX_DEPTH).isPresent()) {
      throw new VaultException(
          ErrorCode.LIMIT_EXCEEDED, "tokens have at most " + MAX_DEPTH + " tokens above them");
    }
    Optional<TokenRecord> maker = creator.map(Valid::record);
    if (draft.type() == TokenType.BATCH) {
      TokenRecord record = draft.record("", "", maker, now);
      return new Issued(batchTokens.seal(record), record);
    }
    ClientToken token =
        chosen.orElseGet(() -> ClientToken.parse("s." + random.base62(RANDOM_LENGTH)));
    String hash = hash(token);
    // Looked at only then: what was drawn is nobody's, and to remember its absence takes longer
    // than all else here (measured).
    if (chosen.isPresent() && storage.get(TOKEN.at("", hash)).isPresent()) {
      throw new VaultException(
          ErrorCode.INVALID_REQUEST, "cannot create a token with a duplicate ID");
    }
    TokenRecord record =
        draft.record(random.base62(RANDOM_LENGTH), random.base62(RANDOM_LENGTH), maker, now);
    storage.put(TOKEN.at("", hash), record); // changes nobody who is remembered
    storage.put(ACCESSOR.at("", record.accessor()), hash);
    record.parent().ifPresent(parent -> storage.put(CHILD.at(parent, hash), hash));
    record
        .issuer()
        .ifPresent(issuer -> storage.put(OF_LOGIN.at(issuer.mountAccessor(), hash), hash));
    if (record.numUses() > 0) {
      storage.put(USES.at("", hash), (long) record.numUses());
    }
    leaseId(hash, record).ifPresent(id -> storage.put(LEASE.at(id), hash));
    record.expiresAt().ifPresent(at -> expiry.watch(tx, hash, at));
    return new Issued(token, record);
  }

  /**
   * Removes up to {@code max} tokens of logins at a mount that is no more, and what is below them;
   * returns how many.
   */
  public int removeSomeOfLogins(Transaction tx, String mountAccessor, int max) {
    Storage storage = tx.in(transactions.system());
    List<String> some = transactions.someNames(transactions.system(), OF_LOGIN, mountAccessor, max);
    for (String hash : some) {
      revokeTree(tx, hash);
      storage.delete(OF_LOGIN.at(mountAccessor, hash));
    }
    return some.size();
  }

  /**
   * Returns the name of a token's own lease: the path of the request that made it, and its hash.
   * The first root token, and those of a later ceremony, have none.
   */
  private static Optional<String> leaseId(String hash, TokenRecord token) {
    boolean made = !token.path().equals("auth/token/root");
    return made ? Optional.of(token.path() + "/h" + hash) : Optional.empty();
  }

  /** Returns the token whose own lease has that name. */
  public Optional<Found> findByLease(Transaction tx, String leaseId) {
    Storage storage = tx.in(transactions.system());
    return storage.get(LEASE.at(leaseId)).flatMap(hash -> storage
        .get(TOKEN.at("", hash))
        .filter(token -> token.state() == State.ACTIVE)
        .map(token -> new Found(hash, token)));
  }

  /** Orders the end of all tokens of an entity, with the change that removes it. */
  public void endAllOf(Transaction tx, String entityId) {
    entityEnding.order(tx, entityId);
  }

  /** Returns whether anything is left of a token. */
  public boolean isStored(Transaction tx, String hash) {
    return tx.in(transactions.system()).get(TOKEN.at("", hash)).isPresent();
  }

  /**
   * Makes it a condition that a token, and what is above it, are active.
   *
   * @throws VaultException with code {@code PERMISSION_DENIED} if not
   */
  public void requireActive(Transaction tx, String hash) {
    requireValid(tx.in(transactions.system()), hash);
  }

  /** Returns the caller's token as the transaction sees it, which may have ended meanwhile. */
  public Found current(Transaction tx, Caller caller) {
    return valid(tx.in(transactions.system()), caller.presented(), caller.hash())
        .map(valid -> new Found(caller.hash(), valid.record))
        .orElseThrow(Acl::denied);
  }

  /**
   * Gives a token {@code ttl} from now; may also shorten its life.
   *
   * @param token read in the same transaction, or a token that has ended would come back
   */
  public TokenRecord renew(Transaction tx, Found token, Duration ttl) {
    TokenRecord renewed = token.record.renewed(transactions.clock().instant(), ttl);
    put(tx, token.hash, renewed);
    // A later expiry finds the earlier entry of the index, which then moves; an earlier one needs
    // an entry of its own.
    Instant expiresAt = renewed.expiresAt().orElseThrow();
    if (token.record.expiresAt().filter(before -> before.isAfter(expiresAt)).isPresent()) {
      expiry.watch(tx, token.hash, expiresAt);
    }
    return renewed;
  }

  /** Ends a token and everything below it; nothing happens if it has ended already. */
  public void revokeTree(Transaction tx, String hash) {
    end(tx, hash, State.REVOKING);
  }

  /** Returns whether a token has no parent, or one that was ended alone: that shows at once. */
  public boolean isOrphan(Transaction tx, TokenRecord token) {
    return token
        .parent()
        .flatMap(parent -> tx.in(transactions.system()).get(TOKEN.at("", parent)))
        .filter(parent -> parent.state() != State.RELEASED)
        .isEmpty();
  }

  /** Ends a token; its children live on as orphans. */
  public void revokeAlone(Transaction tx, String hash) {
    end(tx, hash, State.RELEASED);
  }

  private void end(Transaction tx, String hash, State how) {
    Storage storage = tx.in(transactions.system());
    storage
        .get(TOKEN.at("", hash))
        .filter(token -> token.state() == State.ACTIVE)
        .ifPresent(token -> {
          put(tx, hash, token.withState(how));
          leaseId(hash, token).ifPresent(id -> storage.delete(LEASE.at(id))); // listed no more
          removal.order(tx, hash);
        });
  }

  /** The only place that changes a token: whoever rests on it must look again. */
  void put(Transaction tx, String hash, TokenRecord token) {
    tx.in(transactions.system()).put(TOKEN.at("", hash), token);
    tx.afterCommit(revision -> changes.incrementAndGet());
  }

  /** Removes every row of a token that has no children any more, and an empty cubbyhole. */
  void erase(Transaction tx, String hash, TokenRecord token) {
    Storage storage = tx.in(transactions.system());
    storage.delete(TOKEN.at("", hash));
    tx.afterCommit(revision -> changes.incrementAndGet());
    leaseId(hash, token).ifPresent(id -> storage.delete(LEASE.at(id)));
    storage.delete(ACCESSOR.at("", token.accessor()));
    if (token.isWrapping()) {
      cubbyholes.removeWrapped(tx, token.cubbyholeId());
    }
    token.parent().ifPresent(parent -> storage.delete(CHILD.at(parent, hash)));
    token.issuer().ifPresent(issuer -> storage.delete(OF_LOGIN.at(issuer.mountAccessor(), hash)));
    if (token.numUses() > 0) {
      storage.delete(USES.at("", hash));
    }
  }

  String hash(ClientToken token) {
    byte[] text = token.exposeBytes();
    try {
      byte[] hash = HmacSha256.of(hashKey, text);
      if (closed) { // it may have been made with a wiped key, and would be remembered
        throw Barrier.sealed();
      }
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  @Override
  public void close() {
    closed = true;
    Arrays.fill(hashKey, (byte) 0);
    batchTokens.close();
  }

  /**
   * A token that is worth something.
   *
   * @param depth how many tokens its validity rests on, itself included
   */
  private record Valid(TokenRecord record, Instant notAfter, int depth) {}

  /** Walks up as far as the token's validity rests on others. */
  private boolean isOfUsableEntities(Transaction tx, TokenRecord first) {
    Storage storage = tx.in(transactions.system());
    Optional<TokenRecord> current = Optional.of(first);
    while (current.filter(token -> token.state() == State.ACTIVE).isPresent()) {
      TokenRecord token = current.get();
      if (token.entityId().filter(entityId -> !isUsable(tx, token, entityId)).isPresent()) {
        return false;
      }
      current = token.parent().flatMap(parent -> storage.get(TOKEN.at("", parent)));
    }
    return true;
  }

  private boolean isUsable(Transaction tx, TokenRecord token, String entityId) {
    return token.issuer().isPresent()
        ? identities.isUsable(tx, entityId, token.issuer().get().mountAccessor(), token.createdAt())
        : identities.isUsable(tx, entityId);
  }

  private Valid requireValid(Storage storage, String hash) {
    return valid(storage, hash).orElseThrow(Acl::denied);
  }

  private Optional<Valid> valid(Storage storage, ClientToken token, String hash) {
    return BatchTokens.isOne(token)
        ? batchTokens.open(token).flatMap(record -> valid(storage, record, Optional.empty()))
        : valid(storage, hash);
  }

  private Optional<Valid> valid(Storage storage, String hash) {
    return storage
        .get(TOKEN.at("", hash))
        .flatMap(record -> valid(storage, record, Optional.of(hash)));
  }

  /**
   * Walks up to the first orphan: each token on the way must be active and alive, or have been
   * released to its children. Nobody can tell a batch token that it has become an orphan, so it
   * ends with its parent even then.
   *
   * @param firstHash empty for a batch token, which has no row
   */
  private Optional<Valid> valid(Storage storage, TokenRecord first, Optional<String> firstHash) {
    Instant now = transactions.clock().instant();
    Optional<TokenRecord> current = Optional.of(first);
    Optional<String> hash = firstHash;
    Instant notAfter = Instant.MAX;
    for (int depth = 1; current.isPresent(); depth++) {
      TokenRecord token = current.get();
      boolean released = token.state() == State.RELEASED && depth > (first.isBatch() ? 2 : 1);
      if (released) {
        return Optional.of(new Valid(first, notAfter, depth - 1));
      }
      Instant expiresAt = token.expiresAt().orElse(Instant.MAX);
      if (token.state() != State.ACTIVE || !now.isBefore(expiresAt) || !isIssuerMounted(token)) {
        return Optional.empty();
      }
      notAfter = expiresAt.isBefore(notAfter) ? expiresAt : notAfter;
      if (token.isOrphan()) {
        return Optional.of(new Valid(first, notAfter, depth));
      }
      String parent = token.parent().orElseThrow();
      current = storage.get(TOKEN.at("", parent));
      if (current.isEmpty()) {
        hash.ifPresent(read -> requireUnchanged(read, token));
      }
      hash = Optional.of(parent);
    }
    return Optional.empty();
  }

  /**
   * Between the reads of a token and of its parent the one may have become an orphan and the other
   * may have been erased. Whoever read both looks again then, as at every row that went missing.
   */
  private void requireUnchanged(String hash, TokenRecord read) {
    Transaction tx = transactions.beginReadOnly();
    if (!tx.in(transactions.system()).get(TOKEN.at("", hash)).equals(Optional.of(read))) {
      throw new StorageException("a token has changed while its parents were looked at");
    }
  }

  private boolean isIssuerMounted(TokenRecord token) {
    return token.issuer().isEmpty() || issuers.isMounted(token.issuer().get().mountAccessor());
  }
}

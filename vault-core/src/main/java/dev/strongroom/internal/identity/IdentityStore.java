package dev.strongroom.internal.identity;

import dev.strongroom.VaultException;
import dev.strongroom.internal.policy.Acl;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.spi.StorageException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Who holds tokens: entities, which auth methods know by aliases, and groups of them. All are in
 * the system's container. Thread-safe.
 */
public final class IdentityStore {
  private static final Logger LOG = System.getLogger("dev.strongroom");

  private final AtomicLong changes = new AtomicLong();
  private final Entities entities;
  private final Groups groups;

  public IdentityStore(Transactions transactions, SecureRandom random) {
    Identifiers identifiers = new Identifiers(random);
    this.entities = new Entities(transactions, identifiers, this::count);
    this.groups = new Groups(transactions, identifiers, entities, this::count);
  }

  private void count(Transaction tx) {
    tx.afterCommit(revision -> changes.incrementAndGet());
  }

  /**
   * Returns a number that grows whenever somebody who has been identified may be another one now.
   */
  public long changes() {
    return changes.get();
  }

  public Entities entities() {
    return entities;
  }

  public Groups groups() {
    return groups;
  }

  /** Returns whether tokens of an entity are worth something: it is there, and not disabled. */
  public boolean isUsable(Transaction tx, String entityId) {
    return usable(tx, entityId).isPresent();
  }

  /**
   * Returns whether tokens of a login are worth something: their entity {@link #isUsable is
   * usable}, and still has an alias at the mount that is as old as the login.
   */
  public boolean isUsable(Transaction tx, String entityId, String mountAccessor, Instant login) {
    return usable(tx, entityId)
        .flatMap(entity -> entity.aliasAt(mountAccessor))
        .filter(alias -> !alias.createdAt().isAfter(login))
        .isPresent();
  }

  private Optional<Entity> usable(Transaction tx, String entityId) {
    return entities.byId(tx, entityId).filter(entity -> !entity.disabled());
  }

  /** Returns an entity with its groups; empty if it is disabled or gone. */
  public Optional<Subject> subject(Transaction tx, String entityId) {
    return usable(tx, entityId).map(entity -> new Subject(entity, groups.ofEntity(tx, entityId)));
  }

  /**
   * Returns the entity of somebody whom an auth method has recognised; the first time, a new one.
   * Same rules as OpenBao v2.6.2 {@code vault/identity/store.go} (CreateOrFetchEntity), but a name
   * that looks like another one of that mount is refused.
   *
   * @param name canonical: the method knows one person by one name
   * @param metadata what the method knows now; replaces what it said before
   * @throws VaultException with code {@code PERMISSION_DENIED} if the entity is disabled or the
   *     name is a lookalike, {@code INVALID_REQUEST} or {@code LIMIT_EXCEEDED} if name or metadata
   *     cannot be stored
   */
  public Entity ofLogin(
      Transaction tx, String mountAccessor, String name, Map<String, String> metadata) {
    Rules.requireName(name);
    Optional<Entity> known = entities.byAliasLike(tx, mountAccessor, name);
    if (known.isEmpty()) {
      return entities.createWithAlias(tx, mountAccessor, name, metadata);
    }
    Entity entity = known.get();
    Alias alias = entity
        .aliasAt(mountAccessor)
        .orElseThrow(() -> new StorageException("the index of aliases leads to another entity"));
    if (!alias.name().equals(name)) {
      LOG.log(
          Level.WARNING,
          "a login at " + mountAccessor + " was refused: its name differs only in its spelling"
              + " from the alias " + alias.id());
      throw Acl.denied();
    }
    if (entity.disabled()) {
      throw Acl.denied();
    }
    return alias.metadata().equals(metadata)
        ? entity
        : entities.changeMetadata(tx, entity, alias, metadata);
  }

  /** Removes up to {@code max} aliases at a mount that is no more; returns how many. */
  public int removeSomeAliases(Transaction tx, String mountAccessor, int max) {
    return entities.removeSomeAliases(tx, mountAccessor, max);
  }

  /** Removes an entity; its tokens are of no use any more. */
  public void delete(Transaction tx, Entity entity) {
    groups.forget(tx, entity.id());
    entities.delete(tx, entity);
  }
}

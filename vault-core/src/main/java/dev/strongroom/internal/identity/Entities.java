package dev.strongroom.internal.identity;

import dev.strongroom.VaultException;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.Storage;
import dev.strongroom.spi.StorageException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * Entities and their aliases. No two entities have names that look alike, no two aliases of a mount
 * do, and an entity has one alias at a mount. Methods that change something throw a
 * {@link VaultException}: {@code INVALID_REQUEST} or {@code LIMIT_EXCEEDED}. Same rules and texts
 * as OpenBao v2.6.2 {@code vault/identity/store_entities.go} and {@code store_aliases.go}.
 * Thread-safe.
 */
public final class Entities {
  private static final int MAX_ALIASES = 100;

  private static final RecordKind<Entity> ENTITY = RecordKind.attached("entity", Entity.CODEC);
  private static final RecordKind<String> ALIAS = RecordKind.attached(
      "alias", RecordCodec.of(1, (entity, out) -> out.text(entity), RecordReader::text));

  private final NameIndex names = new NameIndex("entity-name", "entity name is already in use");
  private final NameIndex aliasNames = new NameIndex(
      "alias-name", "alias with combination of mount accessor and name already exists");
  private final Transactions transactions;
  private final Identifiers identifiers;
  private final Consumer<Transaction> changed;

  /**
   * Opens the entities of a store.
   *
   * @param changed told of every change that may count for somebody who has been identified
   */
  Entities(Transactions transactions, Identifiers identifiers, Consumer<Transaction> changed) {
    this.transactions = transactions;
    this.identifiers = identifiers;
    this.changed = changed;
  }

  /** What an entity is to be; what is empty stays as it is. */
  public record Wanted(
      Optional<String> name,
      Optional<Map<String, String>> metadata,
      Optional<List<String>> policies,
      Optional<Boolean> disabled) {
    /** Nothing in particular. */
    public static final Wanted NOTHING =
        new Wanted(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  public Optional<Entity> byId(Transaction tx, String id) {
    return Rules.canBeKey(id) ? storage(tx).get(ENTITY.at("", id)) : Optional.empty();
  }

  /** Returns the entity of exactly this name. */
  public Optional<Entity> byName(Transaction tx, String name) {
    return names.find(storage(tx), "", name).map(id -> behind(tx, id)).filter(entity -> entity
        .name()
        .equals(name));
  }

  /** Returns the entity whose alias at that mount has exactly this name. */
  public Optional<Entity> byAlias(Transaction tx, String mountAccessor, String name) {
    return byAliasLike(tx, mountAccessor, name).filter(entity -> entity
        .aliasAt(mountAccessor)
        .filter(alias -> alias.name().equals(name))
        .isPresent());
  }

  Optional<Entity> byAliasLike(Transaction tx, String mountAccessor, String name) {
    return aliasNames.find(storage(tx), mountAccessor, name).map(id -> behind(tx, id));
  }

  public Optional<Entity> byAliasId(Transaction tx, String aliasId) {
    if (!Rules.canBeKey(aliasId)) {
      return Optional.empty();
    }
    Optional<Entity> entity = storage(tx).get(ALIAS.at("", aliasId)).map(id -> behind(tx, id));
    if (entity.filter(found -> found.alias(aliasId).isEmpty()).isPresent()) {
      throw new StorageException("the index of aliases leads to another entity");
    }
    return entity;
  }

  /** Returns the entity that an index promises. */
  private Entity behind(Transaction tx, String id) {
    return byId(tx, id)
        .orElseThrow(() -> new StorageException("an index of entities leads to none"));
  }

  /** Returns the ids of all entities. */
  public List<String> ids(Transaction tx) {
    return storage(tx).list(ENTITY, "");
  }

  /** As {@link Transactions#counting}: the entities. */
  public IntSupplier counting() {
    return transactions.counting(transactions.system(), ENTITY, "");
  }

  /** Returns the ids of all aliases. */
  public List<String> aliasIds(Transaction tx) {
    return storage(tx).list(ALIAS, "");
  }

  /** Makes an entity, under a random name where none is wanted. */
  public Entity create(Transaction tx, Wanted wanted) {
    Entity entity = draft(wanted);
    store(tx, entity); // changes nobody who is identified
    return entity;
  }

  /** Makes an entity with an alias. */
  Entity createWithAlias(
      Transaction tx, String mountAccessor, String name, Map<String, String> metadata) {
    Entity bare = draft(Wanted.NOTHING);
    Alias alias = newAlias(mountAccessor, name, metadata, Map.of());
    Entity entity = bare.with(alias, bare.createdAt());
    take(tx, entity, alias);
    store(tx, entity); // changes nobody who is identified
    return entity;
  }

  private void store(Transaction tx, Entity entity) {
    names.take(storage(tx), "", entity.name(), entity.id());
    storage(tx).put(ENTITY.at("", entity.id()), entity);
  }

  private Entity draft(Wanted wanted) {
    Instant now = transactions.clock().instant();
    Entity bare = new Entity(
        identifiers.id(),
        wanted.name.orElseGet(() -> identifiers.name("entity")),
        Map.of(),
        List.of(),
        false,
        List.of(),
        now,
        now);
    return changed(bare, wanted, now);
  }

  public Entity change(Transaction tx, Entity entity, Wanted wanted) {
    Entity after = changed(entity, wanted, transactions.clock().instant());
    if (!after.name().equals(entity.name())) {
      names.release(storage(tx), "", entity.name());
      names.take(storage(tx), "", after.name(), entity.id());
    }
    put(tx, after);
    return after;
  }

  private static Entity changed(Entity entity, Wanted wanted, Instant now) {
    return new Entity(
        entity.id(),
        Rules.requirePathName(wanted.name.orElse(entity.name())),
        Rules.metadata("entity", wanted.metadata.orElse(entity.metadata())),
        Rules.policies(wanted.policies.orElse(entity.policies())),
        wanted.disabled.orElse(entity.disabled()),
        entity.aliases(),
        entity.createdAt(),
        now);
  }

  /** Removes an entity with its aliases; it is the caller's task to take it out of its groups. */
  void delete(Transaction tx, Entity entity) {
    entity.aliases().forEach(alias -> release(tx, alias));
    names.release(storage(tx), "", entity.name());
    storage(tx).delete(ENTITY.at("", entity.id()));
    changed.accept(tx);
  }

  /** Gives an entity a new alias, and returns that. */
  public Alias addAlias(
      Transaction tx,
      Entity entity,
      String mountAccessor,
      String name,
      Map<String, String> customMetadata) {
    if (entity.aliasAt(mountAccessor).isPresent()) {
      throw Rules.refused("Alias already exists for requested entity and mount accessor");
    }
    Alias alias = newAlias(mountAccessor, name, Map.of(), customMetadata);
    attach(tx, entity, alias);
    return alias;
  }

  private Alias newAlias(
      String mountAccessor,
      String name,
      Map<String, String> metadata,
      Map<String, String> customMetadata) {
    Instant now = transactions.clock().instant();
    return new Alias(
        identifiers.id(),
        mountAccessor,
        name,
        Rules.metadata("alias", metadata),
        customMetadata,
        now,
        now);
  }

  /**
   * Puts an alias in the place of one with its id, perhaps at another entity.
   *
   * @param to as the transaction sees it
   */
  public void changeAlias(Transaction tx, Entity from, Entity to, Alias before, Alias after) {
    boolean moves = !from.id().equals(to.id());
    Entity rest = from.without(before, after.updatedAt());
    Entity target = moves ? to : rest;
    if (target.aliasAt(after.mountAccessor()).isPresent()) {
      throw Rules.refused(
          moves
              ? "Alias cannot be updated as the given entity already has an alias for this mount"
              : "Alias cannot be updated as the entity already has an alias for the given 'mount_accessor'");
    }
    release(tx, before);
    if (moves) {
      put(tx, rest);
    }
    attach(tx, target, after);
  }

  /** Stores what an auth method says about an alias now. */
  Entity changeMetadata(Transaction tx, Entity entity, Alias alias, Map<String, String> metadata) {
    Instant now = transactions.clock().instant();
    Entity after =
        entity.with(alias.withMetadata(Rules.metadata("alias", metadata), now), entity.updatedAt());
    put(tx, after);
    return after;
  }

  public void removeAlias(Transaction tx, Entity entity, Alias alias) {
    release(tx, alias);
    put(tx, entity.without(alias, transactions.clock().instant()));
  }

  /** Removes up to {@code max} aliases at a mount; returns how many. */
  int removeSomeAliases(Transaction tx, String mountAccessor, int max) {
    List<String> some = aliasNames.some(storage(tx), mountAccessor, max);
    for (String indexed : some) {
      aliasNames
          .findIndexed(storage(tx), mountAccessor, indexed)
          .flatMap(id -> byId(tx, id))
          .ifPresent(entity ->
              entity.aliasAt(mountAccessor).ifPresent(alias -> removeAlias(tx, entity, alias)));
      aliasNames.releaseIndexed(storage(tx), mountAccessor, indexed);
    }
    return some.size();
  }

  private void attach(Transaction tx, Entity entity, Alias alias) {
    if (entity.aliases().size() >= MAX_ALIASES) {
      throw Rules.exceeded("an entity has at most " + MAX_ALIASES + " aliases");
    }
    take(tx, entity, alias);
    put(tx, entity.with(alias, alias.updatedAt()));
  }

  private void take(Transaction tx, Entity entity, Alias alias) {
    Rules.requireName(alias.name());
    Rules.customMetadata(alias.customMetadata());
    aliasNames.take(storage(tx), alias.mountAccessor(), alias.name(), entity.id());
    storage(tx).put(ALIAS.at("", alias.id()), entity.id());
  }

  private void release(Transaction tx, Alias alias) {
    aliasNames.release(storage(tx), alias.mountAccessor(), alias.name());
    storage(tx).delete(ALIAS.at("", alias.id()));
  }

  private void put(Transaction tx, Entity entity) {
    storage(tx).put(ENTITY.at("", entity.id()), entity);
    changed.accept(tx);
  }

  private Storage storage(Transaction tx) {
    return tx.in(transactions.system());
  }
}

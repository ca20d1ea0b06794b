package dev.strongroom.internal.identity;

import dev.strongroom.VaultException;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import dev.strongroom.spi.Storage;
import dev.strongroom.spi.StorageException;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Groups of entities. No two have names that look alike. Methods that change something throw a
 * {@link VaultException}: {@code INVALID_REQUEST} or {@code LIMIT_EXCEEDED}. Same rules and texts
 * as OpenBao v2.6.2 {@code vault/identity/store_groups.go}, but no groups in groups. Thread-safe.
 */
public final class Groups {
  private static final int MAX_MEMBERS = 10_000;

  /** Each request of an entity's tokens looks at all its groups. */
  private static final int MAX_GROUPS_OF_ENTITY = 100;

  private static final RecordKind<Group> GROUP = RecordKind.attached("group", Group.CODEC);

  /** The groups of an entity, so that a request looks at no others. */
  private static final RecordKind<List<String>> MEMBERSHIPS = RecordKind.attached(
      "memberships",
      RecordCodec.of(
          1,
          (groups, out) -> out.all(groups, RecordWriter::text),
          in -> in.all(RecordReader::text)));

  private final NameIndex names = new NameIndex("group-name", "group name is already in use");
  private final Transactions transactions;
  private final Identifiers identifiers;
  private final Entities entities;
  private final Consumer<Transaction> changed;

  Groups(
      Transactions transactions,
      Identifiers identifiers,
      Entities entities,
      Consumer<Transaction> changed) {
    this.transactions = transactions;
    this.identifiers = identifiers;
    this.entities = entities;
    this.changed = changed;
  }

  /** What a group is to be; what is empty stays as it is. */
  public record Wanted(
      Optional<String> name,
      Optional<Map<String, String>> metadata,
      Optional<List<String>> policies,
      Optional<List<String>> members) {}

  public Optional<Group> byId(Transaction tx, String id) {
    return Rules.canBeKey(id) ? storage(tx).get(GROUP.at("", id)) : Optional.empty();
  }

  /** Returns the group of exactly this name. */
  public Optional<Group> byName(Transaction tx, String name) {
    return names
        .find(storage(tx), "", name)
        .map(id -> byId(tx, id)
            .orElseThrow(() -> new StorageException("an index of groups leads to none")))
        .filter(group -> group.name().equals(name));
  }

  /** Returns the ids of all groups. */
  public List<String> ids(Transaction tx) {
    return storage(tx).list(GROUP, "");
  }

  /** Returns the groups that an entity is in, in the order of their ids. */
  public List<Group> ofEntity(Transaction tx, String entityId) {
    return memberships(tx, entityId).stream()
        .map(id -> byId(tx, id))
        .flatMap(Optional::stream)
        .toList();
  }

  /** Makes a group, under a random name where none is wanted. */
  public Group create(Transaction tx, Wanted wanted) {
    Instant now = transactions.clock().instant();
    Group bare = new Group(
        identifiers.id(),
        wanted.name.orElseGet(() -> identifiers.name("group")),
        Map.of(),
        List.of(),
        List.of(),
        0,
        now,
        now);
    names.take(storage(tx), "", Rules.requirePathName(bare.name()), bare.id());
    return change(tx, bare, wanted);
  }

  public Group change(Transaction tx, Group group, Wanted wanted) {
    Group after = new Group(
        group.id(),
        Rules.requirePathName(wanted.name.orElse(group.name())),
        Rules.metadata("group", wanted.metadata.orElse(group.metadata())),
        Rules.policies(wanted.policies.orElse(group.policies())),
        List.copyOf(new LinkedHashSet<>(wanted.members.orElse(group.members()))),
        group.changes() + 1,
        group.createdAt(),
        transactions.clock().instant());
    if (after.members().size() > MAX_MEMBERS) {
      throw Rules.exceeded("a group has at most " + MAX_MEMBERS + " members");
    }
    if (!after.name().equals(group.name())) {
      names.release(storage(tx), "", group.name());
      names.take(storage(tx), "", after.name(), group.id());
    }
    follow(tx, group.id(), group.members(), after.members());
    put(tx, after);
    return after;
  }

  public void delete(Transaction tx, Group group) {
    follow(tx, group.id(), group.members(), List.of());
    names.release(storage(tx), "", group.name());
    storage(tx).delete(GROUP.at("", group.id()));
    changed.accept(tx);
  }

  /** Takes an entity out of all its groups. */
  void forget(Transaction tx, String entityId) {
    Instant now = transactions.clock().instant();
    ofEntity(tx, entityId).forEach(group -> put(tx, group.without(entityId, now)));
    storage(tx).delete(MEMBERSHIPS.at("", entityId));
  }

  /** Keeps the members' own lists in step. */
  private void follow(Transaction tx, String groupId, List<String> before, List<String> after) {
    Set<String> gone = new HashSet<>(before);
    after.forEach(gone::remove);
    Set<String> fresh = new LinkedHashSet<>(after);
    before.forEach(fresh::remove);
    gone.forEach(entityId -> {
      Set<String> groups = new TreeSet<>(memberships(tx, entityId));
      groups.remove(groupId);
      putMemberships(tx, entityId, groups);
    });
    fresh.forEach(entityId -> {
      if (entities.byId(tx, entityId).isEmpty()) {
        throw Rules.refused("invalid entity ID");
      }
      Set<String> groups = new TreeSet<>(memberships(tx, entityId));
      groups.add(groupId);
      if (groups.size() > MAX_GROUPS_OF_ENTITY) {
        throw Rules.exceeded("an entity is in at most " + MAX_GROUPS_OF_ENTITY + " groups");
      }
      putMemberships(tx, entityId, groups);
    });
  }

  private List<String> memberships(Transaction tx, String entityId) {
    return storage(tx).get(MEMBERSHIPS.at("", entityId)).orElse(List.of());
  }

  private void putMemberships(Transaction tx, String entityId, Set<String> groups) {
    if (groups.isEmpty()) {
      storage(tx).delete(MEMBERSHIPS.at("", entityId));
    } else {
      storage(tx).put(MEMBERSHIPS.at("", entityId), List.copyOf(groups));
    }
  }

  private void put(Transaction tx, Group group) {
    storage(tx).put(GROUP.at("", group.id()), group);
    changed.accept(tx);
  }

  private Storage storage(Transaction tx) {
    return tx.in(transactions.system());
  }
}

package dev.strongroom.internal.system;

import dev.strongroom.internal.identity.Alias;
import dev.strongroom.internal.identity.Entities;
import dev.strongroom.internal.identity.Entity;
import dev.strongroom.internal.identity.IdentityStore;
import dev.strongroom.internal.mount.MountChanges;
import dev.strongroom.internal.mount.MountTable;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.InstantText;
import dev.strongroom.spi.Page;
import dev.strongroom.spi.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code identity/entity-alias}: makes, reads, changes and removes aliases of entities. Same rules
 * and texts as OpenBao v2.6.2 {@code vault/identity/store_aliases.go}, but no write merges
 * entities.
 */
final class EntityAliasPath {
  private final Entities entities;
  private final MountChanges mounts;

  EntityAliasPath(IdentityStore identities, MountChanges mounts) {
    this.entities = identities.entities();
    this.mounts = mounts;
  }

  List<Route> routes() {
    return List.of(
        withFields(Route.at("entity-alias", "Makes an alias, or changes the one that is there."))
            .field("id", FieldType.TEXT, "Its id, which the vault gave it.")
            .on(Operation.UPDATE, call -> write(SystemCall.of(call), call.text("id"))),
        Page.declare(Route.at("entity-alias/id", "Ids of the aliases."))
            .on(Operation.LIST, call -> list(SystemCall.of(call))),
        withFields(Route.at("entity-alias/id/{id}", "An alias."))
            .on(Operation.READ, call -> read(SystemCall.of(call)))
            .on(
                Operation.UPDATE,
                call -> write(SystemCall.of(call), Optional.of(call.captured("id"))))
            .on(Operation.DELETE, call -> delete(SystemCall.of(call))));
  }

  private static Route withFields(Route route) {
    return route
        .field("canonical_id", FieldType.TEXT, "The entity; default: a new one.")
        .field("entity_id", FieldType.TEXT, "Old name of canonical_id.")
        .field("mount_accessor", FieldType.TEXT, "The mount at which it is known by that name.")
        .field("name", FieldType.TEXT, "The name.")
        .field("custom_metadata", FieldType.PAIRS, "For templates, and for people.");
  }

  private Response write(SystemCall call, Optional<String> id) {
    Transaction tx = call.transaction();
    Optional<String> accessor = call.given("mount_accessor");
    Optional<String> name = call.given("name");
    Optional<String> known = id.filter(text -> !text.isEmpty());
    if (known.isPresent()) {
      Optional<Entity> owner = entities.byAliasId(tx, known.get());
      return owner.isEmpty()
          ? SystemCall.refused("invalid alias ID provided")
          : change(call, owner.get(), owner.get().alias(known.get()).orElseThrow());
    }
    if (accessor.isEmpty() || name.isEmpty()) {
      return SystemCall.refused("'id' or 'mount_accessor' and 'name' must be provided");
    }
    if (mounts.table(tx).byAccessor(accessor.get()).isEmpty()) {
      return SystemCall.refused("invalid mount accessor");
    }
    Optional<Entity> owner = entities.byAlias(tx, accessor.get(), name.get());
    return owner.isEmpty()
        ? create(call, accessor.get(), name.get())
        : change(call, owner.get(), owner.get().aliasAt(accessor.get()).orElseThrow());
  }

  private Response create(SystemCall call, String accessor, String name) {
    Transaction tx = call.transaction();
    Optional<String> wanted = canonicalId(call);
    Optional<Entity> entity = wanted.isPresent()
        ? entities.byId(tx, wanted.get())
        : Optional.of(entities.create(tx, Entities.Wanted.NOTHING));
    if (entity.isEmpty()) {
      return SystemCall.refused("invalid canonical ID");
    }
    Alias alias =
        entities.addAlias(tx, entity.get(), accessor, name, call.pairs("custom_metadata"));
    return ids(alias, entity.get());
  }

  private Response change(SystemCall call, Entity owner, Alias alias) {
    Transaction tx = call.transaction();
    Optional<String> wanted = canonicalId(call);
    Optional<Entity> target = wanted.isPresent()
        ? wanted.filter(id -> !id.equals(owner.id())).isPresent()
            ? entities.byId(tx, wanted.get())
            : Optional.of(owner)
        : Optional.of(owner);
    if (target.isEmpty()) {
      return SystemCall.refused("given 'canonical_id' is not associated with an entity");
    }
    Alias after = alias.at(
        call.given("mount_accessor").orElse(alias.mountAccessor()),
        call.given("name").orElse(alias.name()),
        call.has("custom_metadata") ? call.pairs("custom_metadata") : alias.customMetadata(),
        call.now());
    if (mounts.table(tx).byAccessor(after.mountAccessor()).isEmpty()) {
      return SystemCall.refused("invalid mount accessor");
    }
    boolean same = target.get().id().equals(owner.id())
        && after.mountAccessor().equals(alias.mountAccessor())
        && after.name().equals(alias.name())
        && after.customMetadata().equals(alias.customMetadata());
    if (same) {
      return Response.empty();
    }
    entities.changeAlias(tx, owner, target.get(), alias, after);
    return ids(after, target.get());
  }

  private static Response ids(Alias alias, Entity entity) {
    return Response.of(Payload.of(Map.of("id", alias.id(), "canonical_id", entity.id())));
  }

  private Response read(SystemCall call) {
    String id = call.captured("id");
    return entities
        .byAliasId(call.transaction(), id)
        .map(entity -> {
          Map<String, @Nullable Object> members =
              describe(entity, entity.alias(id).orElseThrow(), mounts.table(call.transaction()));
          members.put("namespace_id", "root");
          return Response.of(Payload.of(members));
        })
        .orElse(Response.empty());
  }

  private Response delete(SystemCall call) {
    String id = call.captured("id");
    entities
        .byAliasId(call.transaction(), id)
        .ifPresent(entity ->
            entities.removeAlias(call.transaction(), entity, entity.alias(id).orElseThrow()));
    return Response.empty();
  }

  private Response list(SystemCall call) {
    Transaction tx = call.transaction();
    MountTable table = mounts.table(tx);
    Map<String, Object> info = new LinkedHashMap<>();
    Page.of(call, entities.aliasIds(tx)).forEach(id -> entities
        .byAliasId(tx, id)
        .ifPresent(
            entity -> info.put(id, describe(entity, entity.alias(id).orElseThrow(), table))));
    return info.isEmpty()
        ? Response.empty()
        : Response.of(Payload.of(Map.of("keys", List.copyOf(info.keySet()), "key_info", info)));
  }

  /** Returns an alias as it is shown beside its entity's name. */
  static Map<String, Object> summary(Alias alias, MountTable table) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("id", alias.id());
    members.put("name", alias.name());
    members.put("mount_accessor", alias.mountAccessor());
    table.byAccessor(alias.mountAccessor()).ifPresent(mount -> {
      members.put("mount_path", mount.path());
      members.put("mount_type", mount.type());
    });
    return members;
  }

  static Map<String, @Nullable Object> describe(Entity entity, Alias alias, MountTable table) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>(summary(alias, table));
    members.put("canonical_id", entity.id());
    members.put("metadata", SystemCall.orNull(alias.metadata()));
    members.put("custom_metadata", SystemCall.orNull(alias.customMetadata()));
    members.put("merged_from_canonical_ids", null);
    members.put("local", false);
    members.put("creation_time", InstantText.format(alias.createdAt()));
    members.put("last_update_time", InstantText.format(alias.updatedAt()));
    return members;
  }

  private static Optional<String> canonicalId(SystemCall call) {
    return call.given("canonical_id").or(() -> call.given("entity_id"));
  }
}

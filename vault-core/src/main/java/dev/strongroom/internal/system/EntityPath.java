package dev.strongroom.internal.system;

import dev.strongroom.internal.identity.Alias;
import dev.strongroom.internal.identity.Entities;
import dev.strongroom.internal.identity.Entity;
import dev.strongroom.internal.identity.Group;
import dev.strongroom.internal.identity.IdentityStore;
import dev.strongroom.internal.mount.MountChanges;
import dev.strongroom.internal.mount.MountTable;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.token.TokenStore;
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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code identity/entity} and {@code identity/lookup/entity}: makes, reads, changes, removes and
 * finds entities. Same rules and texts as OpenBao v2.6.2 {@code vault/identity/store_entities.go}
 * and {@code lookup.go}.
 */
final class EntityPath {
  private static final String ID = "id";
  private static final String NAME = "name";
  private static final String ALIAS_ID = "alias_id";
  private static final String ALIAS_NAME = "alias_name";
  private static final String ALIAS_MOUNT = "alias_mount_accessor";
  private static final List<String> LOOKUP = List.of(ID, NAME, ALIAS_ID, ALIAS_NAME, ALIAS_MOUNT);

  private final IdentityStore identities;
  private final Entities entities;
  private final TokenStore tokens;
  private final MountChanges mounts;

  EntityPath(IdentityStore identities, TokenStore tokens, MountChanges mounts) {
    this.tokens = tokens;
    this.identities = identities;
    this.entities = identities.entities();
    this.mounts = mounts;
  }

  List<Route> routes() {
    return List.of(
        withFields(Route.at("entity", "Makes an entity, or changes the one of that id or name."))
            .field(NAME, FieldType.TEXT, "Its name.")
            .field(ID, FieldType.TEXT, "Its id, which the vault gave it.")
            .on(Operation.UPDATE, call -> write(SystemCall.of(call))),
        Page.declare(Route.at("entity/id", "Ids of the entities."))
            .on(Operation.LIST, call -> list(SystemCall.of(call), Entity::id)),
        withFields(Route.at("entity/id/{id}", "The entity of that id."))
            .field(NAME, FieldType.TEXT, "A new name.")
            .on(Operation.READ, call -> read(SystemCall.of(call), byId(SystemCall.of(call))))
            .on(Operation.UPDATE, call -> writeById(SystemCall.of(call)))
            .on(Operation.DELETE, call -> delete(SystemCall.of(call), byId(SystemCall.of(call)))),
        Page.declare(withFields(Route.at("entity/name/{name...}", "The entity of that name.")))
            .field(ID, FieldType.TEXT, "Its id, to be sure.")
            .on(Operation.LIST, call -> listNames(SystemCall.of(call)))
            .on(Operation.READ, call -> read(SystemCall.of(call), byName(SystemCall.of(call))))
            .on(Operation.UPDATE, call -> writeByName(SystemCall.of(call)))
            .on(Operation.DELETE, call -> delete(SystemCall.of(call), byName(SystemCall.of(call)))),
        Route.at("lookup/entity", "Finds an entity.")
            .field(ID, FieldType.TEXT, "Its id.")
            .field(NAME, FieldType.TEXT, "Its name.")
            .field(ALIAS_ID, FieldType.TEXT, "The id of one of its aliases.")
            .field(ALIAS_NAME, FieldType.TEXT, "The name of an alias; with alias_mount_accessor.")
            .field(ALIAS_MOUNT, FieldType.TEXT, "The accessor of that alias's mount.")
            .on(Operation.UPDATE, call -> lookup(SystemCall.of(call))));
  }

  private static Route withFields(Route route) {
    return route
        .field("metadata", FieldType.PAIRS, "For templates, and for people.")
        .field("policies", FieldType.COMMA_TEXTS, "What its tokens have besides their own.")
        .field("disabled", FieldType.FLAG, "Whether its tokens are refused; they are not revoked.");
  }

  private Optional<Entity> byId(SystemCall call) {
    return entities.byId(call.transaction(), call.captured(ID));
  }

  private Optional<Entity> byName(SystemCall call) {
    return entities.byName(call.transaction(), call.captured(NAME));
  }

  private Response write(SystemCall call) {
    Optional<String> name = call.given(NAME);
    Optional<String> id = call.given(ID);
    if (id.isPresent()) {
      return change(call, entities.byId(call.transaction(), id.get()), name);
    }
    return name.flatMap(given -> entities.byName(call.transaction(), given))
        .map(entity -> change(call, Optional.of(entity), Optional.empty()))
        .orElseGet(() -> create(call, name));
  }

  private Response writeById(SystemCall call) {
    return change(call, byId(call), call.given(NAME));
  }

  /** The path was authorised, so an id beside it chooses nothing. */
  private Response writeByName(SystemCall call) {
    String name = call.captured(NAME);
    Optional<Entity> entity = byName(call);
    Optional<String> id = call.given(ID);
    if (id.isPresent() && entity.filter(e -> e.id().equals(id.get())).isEmpty()) {
      return SystemCall.refused("the entity of that name has another id");
    }
    return entity.isPresent()
        ? change(call, entity, Optional.empty())
        : create(call, Optional.of(name));
  }

  private Response create(SystemCall call, Optional<String> name) {
    Entity made = entities.create(call.transaction(), wanted(call, name));
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put(ID, made.id());
    members.put(NAME, made.name());
    members.put("aliases", null);
    return Response.of(Payload.of(members));
  }

  private Response change(SystemCall call, Optional<Entity> entity, Optional<String> name) {
    if (entity.isEmpty()) {
      return SystemCall.refused("entity not found from id");
    }
    entities.change(call.transaction(), entity.get(), wanted(call, name));
    return Response.empty();
  }

  private static Entities.Wanted wanted(SystemCall call, Optional<String> name) {
    return new Entities.Wanted(
        name,
        call.has("metadata") ? Optional.of(call.pairs("metadata")) : Optional.empty(),
        call.has("policies") ? Optional.of(call.texts("policies")) : Optional.empty(),
        call.flag("disabled"));
  }

  private Response delete(SystemCall call, Optional<Entity> entity) {
    entity.ifPresent(found -> {
      identities.delete(call.transaction(), found);
      tokens.endAllOf(call.transaction(), found.id());
    });
    return Response.empty();
  }

  private Response listNames(SystemCall call) {
    return call.captured(NAME).isEmpty() ? list(call, Entity::name) : Response.empty();
  }

  private Response list(SystemCall call, Function<Entity, String> key) {
    Transaction tx = call.transaction();
    List<Entity> page = Page.of(
        call,
        entities.ids(tx).stream()
            .map(id -> entities.byId(tx, id))
            .flatMap(Optional::stream)
            .toList(),
        key);
    if (page.isEmpty()) {
      return Response.empty();
    }
    MountTable table = mounts.table(tx);
    Map<String, Object> info = new LinkedHashMap<>();
    page.forEach(entity -> info.put(entity.id(), summary(entity, table)));
    return Response.of(
        Payload.of(Map.of("keys", page.stream().map(key).toList(), "key_info", info)));
  }

  private static Map<String, Object> summary(Entity entity, MountTable table) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put(NAME, entity.name());
    if (!entity.aliases().isEmpty()) {
      members.put(
          "aliases",
          entity.aliases().stream()
              .map(alias -> EntityAliasPath.summary(alias, table))
              .toList());
    }
    return members;
  }

  private Response lookup(SystemCall call) {
    Transaction tx = call.transaction();
    List<String> given =
        LOOKUP.stream().filter(field -> call.given(field).isPresent()).toList();
    if (given.isEmpty()) {
      return SystemCall.refused("query parameter not supplied");
    }
    String value = call.given(given.get(0)).orElseThrow();
    if (given.equals(List.of(ALIAS_NAME, ALIAS_MOUNT))) {
      String accessor = call.given(ALIAS_MOUNT).orElseThrow();
      return read(call, entities.byAlias(tx, accessor, value));
    }
    if (given.size() > 1) {
      return SystemCall.refused(
          "query parameter conflict; please supply distinct set of query parameters");
    }
    return switch (given.get(0)) {
      case ID -> read(call, entities.byId(tx, value));
      case NAME -> read(call, entities.byName(tx, value));
      case ALIAS_ID -> read(call, entities.byAliasId(tx, value));
      default -> SystemCall.refused("both 'alias_name' and 'alias_mount_accessor' needs to be set");
    };
  }

  private Response read(SystemCall call, Optional<Entity> entity) {
    return entity
        .map(found -> Response.of(Payload.of(describe(call.transaction(), found))))
        .orElse(Response.empty());
  }

  private Map<String, @Nullable Object> describe(Transaction tx, Entity entity) {
    MountTable table = mounts.table(tx);
    List<String> groups =
        identities.groups().ofEntity(tx, entity.id()).stream().map(Group::id).toList();
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put(ID, entity.id());
    members.put(NAME, entity.name());
    members.put("metadata", SystemCall.orNull(entity.metadata()));
    members.put("merged_entity_ids", null);
    members.put("policies", entity.policies());
    members.put("disabled", entity.disabled());
    members.put("namespace_id", "root");
    members.put("creation_time", InstantText.format(entity.createdAt()));
    members.put("last_update_time", InstantText.format(entity.updatedAt()));
    members.put("aliases", aliases(entity, table));
    members.put("direct_group_ids", groups);
    members.put("inherited_group_ids", List.of());
    members.put("group_ids", groups);
    return members;
  }

  private static List<Object> aliases(Entity entity, MountTable table) {
    return entity.aliases().stream()
        .<Object>map((Alias alias) -> EntityAliasPath.describe(entity, alias, table))
        .toList();
  }
}

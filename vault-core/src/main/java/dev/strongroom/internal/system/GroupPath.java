package dev.strongroom.internal.system;

import dev.strongroom.internal.identity.Group;
import dev.strongroom.internal.identity.Groups;
import dev.strongroom.internal.identity.IdentityStore;
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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code identity/group}: makes, reads, changes and removes groups of entities. Same rules and
 * texts as OpenBao v2.6.2 {@code vault/identity/store_groups.go}, but for groups whose members an
 * auth method names, and groups in groups.
 */
final class GroupPath {
  private final Groups groups;

  GroupPath(IdentityStore identities) {
    this.groups = identities.groups();
  }

  List<Route> routes() {
    return List.of(
        withFields(Route.at("group", "Makes a group, or changes the one of that id or name."))
            .field("name", FieldType.TEXT, "Its name.")
            .field("id", FieldType.TEXT, "Its id, which the vault gave it.")
            .on(Operation.UPDATE, call -> write(SystemCall.of(call))),
        Page.declare(Route.at("group/id", "Ids of the groups."))
            .on(Operation.LIST, call -> list(SystemCall.of(call), Group::id)),
        withFields(Route.at("group/id/{id}", "The group of that id."))
            .field("name", FieldType.TEXT, "A new name.")
            .on(Operation.READ, call -> read(byId(SystemCall.of(call))))
            .on(
                Operation.UPDATE,
                call -> change(
                    SystemCall.of(call),
                    byId(SystemCall.of(call)),
                    SystemCall.of(call).given("name")))
            .on(Operation.DELETE, call -> delete(SystemCall.of(call), byId(SystemCall.of(call)))),
        Page.declare(withFields(Route.at("group/name/{name...}", "The group of that name.")))
            .field("id", FieldType.TEXT, "Its id, to be sure.")
            .on(Operation.LIST, call -> listNames(SystemCall.of(call)))
            .on(Operation.READ, call -> read(byName(SystemCall.of(call))))
            .on(Operation.UPDATE, call -> writeByName(SystemCall.of(call)))
            .on(
                Operation.DELETE,
                call -> delete(SystemCall.of(call), byName(SystemCall.of(call)))));
  }

  private static Route withFields(Route route) {
    return route
        .field("type", FieldType.TEXT, "internal.")
        .field("metadata", FieldType.PAIRS, "For templates, and for people.")
        .field("policies", FieldType.COMMA_TEXTS, "What tokens of its members have besides.")
        .field("member_entity_ids", FieldType.COMMA_TEXTS, "Its members.")
        .field("member_group_ids", FieldType.COMMA_TEXTS, "Not supported.");
  }

  private Optional<Group> byId(SystemCall call) {
    return groups.byId(call.transaction(), call.captured("id"));
  }

  private Optional<Group> byName(SystemCall call) {
    return groups.byName(call.transaction(), call.captured("name"));
  }

  private Response write(SystemCall call) {
    Optional<String> name = call.given("name");
    Optional<String> id = call.given("id");
    if (id.isPresent()) {
      return change(call, groups.byId(call.transaction(), id.get()), name);
    }
    Optional<Group> known = name.flatMap(given -> groups.byName(call.transaction(), given));
    return known.isPresent() ? change(call, known, Optional.empty()) : create(call, name);
  }

  /** The path was authorised, so an id beside it chooses nothing. */
  private Response writeByName(SystemCall call) {
    Optional<Group> group = byName(call);
    Optional<String> id = call.given("id");
    if (id.isPresent() && group.filter(g -> g.id().equals(id.get())).isEmpty()) {
      return SystemCall.refused("the group of that name has another id");
    }
    return group.isPresent()
        ? change(call, group, Optional.empty())
        : create(call, Optional.of(call.captured("name")));
  }

  private Response create(SystemCall call, Optional<String> name) {
    Optional<String> problem = unsupported(call);
    if (problem.isPresent()) {
      return SystemCall.refused(problem.get());
    }
    Group made = groups.create(call.transaction(), wanted(call, name));
    return Response.of(Payload.of(Map.of("id", made.id(), "name", made.name())));
  }

  private Response change(SystemCall call, Optional<Group> group, Optional<String> name) {
    Optional<String> problem =
        group.isEmpty() ? Optional.of("invalid group ID") : unsupported(call);
    if (problem.isPresent()) {
      return SystemCall.refused(problem.get());
    }
    groups.change(call.transaction(), group.get(), wanted(call, name));
    return Response.empty();
  }

  private static Optional<String> unsupported(SystemCall call) {
    String type = call.text("type").orElse("internal");
    if (type.equals("external")) {
      return Optional.of("external groups are not supported yet");
    }
    if (!type.equals("internal") && !type.isEmpty()) {
      return Optional.of("invalid group type");
    }
    return call.texts("member_group_ids").isEmpty()
        ? Optional.empty()
        : Optional.of("groups in groups are not supported yet");
  }

  private static Groups.Wanted wanted(SystemCall call, Optional<String> name) {
    return new Groups.Wanted(
        name,
        call.has("metadata") ? Optional.of(call.pairs("metadata")) : Optional.empty(),
        call.has("policies") ? Optional.of(call.texts("policies")) : Optional.empty(),
        call.has("member_entity_ids")
            ? Optional.of(call.texts("member_entity_ids"))
            : Optional.empty());
  }

  private Response delete(SystemCall call, Optional<Group> group) {
    group.ifPresent(found -> groups.delete(call.transaction(), found));
    return Response.empty();
  }

  private Response listNames(SystemCall call) {
    return call.captured("name").isEmpty() ? list(call, Group::name) : Response.empty();
  }

  private Response list(SystemCall call, Function<Group, String> key) {
    Transaction tx = call.transaction();
    List<Group> page = Page.of(
        call,
        groups.ids(tx).stream()
            .map(id -> groups.byId(tx, id))
            .flatMap(Optional::stream)
            .toList(),
        key);
    if (page.isEmpty()) {
      return Response.empty();
    }
    Map<String, Object> info = new LinkedHashMap<>();
    page.forEach(group -> info.put(
        group.id(),
        Map.of(
            "name", group.name(),
            "num_member_entities", group.members().size(),
            "num_parent_groups", 0)));
    return Response.of(
        Payload.of(Map.of("keys", page.stream().map(key).toList(), "key_info", info)));
  }

  private static Response read(Optional<Group> group) {
    return group.map(found -> Response.of(Payload.of(describe(found)))).orElse(Response.empty());
  }

  private static Map<String, @Nullable Object> describe(Group group) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("id", group.id());
    members.put("name", group.name());
    members.put("type", "internal");
    members.put("metadata", SystemCall.orNull(group.metadata()));
    members.put("policies", group.policies());
    members.put("member_entity_ids", group.members());
    members.put("member_group_ids", null);
    members.put("parent_group_ids", null);
    members.put("alias", Map.of());
    members.put("modify_index", group.changes());
    members.put("namespace_id", "root");
    members.put("creation_time", InstantText.format(group.createdAt()));
    members.put("last_update_time", InstantText.format(group.updatedAt()));
    return members;
  }
}

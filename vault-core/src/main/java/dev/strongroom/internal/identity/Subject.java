package dev.strongroom.internal.identity;

import dev.strongroom.internal.policy.PolicyStore;
import dev.strongroom.internal.policy.TemplateValues;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * An entity with its groups, as requests see it. The selectors are those of OpenBao v2.6.2
 * {@code sdk/helper/identitytpl/templating.go}.
 */
public record Subject(Entity entity, List<Group> groups) implements TemplateValues {
  private static final String ENTITY = "identity.entity.";
  private static final String GROUPS = "identity.groups.";
  private static final String METADATA = "metadata.";
  private static final String CUSTOM_METADATA = "custom_metadata.";

  public Subject {
    groups = List.copyOf(groups);
  }

  /** Returns the names of the policies that the entity has, itself or through groups; sorted. */
  public List<String> policies() {
    TreeSet<String> names = new TreeSet<>(entity.policies());
    groups.forEach(group -> names.addAll(group.policies()));
    names.remove(PolicyStore.ROOT);
    return List.copyOf(names);
  }

  @Override
  public Optional<String> valueOf(String selector) {
    if (selector.startsWith(ENTITY)) {
      return ofEntity(selector.substring(ENTITY.length()));
    }
    return selector.startsWith(GROUPS)
        ? ofGroups(selector.substring(GROUPS.length()))
        : Optional.empty();
  }

  private Optional<String> ofEntity(String selector) {
    if (selector.startsWith("aliases.")) {
      String[] parts = selector.split("\\.", 3); // aliases, accessor, the rest
      return parts.length < 3
          ? Optional.empty()
          : entity.aliasAt(parts[1]).flatMap(alias -> ofAlias(alias, parts[2]));
    }
    return ofThing(selector, entity.id(), entity.name(), entity.metadata());
  }

  private static Optional<String> ofAlias(Alias alias, String selector) {
    return selector.startsWith(CUSTOM_METADATA)
        ? Optional.ofNullable(
            alias.customMetadata().get(selector.substring(CUSTOM_METADATA.length())))
        : ofThing(selector, alias.id(), alias.name(), alias.metadata());
  }

  private Optional<String> ofGroups(String selector) {
    String[] parts = selector.split("\\.", 3); // ids or names, which one, the rest
    if (parts.length < 3) {
      return Optional.empty();
    }
    return groups.stream()
        .filter(group -> switch (parts[0]) {
          case "ids" -> group.id().equals(parts[1]);
          case "names" -> group.name().equals(parts[1]);
          default -> false;
        })
        .findFirst()
        .flatMap(group -> ofThing(parts[2], group.id(), group.name(), group.metadata()));
  }

  private static Optional<String> ofThing(
      String selector, String id, String name, Map<String, String> metadata) {
    return switch (selector) {
      case "id" -> Optional.of(id);
      case "name" -> Optional.of(name);
      default ->
        selector.startsWith(METADATA)
            ? Optional.ofNullable(metadata.get(selector.substring(METADATA.length())))
            : Optional.empty();
    };
  }
}

package dev.strongroom.internal.identity;

import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Somebody, a person or a machine, however it logs in.
 *
 * @param id never changes, and never comes again
 * @param policies sorted names
 * @param disabled whether its tokens are refused
 * @param aliases at most one for each mount
 */
public record Entity(
    String id,
    String name,
    Map<String, String> metadata,
    List<String> policies,
    boolean disabled,
    List<Alias> aliases,
    Instant createdAt,
    Instant updatedAt) {
  static final RecordCodec<Entity> CODEC = RecordCodec.of(1, Entity::write, Entity::read);

  public Entity {
    metadata = Map.copyOf(metadata);
    policies = List.copyOf(policies);
    aliases = List.copyOf(aliases);
  }

  public Optional<Alias> alias(String aliasId) {
    return aliases.stream().filter(alias -> alias.id().equals(aliasId)).findFirst();
  }

  public Optional<Alias> aliasAt(String mountAccessor) {
    return aliases.stream()
        .filter(alias -> alias.mountAccessor().equals(mountAccessor))
        .findFirst();
  }

  Entity with(Alias alias, Instant now) {
    return withAliases(
        Stream.concat(withoutAlias(alias).aliases.stream(), Stream.of(alias)).toList(), now);
  }

  Entity without(Alias alias, Instant now) {
    return withAliases(withoutAlias(alias).aliases, now);
  }

  private Entity withoutAlias(Alias alias) {
    return withAliases(
        aliases.stream().filter(other -> !other.id().equals(alias.id())).toList(), updatedAt);
  }

  private Entity withAliases(List<Alias> changed, Instant now) {
    return new Entity(id, name, metadata, policies, disabled, changed, createdAt, now);
  }

  private void write(RecordWriter out) {
    out.text(id).text(name).texts(metadata).all(policies, RecordWriter::text).flag(disabled);
    out.all(aliases, (o, alias) -> alias.write(o)).instant(createdAt).instant(updatedAt);
  }

  private static Entity read(RecordReader in) {
    return new Entity(
        in.text(),
        in.text(),
        in.texts(),
        in.all(RecordReader::text),
        in.flag(),
        in.all(Alias::read),
        in.instant(),
        in.instant());
  }
}

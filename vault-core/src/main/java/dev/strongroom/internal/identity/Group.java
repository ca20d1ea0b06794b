package dev.strongroom.internal.identity;

import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Entities that have something in common.
 *
 * @param id never changes, and never comes again
 * @param policies sorted names
 * @param members ids of entities, each once
 * @param changes how often it was written
 */
public record Group(
    String id,
    String name,
    Map<String, String> metadata,
    List<String> policies,
    List<String> members,
    int changes,
    Instant createdAt,
    Instant updatedAt) {
  static final RecordCodec<Group> CODEC = RecordCodec.of(1, Group::write, Group::read);

  public Group {
    metadata = Map.copyOf(metadata);
    policies = List.copyOf(policies);
    members = List.copyOf(members);
  }

  Group without(String member, Instant now) {
    return new Group(
        id,
        name,
        metadata,
        policies,
        members.stream().filter(other -> !other.equals(member)).toList(),
        changes + 1,
        createdAt,
        now);
  }

  private void write(RecordWriter out) {
    out.text(id).text(name).texts(metadata).all(policies, RecordWriter::text);
    out.all(members, RecordWriter::text).i32(changes).instant(createdAt).instant(updatedAt);
  }

  private static Group read(RecordReader in) {
    return new Group(
        in.text(),
        in.text(),
        in.texts(),
        in.all(RecordReader::text),
        in.all(RecordReader::text),
        in.i32(),
        in.instant(),
        in.instant());
  }
}

package dev.strongroom.internal.audit;

import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import dev.strongroom.spi.StorageKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Headers of requests that the audit shows.
 *
 * @param hashed by name in lower case: whether their values are hashed
 */
public record AuditedHeaders(Map<String, Boolean> hashed) {
  static final StorageKey<AuditedHeaders> KEY = RecordKind.attached(
          "audit-headers", RecordCodec.of(1, AuditedHeaders::write, AuditedHeaders::read))
      .at("", "headers");

  static final AuditedHeaders NONE = new AuditedHeaders(Map.of());

  public AuditedHeaders {
    hashed = Map.copyOf(hashed);
  }

  AuditedHeaders with(String name, boolean hash) {
    Map<String, Boolean> all = new LinkedHashMap<>(hashed);
    all.put(name, hash);
    return new AuditedHeaders(all);
  }

  AuditedHeaders without(String name) {
    Map<String, Boolean> all = new LinkedHashMap<>(hashed);
    all.remove(name);
    return new AuditedHeaders(all);
  }

  private void write(RecordWriter out) {
    out.all(new TreeMap<>(hashed).entrySet(), (o, header) -> o.text(header.getKey())
        .flag(header.getValue()));
  }

  private static AuditedHeaders read(RecordReader in) {
    Map<String, Boolean> all = new LinkedHashMap<>();
    in.all(i -> Map.entry(i.text(), i.flag())).forEach(e -> all.put(e.getKey(), e.getValue()));
    return new AuditedHeaders(all);
  }
}

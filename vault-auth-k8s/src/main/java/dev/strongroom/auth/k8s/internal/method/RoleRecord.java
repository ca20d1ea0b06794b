package dev.strongroom.auth.k8s.internal.method;

import dev.strongroom.spi.Glob;
import dev.strongroom.spi.NameRule;
import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import dev.strongroom.spi.Storage;
import dev.strongroom.spi.TokenParameters;
import java.util.List;
import java.util.Optional;

/**
 * Who may log in, and what they get. Immutable.
 *
 * @param bound whom it is for
 */
record RoleRecord(Bound bound, TokenParameters tokens) {
  static final RecordKind<RoleRecord> KIND =
      RecordKind.tree("role", RecordCodec.of(1, RoleRecord::write, RoleRecord::read));

  /**
   * Service accounts, and how they are told apart.
   *
   * @param names with {@code *} for any characters
   * @param namespaces as {@code names}; may be empty where there is a selector
   * @param selector of other namespaces
   * @param audience the token must be meant for it; empty: for the API server
   */
  record Bound(
      List<String> names,
      List<String> namespaces,
      Optional<LabelSelector> selector,
      String audience,
      AliasNameSource alias) {
    /** Allows no account. */
    static final Bound NOBODY =
        new Bound(List.of(), List.of(), Optional.empty(), "", AliasNameSource.UID);

    Bound {
      names = List.copyOf(names);
      namespaces = List.copyOf(namespaces);
    }

    boolean allowsName(String name) {
      return Glob.anyFits(names, name);
    }

    boolean listsNamespace(String namespace) {
      return Glob.anyFits(namespaces, namespace);
    }

    boolean allowsEveryAccount() {
      return names.contains("*") && namespaces.contains("*");
    }
  }

  static Optional<RoleRecord> find(Storage storage, String name) {
    return NameRule.fits(name) ? storage.get(KIND.at(NameRule.fold(name))) : Optional.empty();
  }

  private void write(RecordWriter out) {
    out.all(bound.names, RecordWriter::text).all(bound.namespaces, RecordWriter::text);
    out.optional(bound.selector, (o, selector) -> selector.write(o)).text(bound.audience);
    out.flag(bound.alias == AliasNameSource.NAME);
    tokens.write(out);
  }

  private static RoleRecord read(RecordReader in) {
    Bound bound = new Bound(
        in.all(RecordReader::text),
        in.all(RecordReader::text),
        in.optional(LabelSelector::read),
        in.text(),
        in.flag() ? AliasNameSource.NAME : AliasNameSource.UID);
    return new RoleRecord(bound, TokenParameters.read(in));
  }
}

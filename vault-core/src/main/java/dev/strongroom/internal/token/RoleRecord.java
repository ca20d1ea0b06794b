package dev.strongroom.internal.token;

import dev.strongroom.spi.Cidr;
import dev.strongroom.spi.Glob;
import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import dev.strongroom.spi.TokenTypeRule;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What tokens made with a role of {@code auth/token} may be. Immutable.
 *
 * @param allowed policies, folded and sorted
 * @param allowedGlobs patterns of names
 * @param disallowed policies, folded and sorted
 * @param disallowedGlobs patterns of names
 * @param orphan whether its tokens outlive their makers
 * @param pathSuffix behind the path that its tokens are said to be made at; may be empty
 * @param period zero: none
 * @param explicitMaxTtl zero: none
 * @param boundCidrs none: those of the maker
 * @param numUses 0: any number
 * @param entityAliases that its tokens may be made for, folded, or patterns of them
 * @param oldNames under which period, longest lifetime or addresses were given last
 */
public record RoleRecord(
    List<String> allowed,
    List<String> allowedGlobs,
    List<String> disallowed,
    List<String> disallowedGlobs,
    boolean orphan,
    boolean renewable,
    String pathSuffix,
    Duration period,
    Duration explicitMaxTtl,
    List<Cidr> boundCidrs,
    TokenTypeRule type,
    int numUses,
    boolean noDefaultPolicy,
    List<String> entityAliases,
    Set<String> oldNames) {
  /** What a role is before anything is said about it. */
  public static final RoleRecord NEW = new RoleRecord(
      List.of(),
      List.of(),
      List.of(),
      List.of(),
      /* orphan= */ false,
      /* renewable= */ true,
      "",
      Duration.ZERO,
      Duration.ZERO,
      List.of(),
      TokenTypeRule.DEFAULT_SERVICE,
      0,
      /* noDefaultPolicy= */ false,
      List.of(),
      Set.of());

  static final RecordCodec<RoleRecord> CODEC =
      RecordCodec.of(1, RoleRecord::write, RoleRecord::read);

  public RoleRecord {
    allowed = List.copyOf(allowed);
    allowedGlobs = List.copyOf(allowedGlobs);
    disallowed = List.copyOf(disallowed);
    disallowedGlobs = List.copyOf(disallowedGlobs);
    boundCidrs = List.copyOf(boundCidrs);
    entityAliases = List.copyOf(entityAliases);
    oldNames = Set.copyOf(oldNames);
  }

  /** Returns whether the role decides about policies, and not what the maker has. */
  public boolean constrainsPolicies() {
    return namesAllowed() || !disallowed.isEmpty() || !disallowedGlobs.isEmpty();
  }

  /** Returns whether the role says which policies are allowed. */
  public boolean namesAllowed() {
    return !allowed.isEmpty() || !allowedGlobs.isEmpty();
  }

  /** Returns whether a pattern allows a policy. */
  public boolean allowsByGlob(String policy) {
    return Glob.anyFits(allowedGlobs, policy);
  }

  public boolean disallows(String policy) {
    return disallowed.contains(policy) || Glob.anyFits(disallowedGlobs, policy);
  }

  /** Returns whether tokens may be made for an alias, in any case of its letters. */
  public boolean allowsEntityAlias(String alias) {
    return Glob.anyFits(entityAliases, alias.toLowerCase(Locale.ROOT));
  }

  private void write(RecordWriter out) {
    texts(out, allowed);
    texts(out, allowedGlobs);
    texts(out, disallowed);
    texts(out, disallowedGlobs);
    out.flag(orphan).flag(renewable).text(pathSuffix);
    out.i64(period.toSeconds()).i64(explicitMaxTtl.toSeconds());
    texts(out, boundCidrs.stream().map(Cidr::toString).toList());
    out.text(type.text()).i32(numUses).flag(noDefaultPolicy);
    texts(out, entityAliases);
    texts(out, new TreeSet<>(oldNames));
  }

  private static void texts(RecordWriter out, Collection<String> texts) {
    out.all(texts, RecordWriter::text);
  }

  private static RoleRecord read(RecordReader in) {
    return new RoleRecord(
        in.all(RecordReader::text),
        in.all(RecordReader::text),
        in.all(RecordReader::text),
        in.all(RecordReader::text),
        in.flag(),
        in.flag(),
        in.text(),
        Duration.ofSeconds(in.i64()),
        Duration.ofSeconds(in.i64()),
        in.all(TokenRecord::block),
        TokenTypeRule.named(in.text())
            .orElseThrow(() -> new RecordReader.CorruptRecord("a token type is not known")),
        in.i32(),
        in.flag(),
        in.all(RecordReader::text),
        Set.copyOf(new TreeSet<>(in.all(RecordReader::text))));
  }
}

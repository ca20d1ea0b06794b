package dev.strongroom;

import dev.strongroom.request.Payload;
import dev.strongroom.spi.Cidr;
import dev.strongroom.spi.DurationText;
import dev.strongroom.spi.TokenTypeRule;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * What tokens made with a role of {@code auth/token} may be. Who may use a role gets what it
 * grants, also policies that the user has not. Immutable.
 *
 * @param allowedPolicies names; with {@code allowedPolicyGlobs} empty too: what the maker has
 * @param allowedPolicyGlobs names in which each {@code *} stands for any text
 * @param disallowedPolicies names
 * @param disallowedPolicyGlobs names in which each {@code *} stands for any text
 * @param orphan whether tokens outlive their makers
 * @param renewable whether tokens can be renewed
 * @param pathSuffix ends the path that tokens are said to be made at; may be empty
 * @param period lifetime after each renewal, without end; zero: none
 * @param explicitMaxTtl longest lifetime, renewals included; zero: none
 * @param boundCidrs where requests must come from; none: where the maker's must
 * @param type of its tokens; {@code BATCH} needs an orphan role that is not renewable and has no
 *     period, longest lifetime or number of uses
 * @param numUses requests that a token may make; 0: any number
 * @param defaultPolicy whether tokens get the policy {@code default}
 * @param entityAliases names of aliases that tokens may be made for, or globs of them; the case of
 *     letters does not count
 */
public record TokenRole(
    List<String> allowedPolicies,
    List<String> allowedPolicyGlobs,
    List<String> disallowedPolicies,
    List<String> disallowedPolicyGlobs,
    boolean orphan,
    boolean renewable,
    String pathSuffix,
    Duration period,
    Duration explicitMaxTtl,
    List<Cidr> boundCidrs,
    TokenTypeRule type,
    int numUses,
    boolean defaultPolicy,
    List<String> entityAliases) {

  /**
   * Checks a role; the vault checks it again.
   *
   * @throws IllegalArgumentException if a number is negative, or a lifetime has a fraction of a
   *     second
   */
  public TokenRole {
    Objects.requireNonNull(pathSuffix, "pathSuffix");
    Objects.requireNonNull(type, "type");
    DurationText.requireWholeSeconds(period);
    DurationText.requireWholeSeconds(explicitMaxTtl);
    if (numUses < 0) {
      throw new IllegalArgumentException("need numUses >= 0, but got " + numUses);
    }
    allowedPolicies = List.copyOf(allowedPolicies);
    allowedPolicyGlobs = List.copyOf(allowedPolicyGlobs);
    disallowedPolicies = List.copyOf(disallowedPolicies);
    disallowedPolicyGlobs = List.copyOf(disallowedPolicyGlobs);
    boundCidrs = List.copyOf(boundCidrs);
    entityAliases = List.copyOf(entityAliases);
  }

  /**
   * A role whose tokens are renewable children of their makers, with these policies and
   * {@code default}.
   *
   * @param policies names; none: those of the maker
   */
  public static TokenRole of(String... policies) {
    return new TokenRole(
        List.of(policies),
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
        /* defaultPolicy= */ true,
        List.of());
  }

  /** Allows names in which each {@code *} stands for any text. */
  public TokenRole withAllowedPolicyGlobs(String... globs) {
    return with(parts -> parts.allowedPolicyGlobs = List.of(globs));
  }

  /** Forbids policies, whatever is allowed. */
  public TokenRole withDisallowedPolicies(String... names) {
    return with(parts -> parts.disallowedPolicies = List.of(names));
  }

  /** Forbids names in which each {@code *} stands for any text. */
  public TokenRole withDisallowedPolicyGlobs(String... globs) {
    return with(parts -> parts.disallowedPolicyGlobs = List.of(globs));
  }

  /** Lets tokens outlive their makers. */
  public TokenRole asOrphan() {
    return with(parts -> parts.orphan = true);
  }

  /** Ends tokens after their first lifetime. */
  public TokenRole notRenewable() {
    return with(parts -> parts.renewable = false);
  }

  /** Ends the path that tokens are said to be made at, so that they can be told from others. */
  public TokenRole withPathSuffix(String suffix) {
    return with(parts -> parts.pathSuffix = suffix);
  }

  /** Sets the lifetime after each renewal, without end, in whole seconds; zero: none. */
  public TokenRole withPeriod(Duration lifetime) {
    return with(parts -> parts.period = lifetime);
  }

  /** Sets the longest lifetime, in whole seconds; zero: none. */
  public TokenRole withExplicitMaxTtl(Duration longest) {
    return with(parts -> parts.explicitMaxTtl = longest);
  }

  /** Says where requests of tokens must come from. */
  public TokenRole withBoundCidrs(Cidr... blocks) {
    return with(parts -> parts.boundCidrs = List.of(blocks));
  }

  /** Says which type tokens are of. */
  public TokenRole withType(TokenTypeRule rule) {
    return with(parts -> parts.type = rule);
  }

  /** Sets how many requests a token may make; 0: any number. */
  public TokenRole withNumUses(int requests) {
    return with(parts -> parts.numUses = requests);
  }

  /** Leaves the policy {@code default} out. */
  public TokenRole withoutDefaultPolicy() {
    return with(parts -> parts.defaultPolicy = false);
  }

  /** Lets tokens be made for aliases at {@code auth/token}, or globs of their names. */
  public TokenRole withEntityAliases(String... aliases) {
    return with(parts -> parts.entityAliases = List.of(aliases));
  }

  private TokenRole with(Consumer<Parts> change) {
    Parts parts = new Parts(this);
    change.accept(parts);
    return parts.join();
  }

  /** Returns what a write of this role says: everything, so that nothing of an older one stays. */
  Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("allowed_policies", allowedPolicies);
    members.put("allowed_policies_glob", allowedPolicyGlobs);
    members.put("disallowed_policies", disallowedPolicies);
    members.put("disallowed_policies_glob", disallowedPolicyGlobs);
    members.put("orphan", orphan);
    members.put("renewable", renewable);
    members.put("path_suffix", pathSuffix);
    members.put("token_period", period.toSeconds());
    members.put("token_explicit_max_ttl", explicitMaxTtl.toSeconds());
    members.put("token_bound_cidrs", boundCidrs.stream().map(Cidr::toString).toList());
    members.put("token_type", type.text());
    members.put("token_num_uses", numUses);
    members.put("token_no_default_policy", !defaultPolicy);
    members.put("allowed_entity_aliases", entityAliases);
    return members;
  }

  static TokenRole from(Payload data) {
    return new TokenRole(
        data.texts("allowed_policies"),
        data.texts("allowed_policies_glob"),
        data.texts("disallowed_policies"),
        data.texts("disallowed_policies_glob"),
        data.flag("orphan").orElse(false),
        data.flag("renewable").orElse(true),
        data.text("path_suffix").orElse(""),
        seconds(data, "token_period"),
        seconds(data, "token_explicit_max_ttl"),
        Cidr.parseAll(data.texts("token_bound_cidrs")),
        data.text("token_type").flatMap(TokenTypeRule::named).orElse(TokenTypeRule.DEFAULT_SERVICE),
        data.number("token_num_uses").orElse(0).intValue(),
        !data.flag("token_no_default_policy").orElse(false),
        data.texts("allowed_entity_aliases"));
  }

  private static Duration seconds(Payload data, String name) {
    return Duration.ofSeconds(data.number(name).orElse(0).longValue());
  }

  /** A role taken apart: of so many parts in a row two are easily exchanged. */
  private static final class Parts {
    private List<String> allowedPolicies;
    private List<String> allowedPolicyGlobs;
    private List<String> disallowedPolicies;
    private List<String> disallowedPolicyGlobs;
    private boolean orphan;
    private boolean renewable;
    private String pathSuffix;
    private Duration period;
    private Duration explicitMaxTtl;
    private List<Cidr> boundCidrs;
    private TokenTypeRule type;
    private int numUses;
    private boolean defaultPolicy;
    private List<String> entityAliases;

    Parts(TokenRole of) {
      allowedPolicies = of.allowedPolicies;
      allowedPolicyGlobs = of.allowedPolicyGlobs;
      disallowedPolicies = of.disallowedPolicies;
      disallowedPolicyGlobs = of.disallowedPolicyGlobs;
      orphan = of.orphan;
      renewable = of.renewable;
      pathSuffix = of.pathSuffix;
      period = of.period;
      explicitMaxTtl = of.explicitMaxTtl;
      boundCidrs = of.boundCidrs;
      type = of.type;
      numUses = of.numUses;
      defaultPolicy = of.defaultPolicy;
      entityAliases = of.entityAliases;
    }

    TokenRole join() {
      return new TokenRole(
          allowedPolicies,
          allowedPolicyGlobs,
          disallowedPolicies,
          disallowedPolicyGlobs,
          orphan,
          renewable,
          pathSuffix,
          period,
          explicitMaxTtl,
          boundCidrs,
          type,
          numUses,
          defaultPolicy,
          entityAliases);
    }
  }
}

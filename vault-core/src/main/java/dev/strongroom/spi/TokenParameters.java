package dev.strongroom.spi;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.request.TokenType;
import dev.strongroom.request.VaultPath;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a role, or a user, says about the tokens that logins make: the parameters {@code token_…}
 * that auth methods have in common. Same names, rules and texts as OpenBao v2.6.2
 * {@code sdk/helper/tokenutil/tokenutil.go}. Immutable.
 *
 * @param policies names, as they were written
 * @param ttl zero: the mount's
 * @param maxTtl zero: the mount's
 * @param period not zero: the token lives so long after each renewal, without end
 * @param explicitMaxTtl zero: none
 * @param numUses 0: any number
 * @param boundCidrs where the login and the token's requests must come from; none: from anywhere
 * @param strictlyBindIp the address of the login is where the token's requests must come from
 * @param type empty: the mount's
 * @param noDefaultPolicy the policy {@code default} is not added
 * @param oldNames old names of parameters that were used last, and are therefore shown
 */
public record TokenParameters(
    List<String> policies,
    Duration ttl,
    Duration maxTtl,
    Duration period,
    Duration explicitMaxTtl,
    int numUses,
    List<Cidr> boundCidrs,
    boolean strictlyBindIp,
    Optional<TokenType> type,
    boolean noDefaultPolicy,
    Set<String> oldNames) {
  /** Nothing in particular. */
  public static final TokenParameters NONE = new TokenParameters(
      List.of(),
      Duration.ZERO,
      Duration.ZERO,
      Duration.ZERO,
      Duration.ZERO,
      0,
      List.of(),
      false,
      Optional.empty(),
      false,
      Set.of());

  /** Names of all parameters. */
  public static final Set<String> NAMES = Set.of(
      "token_policies",
      "token_ttl",
      "token_max_ttl",
      "token_period",
      "token_explicit_max_ttl",
      "token_num_uses",
      "token_bound_cidrs",
      "token_strictly_bind_ip",
      "token_type",
      "token_no_default_policy");

  private static final int MAX_POLICIES = 100;
  private static final int MAX_POLICY_BYTES = 512;
  private static final int MAX_CIDRS = 100;
  private static final int MAX_USES = Integer.MAX_VALUE;

  /** Names that some parameters had once, by the ones they have now. */
  private static final Map<String, String> OLD = Map.of(
      "token_policies", "policies",
      "token_ttl", "ttl",
      "token_max_ttl", "max_ttl",
      "token_period", "period",
      "token_num_uses", "num_uses",
      "token_bound_cidrs", "bound_cidrs");

  private static final Map<String, Route.Field> FIELDS = Map.of(
      "token_policies",
      new Route.Field(FieldType.COMMA_TEXTS, "Policies of the token."),
      "token_ttl",
      new Route.Field(FieldType.DURATION, "Lifetime of the token; 0: the mount's."),
      "token_max_ttl",
      new Route.Field(FieldType.DURATION, "Longest lifetime, renewals included; 0: the mount's."),
      "token_period",
      new Route.Field(FieldType.DURATION, "Lifetime after each renewal, without end."),
      "token_explicit_max_ttl",
      new Route.Field(FieldType.DURATION, "Longest lifetime, whatever changes later."),
      "token_num_uses",
      new Route.Field(FieldType.INTEGER, "Requests the token may make; 0: any number."),
      "token_bound_cidrs",
      new Route.Field(FieldType.COMMA_TEXTS, "Where login and requests must come from."),
      "token_strictly_bind_ip",
      new Route.Field(FieldType.FLAG, "Requests must come from where the login came from."),
      "token_type",
      new Route.Field(FieldType.TEXT, "service, batch or default: the mount's."),
      "token_no_default_policy",
      new Route.Field(FieldType.FLAG, "Leaves the policy default out."));

  public TokenParameters {
    policies = List.copyOf(policies);
    boundCidrs = List.copyOf(boundCidrs);
    oldNames = Set.copyOf(oldNames);
  }

  /** Returns the route with these parameters declared; old names may be among them. */
  public static Route declare(Route route, Collection<String> names) {
    Route declared = route;
    for (String name : names.stream().sorted().toList()) {
      Route.Field field = FIELDS.get(newName(name));
      if (field == null) {
        throw new IllegalArgumentException("no token parameter is called " + name);
      }
      declared = declared.field(
          name,
          field.type(),
          FIELDS.containsKey(name) ? field.help() : "Old name of " + newName(name) + ".");
    }
    return declared;
  }

  private static String newName(String name) {
    return OLD.entrySet().stream()
        .filter(entry -> entry.getValue().equals(name))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(name);
  }

  /**
   * Returns these parameters with what a call gives in the place of what was there.
   *
   * @param names that the call's route declares
   * @throws VaultException with code {@code INVALID_REQUEST} or {@code LIMIT_EXCEEDED} that names
   *     the parameter
   */
  public TokenParameters changedBy(Call call, Collection<String> names) {
    Given given = new Given(call, Set.copyOf(names), new TreeSet<>(oldNames));
    TokenParameters changed = new TokenParameters(
        given.policies(policies),
        given.duration("token_ttl", ttl),
        given.duration("token_max_ttl", maxTtl),
        given.duration("token_period", period),
        given.duration("token_explicit_max_ttl", explicitMaxTtl),
        given.numUses(numUses),
        given.cidrs(boundCidrs),
        given.flag("token_strictly_bind_ip", strictlyBindIp),
        given.type(type),
        given.flag("token_no_default_policy", noDefaultPolicy),
        given.oldNames);
    changed.requireConsistent();
    return changed;
  }

  private void requireConsistent() {
    if (type.filter(TokenType.BATCH::equals).isPresent()) {
      if (!period.isZero()) {
        throw refused(
            "'token_type' cannot be 'batch' or 'default_batch' when set to generate periodic tokens");
      }
      if (numUses != 0) {
        throw refused(
            "'token_type' cannot be 'batch' or 'default_batch' when set to generate tokens with limited use count");
      }
      if (!explicitMaxTtl.isZero()) {
        throw refused(
            "'token_type' cannot be 'batch' when 'token_explicit_max_ttl' is set: use 'token_max_ttl'");
      }
    }
    if (!maxTtl.isZero() && ttl.compareTo(maxTtl) > 0) {
      throw refused("'token_ttl' cannot be greater than 'token_max_ttl'");
    }
    if (strictlyBindIp && !boundCidrs.isEmpty()) {
      throw refused("'token_strictly_bind_ip' conflicts with 'token_bound_cidrs'; set only one");
    }
  }

  /** Returns these parameters with other blocks of addresses. */
  public TokenParameters withBoundCidrs(List<Cidr> blocks) {
    return new TokenParameters(
        policies,
        ttl,
        maxTtl,
        period,
        explicitMaxTtl,
        numUses,
        blocks,
        strictlyBindIp,
        type,
        noDefaultPolicy,
        oldNames);
  }

  /**
   * Returns these parameters as a new role has them, where {@code names} are concerned.
   *
   * @param names new ones
   */
  public TokenParameters without(Collection<String> names) {
    Set<String> gone = Set.copyOf(names);
    TreeSet<String> shown = new TreeSet<>(oldNames);
    shown.removeIf(old -> gone.contains(newName(old)));
    return new TokenParameters(
        gone.contains("token_policies") ? List.of() : policies,
        gone.contains("token_ttl") ? Duration.ZERO : ttl,
        gone.contains("token_max_ttl") ? Duration.ZERO : maxTtl,
        gone.contains("token_period") ? Duration.ZERO : period,
        gone.contains("token_explicit_max_ttl") ? Duration.ZERO : explicitMaxTtl,
        gone.contains("token_num_uses") ? 0 : numUses,
        gone.contains("token_bound_cidrs") ? List.of() : boundCidrs,
        !gone.contains("token_strictly_bind_ip") && strictlyBindIp,
        gone.contains("token_type") ? Optional.empty() : type,
        !gone.contains("token_no_default_policy") && noDefaultPolicy,
        shown);
  }

  /** Returns the parameters by name, as a role is read: lifetimes in seconds. */
  public Map<String, Object> describe() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("token_bound_cidrs", boundCidrs.stream().map(Cidr::toString).toList());
    members.put("token_explicit_max_ttl", explicitMaxTtl.toSeconds());
    members.put("token_max_ttl", maxTtl.toSeconds());
    members.put("token_no_default_policy", noDefaultPolicy);
    members.put("token_num_uses", numUses);
    members.put("token_period", period.toSeconds());
    members.put("token_policies", policies);
    members.put("token_strictly_bind_ip", strictlyBindIp);
    members.put("token_ttl", ttl.toSeconds());
    members.put("token_type", type.map(TokenType::text).orElse("default"));
    oldNames.forEach(old -> {
      Object value = members.get(newName(old));
      if (value != null && !value.equals(0L) && !value.equals(0) && !value.equals(List.of())) {
        members.put(old, value);
      }
    });
    return members;
  }

  /** Writes the parameters as a part of a record. */
  public void write(RecordWriter out) {
    out.all(policies, RecordWriter::text);
    out.i64(ttl.toSeconds()).i64(maxTtl.toSeconds()).i64(period.toSeconds());
    out.i64(explicitMaxTtl.toSeconds()).i32(numUses);
    out.all(boundCidrs, (o, block) -> o.text(block.toString())).flag(strictlyBindIp);
    out.optional(type, (o, one) -> o.flag(one == TokenType.BATCH)).flag(noDefaultPolicy);
    out.all(new TreeSet<>(oldNames), RecordWriter::text);
  }

  /** Reads what {@link #write} wrote. */
  public static TokenParameters read(RecordReader in) {
    return new TokenParameters(
        in.all(RecordReader::text),
        Duration.ofSeconds(in.i64()),
        Duration.ofSeconds(in.i64()),
        Duration.ofSeconds(in.i64()),
        Duration.ofSeconds(in.i64()),
        in.i32(),
        in.all(TokenParameters::block),
        in.flag(),
        in.optional(i -> i.flag() ? TokenType.BATCH : TokenType.SERVICE),
        in.flag(),
        Set.copyOf(new TreeSet<>(in.all(RecordReader::text))));
  }

  private static Cidr block(RecordReader in) {
    try {
      return Cidr.parse(in.text());
    } catch (IllegalArgumentException e) {
      throw new RecordReader.CorruptRecord("an address block of a role cannot be read");
    }
  }

  /**
   * Reads blocks of addresses that a call gives.
   *
   * @param field declared as {@code COMMA_TEXTS}
   * @throws VaultException with code {@code INVALID_REQUEST} or {@code LIMIT_EXCEEDED} that names
   *     the field
   */
  public static List<Cidr> cidrs(Call call, String field) {
    List<String> texts = call.texts(field);
    if (texts.size() > MAX_CIDRS) {
      throw exceeded("'" + field + "' has at most " + MAX_CIDRS + " blocks");
    }
    try {
      return Cidr.parseAll(texts);
    } catch (IllegalArgumentException e) {
      throw refused("'" + field + "': " + e.getMessage());
    }
  }

  private static VaultException refused(String reason) {
    return new VaultException(ErrorCode.INVALID_REQUEST, reason);
  }

  private static VaultException exceeded(String limit) {
    return new VaultException(ErrorCode.LIMIT_EXCEEDED, limit);
  }

  /** What a call gives, under new names or old ones. */
  private record Given(Call call, Set<String> names, NavigableSet<String> oldNames) {

    /** Returns a parameter as it is read under the name it is given with; the new one wins. */
    private <T> Optional<T> read(String name, Function<String, T> reader) {
      String old = OLD.getOrDefault(name, name);
      List<String> given = Stream.of(name, old)
          .distinct()
          .filter(one -> names.contains(one) && call.has(one))
          .toList();
      if (given.contains(old) && !old.equals(name)) {
        oldNames.add(old);
      } else if (!given.isEmpty()) {
        oldNames.remove(old);
      }
      return given.stream().map(reader).toList().stream().findFirst(); // what loses is read, too
    }

    List<String> policies(List<String> before) {
      return read("token_policies", this::policies).orElse(before);
    }

    private List<String> policies(String name) {
      List<String> given = call.texts(name).stream().distinct().toList();
      if (given.size() > MAX_POLICIES) {
        throw exceeded("'" + name + "' has at most " + MAX_POLICIES + " policies");
      }
      for (String policy : given) {
        if (policy.getBytes(StandardCharsets.UTF_8).length > MAX_POLICY_BYTES
            || !VaultPath.isPrintable(policy)) {
          throw refused("'" + name + "' holds names of at most " + MAX_POLICY_BYTES
              + " bytes of printable characters");
        }
        if (policy.toLowerCase(Locale.ROOT).equals("response-wrapping")) {
          throw refused("cannot assign policy \"response-wrapping\"");
        }
      }
      return given;
    }

    Duration duration(String name, Duration before) {
      return read(name, this::duration).flatMap(given -> given).orElse(before);
    }

    private Optional<Duration> duration(String name) {
      Optional<Duration> duration = call.duration(name);
      if (duration.filter(Duration::isNegative).isPresent()) {
        throw refused("'" + name + "' cannot be negative");
      }
      return duration;
    }

    int numUses(int before) {
      return read("token_num_uses", this::numUses).orElse(before);
    }

    private int numUses(String name) {
      long uses = call.integer(name).orElse(0);
      if (uses < 0) {
        throw refused("'" + name + "' cannot be negative");
      }
      if (uses > MAX_USES) {
        throw refused("'" + name + "' is at most " + MAX_USES);
      }
      return (int) uses;
    }

    List<Cidr> cidrs(List<Cidr> before) {
      return read("token_bound_cidrs", name -> TokenParameters.cidrs(call, name))
          .orElse(before);
    }

    boolean flag(String name, boolean before) {
      return read(name, call::flag).flatMap(given -> given).orElse(before);
    }

    Optional<TokenType> type(Optional<TokenType> before) {
      return read("token_type", this::type).orElse(before);
    }

    private Optional<TokenType> type(String name) {
      return switch (call.text(name).orElse("")) {
        case "", "default" -> Optional.empty();
        case "service", "default-service" -> Optional.of(TokenType.SERVICE);
        case "batch", "default-batch" -> Optional.of(TokenType.BATCH);
        default -> throw refused("invalid 'token_type' value: need service, batch or default");
      };
    }
  }
}

package dev.strongroom.testkit;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.ErrorCode;
import dev.strongroom.InMemoryStorage;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShares;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.VirtualTime;
import dev.strongroom.auth.basic.AppRole;
import dev.strongroom.auth.k8s.KubernetesAuth;
import dev.strongroom.kv.Kv;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageType;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every declared field of every route of every mount gets what it does not expect. Routes are those
 * that the help of the mounts names, so that none is forgotten: a new one is tried from the day it
 * is there.
 *
 * <p>A MiB is kept of secrets only, which are objects. What a field of a type refuses is
 * {@link #refusedBy}: with {@code INVALID_REQUEST} and the name of the field, before anything else
 * is looked at. What it takes, or counts as not given, such as null, a negative number and 1 MiB of
 * text ({@link #takenBy}), may be refused for what it means. Nothing is an internal error or one of
 * the store, and what is refused leaves no trace.
 */
@Tag("slow")
class BadInputTest {
  private static final String MEBIBYTE = "x".repeat(1024 * 1024);
  private static final List<String> MANY =
      IntStream.range(0, 10_000).mapToObj(i -> "x".repeat(100) + i).toList();
  private static final BigDecimal HUGE = new BigDecimal("1e99");
  private static final BigDecimal BEYOND_64_BITS = new BigDecimal("18446744073709551616");

  /** What other operations of a route take; and what KV takes as never. */
  private static final Set<String> NOT_KEPT =
      Set.of("after", "limit", "version", "delete_version_after");

  private static final Set<String> NUMBERS = Set.of("integer", "duration");

  /** Of "sample": a hash that costs little. */
  private static final String BCRYPT =
      "$2b$05$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";

  /** What a request with bad input may come to, besides success. */
  private static final Set<ErrorCode> CALLERS_FAULT = Set.of(
      INVALID_REQUEST,
      ErrorCode.NOT_FOUND,
      ErrorCode.CONFLICT,
      ErrorCode.LIMIT_EXCEEDED,
      ErrorCode.UNSUPPORTED,
      ErrorCode.PERMISSION_DENIED);

  private final StorageBackend store = InMemoryStorage.create().open();
  private final Vault vault;
  private final Session root;
  private final List<String> problems = new ArrayList<>();
  private int tried;

  BadInputTest(@TempDir Path folder) {
    VirtualTime time = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));
    vault = Vault.builder()
        .storage(borrowed(store))
        .time(time)
        .mount("secret", Kv.version2())
        .mount("plain", Kv.version1())
        .auth("userpass", CheapUserPass.method())
        .auth("approle", AppRole.method())
        .auth("kubernetes", KubernetesAuth.method())
        .auditOverApi(folder)
        .allowCeremoniesWithoutToken()
        .open();
    try (InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
      vault.unseal(keys.shares().get(0));
      root = vault.session(keys.rootToken());
    }
  }

  /** Makes what the paths name, as far as a request before has removed it. */
  private void prepare() {
    Map<String, Map<String, ?>> samples = Map.ofEntries(
        Map.entry("secret/data/sample", Map.of("data", Map.of("a", "b"))),
        Map.entry("plain/sample", Map.of("a", "b")),
        Map.entry("sys/policies/acl/sample", Map.of("policy", "path \"a\" { policy = \"read\" }")),
        Map.entry(
            "sys/policies/password/sample",
            Map.of("policy", "length = 8\nrule \"charset\" { charset = \"abc\" }")),
        Map.entry("auth/userpass/users/sample", Map.of("password_hash", BCRYPT)),
        Map.entry("auth/approle/role/sample", Map.of()),
        Map.entry(
            "auth/kubernetes/config",
            Map.of("kubernetes_host", "https://127.0.0.1:1", "kubernetes_ca_cert", "none")),
        Map.entry(
            "auth/kubernetes/role/sample",
            Map.of(
                "bound_service_account_names", "a",
                "bound_service_account_namespaces", "b",
                "audience", "vault")),
        Map.entry("auth/token/roles/sample", Map.of()),
        Map.entry("identity/entity", Map.of("name", "sample")),
        Map.entry("identity/group", Map.of("name", "sample")));
    samples.forEach(
        (path, members) -> root.request(Request.write(path, members)).orThrow());
    for (String path : List.of("sys/mounts/sample", "sys/auth/sample")) {
      String type = path.contains("auth") ? "approle" : "kv";
      Response unused = root.request(Request.write(path, Map.of("type", type))); // or it is there
    }
  }

  /** The test looks into the store while the vault runs on it. */
  private static StorageType borrowed(StorageBackend store) {
    return new StorageType() {
      @Override
      public String name() {
        return "borrowed";
      }

      @Override
      public StorageBackend open() {
        return store;
      }
    };
  }

  @AfterEach
  void close() {
    vault.close();
  }

  /** A path whose handler gets as far as the parameters. */
  private String path(DescribedRoute route) {
    return route.pathWith(name -> switch (name) {
      case "algorithm" -> "sha2-256";
      case "source" -> "platform";
      case "urlbytes", "bytes" -> "8";
      case "id" -> route.pattern().contains("/group/") ? idOf("group") : idOf("entity");
      default -> "sample";
    });
  }

  private String idOf(String kind) {
    return root.request(Request.read("identity/" + kind + "/name/sample"))
        .dataOrEmpty()
        .text("id")
        .orElse("sample");
  }

  /** What a field of a type cannot be; written out once more, apart from the code that decides. */
  private static List<@Nullable Object> refusedBy(String type) {
    return switch (type) {
      case "text" -> List.of(List.of("x"), Map.of("a", "b"));
      case "integer" ->
        List.of("x", "1.5", HUGE, BEYOND_64_BITS, MEBIBYTE, List.of(1), Map.of("a", 1));
      case "flag" -> List.of("maybe", -1, HUGE, MEBIBYTE, List.of(true), Map.of("a", true));
      case "duration" ->
        List.of("soon", true, new BigDecimal("1.5"), HUGE, MEBIBYTE, List.of(1), Map.of("a", 1));
      case "object" -> List.of("x", -1, HUGE, true, MEBIBYTE, List.of("x"));
      case "texts", "comma_texts" ->
        List.of(Map.of("a", "b"), Arrays.asList("x", null), List.of(List.of("x")));
      case "integers" ->
        List.of("x", true, HUGE, MEBIBYTE, Map.of("a", 1), List.of("x"), List.of(List.of(1)));
      case "pairs" -> List.of("x", -1, true, MEBIBYTE, List.of("x"), Map.of("a", List.of("b")));
      default -> throw new IllegalArgumentException(type);
    };
  }

  /** What a field of a type can be, however odd. */
  private static List<@Nullable Object> takenBy(String type) {
    List<@Nullable Object> values = new ArrayList<>();
    values.add(null);
    values.addAll(
        switch (type) {
          case "text" -> List.of(-1, HUGE, true, "", "\u0000", "a//../b", MEBIBYTE);
          case "integer" -> List.of(-1, Long.MIN_VALUE, Long.MAX_VALUE, "");
          case "flag" -> List.of(true, "");
          case "duration" -> List.of(-1, "-1h", Long.MAX_VALUE / 2_000_000_000, "");
          case "object" ->
            List.of(Map.of(), Map.of("a", MEBIBYTE), Map.of(MEBIBYTE.substring(0, 1024), 1));
          case "texts", "comma_texts" ->
            List.of(
                List.of(),
                List.of(""),
                -1,
                "a,,b",
                List.of("a//../b/"),
                List.of("\u0000"),
                List.of(MEBIBYTE),
                MANY,
                MEBIBYTE);
          case "integers" -> List.of(List.of(), -1, List.of(Long.MIN_VALUE), "");
          case "pairs" ->
            List.of(
                Map.of(),
                List.of("a=" + MEBIBYTE),
                MANY.stream().map(name -> name + "=b").toList(),
                Map.of("a", MEBIBYTE),
                Map.of("", ""));
          default -> throw new IllegalArgumentException(type);
        });
    return values;
  }

  /** What a field of a type may well be. */
  private static Object ordinary(String type) {
    return switch (type) {
      case "text" -> "sample";
      case "integer" -> 1;
      case "flag" -> false;
      case "duration" -> "1h";
      case "object" -> Map.of("a", "b");
      case "texts", "comma_texts" -> List.of("sample");
      case "integers" -> List.of(1);
      case "pairs" -> Map.of("a", "b");
      default -> throw new IllegalArgumentException(type);
    };
  }

  @Test
  void everyFieldOfEveryRoute_badInput_isRefusedByNameOrTakenAsItsTypeSays() {
    Set<String> types = new LinkedHashSet<>();
    for (DescribedRoute route : DescribedRoute.all(root)) {
      for (Operation operation : route.operations()) {
        route.fields().forEach((field, type) -> {
          types.add(type);
          prepare();
          refusedBy(type).forEach(value -> mustRefuse(route, operation, field, value));
          takenBy(type).forEach(value -> mustSurvive(route, operation, field, value));
        });
      }
    }
    assertThat(problems).isEmpty();
    assertThat(types).hasSizeGreaterThanOrEqualTo(6);
    assertThat(tried).isGreaterThan(1_500);
  }

  private void mustRefuse(
      DescribedRoute route, Operation operation, String field, @Nullable Object value) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put(field, value);
    long before = revision();
    Response response = ask(route, operation, members);
    boolean refusedAsToken = path(route).startsWith("sys/wrapping/")
        && field.equals("token")
        && response.failure().filter(ErrorCode.PERMISSION_DENIED::equals).isPresent();
    if (refusedAsToken) { // it stands in for the caller's own, and is decided before the route
      return;
    }
    if (!response.failure().filter(INVALID_REQUEST::equals).isPresent()
        || !String.join(" ", response.errors()).contains("\"" + field + "\"")) {
      note("not refused by name", route, operation, field, value, response);
    }
    if (revision() != before) {
      note("stored", route, operation, field, value, response);
    }
  }

  private void mustSurvive(
      DescribedRoute route, Operation operation, String field, @Nullable Object value) {
    for (boolean alone : new boolean[] {true, false}) {
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      if (!alone) {
        route.fields().forEach((name, type) -> members.put(name, ordinary(type)));
      }
      members.put(field, value);
      long before = revision();
      Response response = ask(route, operation, members);
      if (response.failure().filter(code -> !CALLERS_FAULT.contains(code)).isPresent()) {
        note("broke", route, operation, field, value, response);
      }
      if (!response.isFailure()
          && revision() != before
          && operation != Operation.DELETE
          && !NOT_KEPT.contains(field)
          && !route.fields().get(field).equals("object")
          && String.valueOf(value).length() >= MEBIBYTE.length()) {
        note("kept", route, operation, field, value, response);
      }
      if (!response.isFailure()
          && revision() != before
          && operation != Operation.DELETE
          && !NOT_KEPT.contains(field)
          && NUMBERS.contains(route.fields().get(field))
          && isNegative(value)) {
        note("kept", route, operation, field, value, response);
      }
      if (response.isFailure() && revision() != before) {
        note("stored", route, operation, field, value, response);
      }
    }
  }

  private Response ask(
      DescribedRoute route, Operation operation, Map<String, @Nullable Object> members) {
    tried++;
    return root.request(Request.of(operation, VaultPath.parse(path(route)), Payload.of(members)));
  }

  private static boolean isNegative(@Nullable Object value) {
    return String.valueOf(value).startsWith("-");
  }

  /** Returns a number that any commit changes. */
  private long revision() {
    return store.head();
  }

  private void note(
      String problem,
      DescribedRoute route,
      Operation operation,
      String field,
      @Nullable Object value,
      Response response) {
    String text = String.valueOf(value);
    problems.add(problem + ": " + operation + " " + path(route) + " " + field + "="
        + (text.length() > 40 ? text.substring(0, 40) + "… (" + text.length() + ")" : text) + " -> "
        + response.failure().map(Enum::name).orElse("success") + " "
        + response.errors().stream()
            .map(e -> e.length() > 120 ? e.substring(0, 120) : e)
            .toList());
  }
}

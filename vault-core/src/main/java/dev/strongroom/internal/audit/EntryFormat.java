package dev.strongroom.internal.audit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.strongroom.ClientToken;
import dev.strongroom.ErrorCode;
import dev.strongroom.internal.mount.MountEntry;
import dev.strongroom.internal.mount.PlainKeys;
import dev.strongroom.internal.token.Caller;
import dev.strongroom.internal.token.TokenRecord;
import dev.strongroom.request.Auth;
import dev.strongroom.request.Origin;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.request.WrapInfo;
import dev.strongroom.spi.AuditFormat;
import dev.strongroom.spi.InstantText;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes requests and responses as one device shows them. Same members, in the same order, and the
 * same hashes as OpenBao v2.6.2 {@code audit/format.go} and {@code audit/hashstructure.go}, except
 * that numbers keep their digits and texts of errors never quote a value of the request.
 * Thread-safe.
 */
final class EntryFormat {
  private static final int MAX_TEXT = 4096;
  private static final int REMEMBERED_BYTES = 1024 * 1024;

  private final AuditFormat format;
  private final SaltedHmac hmac;

  // Callers come again and again, and most of what is said of one is always the same.
  private final Cache<CallerKey, CallerText> callers = Caffeine.newBuilder()
      .maximumWeight(REMEMBERED_BYTES)
      .weigher((CallerKey key, CallerText text) -> text.size())
      .executor(Runnable::run)
      .build();

  /** A token that was chosen by its creator can come again, with another accessor. */
  private record CallerKey(String hash, String accessor) {}

  /**
   * Members that do not change as long as a caller lives.
   *
   * @param who is in front of the policies
   * @param token is behind them
   * @param request stands in the request
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record CallerText(byte[] who, byte[] token, byte[] request) {
    int size() {
      return who.length + token.length + request.length;
    }
  }

  EntryFormat(AuditFormat format, String salt) {
    this.format = format;
    this.hmac = new SaltedHmac(salt);
  }

  String prefix() {
    return format.prefix();
  }

  String hash(String input) {
    return hmac.of(input);
  }

  /** Returns what was asked for, without the brace at its end; {@code error} if it was refused. */
  byte[] request(AuditedRequest audited, Instant time, @Nullable Response error) {
    JsonText out = begin("request", audited, time);
    if (error != null) {
      writeError(out, audited, error);
    }
    return out.utf8();
  }

  /** Returns what was asked for and answered, without the brace at its end. */
  byte[] response(AuditedRequest audited, Instant time, Response response) {
    JsonText out = begin("response", audited, time);
    writeResponse(out, audited, response);
    writeError(out, audited, response);
    return out.utf8();
  }

  private JsonText begin(String type, AuditedRequest audited, Instant time) {
    JsonText out = new JsonText(format.prefix());
    out.name("time").text(InstantText.format(time)).name("type").text(type);
    return out.members(audited.asKnown(this));
  }

  /** Returns the members that both records of a request have. */
  byte[] both(AuditedRequest audited) {
    JsonText out = new JsonText();
    writeAuth(out, audited);
    writeRequest(out, audited);
    return out.utf8();
  }

  private void writeAuth(JsonText out, AuditedRequest audited) {
    Caller caller = audited.caller();
    if (audited.isHost()) {
      out.name("auth").open('{').member("display_name", "host").close('}');
    } else if (caller != null) {
      out.name("auth").open('{');
      CallerText text = textOf(caller);
      out.members(text.who);
      out.member("policies", audited.policies(caller));
      out.member("token_policies", caller.token().policies());
      out.member("identity_policies", audited.identityPolicies(caller));
      writePolicyResults(out, audited);
      out.members(text.token).close('}');
    }
  }

  private static void writePolicyResults(JsonText out, AuditedRequest audited) {
    Boolean allowed = audited.decision();
    if (allowed == null) {
      return;
    }
    out.name("policy_results").open('{').name("allowed").literal(allowed);
    if (!audited.grantedBy().isEmpty()) {
      out.name("granting_policies").open('[');
      audited.grantedBy().forEach(policy -> out.open('{')
          .member("name", policy)
          .member("namespace_id", "root")
          .member("type", "acl")
          .close('}'));
      out.close(']');
    }
    out.close('}');
  }

  private void writeRequest(JsonText out, AuditedRequest audited) {
    Caller caller = audited.caller();
    MountEntry mount = audited.mount();
    out.name("request").open('{').member("id", audited.id());
    if (caller != null) {
      out.member("client_id", caller.token().entityId().orElse(""));
    }
    out.member("operation", audited.operation().name().toLowerCase(Locale.ROOT));
    writeMount(out, mount);
    ClientToken token = audited.token();
    if (caller != null) {
      out.members(textOf(caller).request);
    } else if (token != null) {
      out.member("client_token", hash(token));
    }
    out.name("namespace").open('{').member("id", "root").close('}');
    out.member("path", audited.request().path().text());
    writeData(out, audited.request().payload(), keys(mount).request(), /* elided= */ false);
    audited.request().wrapTtl().ifPresent(ttl -> out.member("wrap_ttl", ttl.toSeconds()));
    audited.request().origin().ifPresent(origin -> writeOrigin(out, audited, origin));
    out.close('}');
  }

  private static void writeMount(JsonText out, @Nullable MountEntry mount) {
    if (mount != null) {
      boolean auth = mount.path().startsWith("auth/");
      out.member("mount_point", mount.path()).member("mount_type", mount.type());
      out.member("mount_accessor", mount.accessor())
          .member("mount_class", auth ? "auth" : "secret");
    }
  }

  private void writeOrigin(JsonText out, AuditedRequest audited, Origin origin) {
    out.member("remote_address", origin.address().getHostAddress());
    out.member("remote_port", origin.port());
    Map<String, List<String>> shown = new TreeMap<>();
    audited.headers().hashed().forEach((name, hashed) -> {
      List<String> values = origin.headers().get(name);
      if (values != null) {
        shown.put(
            name,
            values.stream().map(value -> hashed ? hmac.of(value) : cut(value)).toList());
      }
    });
    if (!shown.isEmpty()) {
      out.name("headers").open('{');
      shown.forEach(out::member);
      out.close('}');
    }
  }

  private void writeResponse(JsonText out, AuditedRequest audited, Response response) {
    out.name("response").open('{');
    response.auth().ifPresent(auth -> writeIssued(out, auth));
    writeMount(out, audited.mount());
    response
        .lease()
        .ifPresent(
            lease -> out.name("secret").open('{').member("lease_id", lease.id()).close('}'));
    response
        .data()
        .ifPresent(data -> writeData(
            out,
            data,
            keys(audited.mount()).response(),
            format.elideListResponses() && audited.request().operation().lists()));
    out.member(
        "warnings",
        response.warnings().stream().map(text -> withoutValues(text, audited)).toList());
    response.wrapInfo().ifPresent(wrapInfo -> writeWrapInfo(out, wrapInfo));
    out.close('}');
  }

  private void writeIssued(JsonText out, Auth auth) {
    out.name("auth").open('{');
    auth.token().ifPresent(token -> out.member("client_token", hash(token)));
    out.member("accessor", accessor(auth.accessor()));
    out.member("policies", auth.policies()).member("token_policies", auth.tokenPolicies());
    out.member("identity_policies", auth.identityPolicies());
    writeTexts(out, "metadata", auth.metadata());
    out.member("num_uses", auth.numUses()).member("entity_id", auth.entityId().orElse(""));
    out.member("token_type", auth.type().text()).member("token_ttl", auth.ttl().toSeconds());
    out.close('}');
  }

  private void writeWrapInfo(JsonText out, WrapInfo wrapInfo) {
    out.name("wrap_info").open('{').member("ttl", wrapInfo.ttl().toSeconds());
    out.member("token", hash(wrapInfo.token())).member("accessor", accessor(wrapInfo.accessor()));
    out.member("creation_time", InstantText.format(wrapInfo.createdAt()));
    out.member("creation_path", wrapInfo.creationPath());
    out.member(
        "wrapped_accessor", wrapInfo.wrappedAccessor().map(this::accessor).orElse(""));
    out.close('}');
  }

  private static void writeTexts(JsonText out, String name, Map<String, String> texts) {
    if (!texts.isEmpty()) {
      out.name(name).open('{');
      new TreeMap<>(texts).forEach((key, text) -> out.name(key).text(text));
      out.close('}');
    }
  }

  private static PlainKeys keys(@Nullable MountEntry mount) {
    return mount == null ? PlainKeys.NONE : mount.settings().plainKeys();
  }

  private void writeData(JsonText out, Payload data, List<String> plain, boolean elided) {
    if (data.isEmpty()) {
      return;
    }
    out.name("data").open('{');
    new TreeMap<>(data.toMap()).forEach((String name, @Nullable Object value) -> {
      out.name(name);
      if (elided && name.equals("keys") && value instanceof Collection<?> keys) {
        out.literal(keys.size());
      } else if (elided && name.equals("key_info") && value instanceof Map<?, ?> details) {
        out.literal(details.size());
      } else {
        writeValue(out, value, name, plain);
      }
    });
    out.close('}');
  }

  /**
   * Writes a value with its texts hashed.
   *
   * @param key nearest enclosing name
   * @param plain names whose texts are written as they are
   */
  private void writeValue(JsonText out, @Nullable Object value, String key, List<String> plain) {
    if (value instanceof String text) {
      boolean shown = format.raw() || plain.contains(key) || isTime(text);
      out.text(shown ? text : hmac.of(text));
    } else if (value == null || value instanceof Number || value instanceof Boolean) {
      out.literal(value);
    } else if (value instanceof Collection<?> elements) {
      out.open('[');
      for (Object element : elements) {
        writeValue(out, element, key, plain);
      }
      out.close(']');
    } else if (value instanceof Payload payload) {
      writeObject(out, payload.toMap(), plain);
    } else if (value instanceof Map<?, ?> map) {
      writeObject(out, map, plain);
    } else {
      throw new IllegalArgumentException("not a JSON value: " + value.getClass().getName());
    }
  }

  private void writeObject(JsonText out, Map<?, ?> members, List<String> plain) {
    out.open('{');
    new TreeMap<>(members).forEach((Object name, @Nullable Object value) -> {
      out.name((String) name);
      writeValue(out, value, (String) name, plain);
    });
    out.close('}');
  }

  /** Moments are no secrets, and whoever reads the trail wants them. */
  private static boolean isTime(String text) {
    boolean looksLikeOne = text.length() >= "2026-01-01T00:00:00Z".length()
        && text.length() <= "2026-01-01T00:00:00.123456789+00:00".length()
        && text.charAt(4) == '-'
        && text.charAt(10) == 'T';
    if (!looksLikeOne) {
      return false;
    }
    try {
      InstantText.parse(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void writeError(JsonText out, AuditedRequest audited, Response response) {
    ErrorCode code = response.failure().orElse(null);
    if (code != null && !(code == ErrorCode.NOT_FOUND && response.errors().isEmpty())) {
      String texts = String.join("; ", response.errors());
      out.member("error", code + ": " + withoutValues(texts, audited));
    }
  }

  /** Returns a text in which nothing that the request brought stands in clear. */
  private String withoutValues(String text, AuditedRequest audited) {
    return format.raw()
        ? cut(text)
        : cut(SentValues.of(audited.request().payload()).replacedIn(text, hmac));
  }

  private static String cut(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
  }

  private CallerText textOf(Caller caller) {
    CallerKey key = new CallerKey(caller.hash(), caller.token().accessor());
    return caller.hash().isEmpty() || format.raw() // nothing keeps a token in clear
        ? newTextOf(caller)
        : callers.get(key, unused -> newTextOf(caller));
  }

  private CallerText newTextOf(Caller caller) {
    TokenRecord record = caller.token();
    String token = hash(caller.presented());
    String accessor = accessor(record.accessor());
    JsonText who = new JsonText().member("client_token", token).member("accessor", accessor);
    who.member("display_name", record.displayName());
    JsonText behind = new JsonText();
    writeTexts(behind, "metadata", record.meta());
    behind.member("num_uses", record.numUses());
    behind.member("entity_id", record.entityId().orElse(""));
    behind.member("token_type", record.type().text());
    behind.member("token_ttl", record.creationTtl().toSeconds());
    behind.member("token_issue_time", InstantText.format(record.createdAt()));
    JsonText request = new JsonText();
    request.member("client_token", token).member("client_token_accessor", accessor);
    return new CallerText(who.utf8(), behind.utf8(), request.utf8());
  }

  private String accessor(String accessor) {
    return accessor.isEmpty() || !format.hmacAccessor() || format.raw()
        ? accessor
        : hmac.of(accessor);
  }

  private String hash(ClientToken token) {
    byte[] bytes = token.exposeBytes();
    try {
      return format.raw() ? token.exposeText() : hmac.of(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }
}

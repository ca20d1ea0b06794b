package dev.strongroom.internal.wrapping;

import dev.strongroom.ClientToken;
import dev.strongroom.ErrorCode;
import dev.strongroom.internal.json.Json;
import dev.strongroom.request.Auth;
import dev.strongroom.request.Lease;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.request.TokenType;
import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordReader.CorruptRecord;
import dev.strongroom.spi.RecordWriter;
import dev.strongroom.spi.StorageException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A response as it is stored behind a wrapping token: whole, so that unwrapping gives what would
 * have been answered, with every digit of its data.
 *
 * @param requestId of the request that was answered, for clients that want to see it
 */
record WrappedResponse(String requestId, Response response) {
  private static final RecordCodec<WrappedResponse> CODEC =
      RecordCodec.of(1, WrappedResponse::write, WrappedResponse::read);

  /** Returns this as bytes, which the caller wipes or hands on. */
  byte[] toBytes() {
    try (RecordWriter out = new RecordWriter()) {
      CODEC.write(this, out);
      return out.toBytes();
    }
  }

  /** Reads what {@link #toBytes} wrote, and wipes it. */
  static WrappedResponse of(byte[] stored) {
    try {
      RecordReader in = new RecordReader(stored);
      WrappedResponse wrapped = CODEC.read(in);
      in.end();
      return wrapped;
    } catch (CorruptRecord e) {
      throw new StorageException("a wrapped response is damaged: " + e.getMessage());
    } finally {
      Arrays.fill(stored, (byte) 0);
    }
  }

  private void write(RecordWriter out) {
    out.text(requestId);
    out.optional(response.failure(), (o, code) -> o.text(code.name()));
    out.all(response.errors(), RecordWriter::text);
    out.optional(response.data(), WrappedResponse::writeData);
    out.optional(response.auth(), WrappedResponse::writeAuth);
    out.optional(response.lease(), (o, lease) -> o.text(lease.id())
        .flag(lease.renewable())
        .i64(lease.duration().toSeconds()));
    out.all(response.warnings(), RecordWriter::text);
    out.i64(response.leaseDuration().toSeconds());
    out.optional(response.accessor(), RecordWriter::text);
  }

  private static WrappedResponse read(RecordReader in) {
    String requestId = in.text();
    Optional<ErrorCode> failure = in.optional(i -> named(ErrorCode.values(), i.text()));
    String[] errors = in.all(RecordReader::text).toArray(String[]::new);
    Optional<Payload> data = in.optional(i -> Payload.ofStored(i.bytes()));
    Optional<Auth> auth = in.optional(WrappedResponse::readAuth);
    Response response = failure
        .map(code -> data.map(d -> Response.failure(code, d))
            .orElseGet(() -> Response.failure(code, errors)))
        .or(() -> auth.map(Response::of))
        .or(() -> data.map(Response::of))
        .orElse(Response.empty());
    Optional<Lease> lease =
        in.optional(i -> new Lease(i.text(), i.flag(), Duration.ofSeconds(i.i64())));
    if (lease.isPresent()) {
      response = response.withLease(lease.get());
    }
    for (String warning : in.all(RecordReader::text)) {
      response = response.withWarning(warning);
    }
    response = response.withLeaseDuration(Duration.ofSeconds(in.i64()));
    Optional<String> accessor = in.optional(RecordReader::text);
    return new WrappedResponse(
        requestId, accessor.isPresent() ? response.withAccessor(accessor.get()) : response);
  }

  private static void writeData(RecordWriter out, Payload data) {
    byte[] json = data.toJson();
    out.bytes(json);
    Arrays.fill(json, (byte) 0);
  }

  private static void writeAuth(RecordWriter out, Auth auth) {
    out.optional(auth.token(), WrappedResponse::writeToken).text(auth.accessor());
    out.all(auth.tokenPolicies(), RecordWriter::text);
    out.all(auth.identityPolicies(), RecordWriter::text);
    out.texts(auth.metadata()).optional(auth.entityId(), RecordWriter::text);
    out.text(auth.type().name()).i64(auth.ttl().toSeconds());
    out.flag(auth.renewable()).flag(auth.orphan()).i32(auth.numUses());
  }

  private static Auth readAuth(RecordReader in) {
    return new Auth(
        in.optional(WrappedResponse::readToken),
        in.text(),
        in.all(RecordReader::text),
        in.all(RecordReader::text),
        in.texts(),
        in.optional(RecordReader::text),
        named(TokenType.values(), in.text()),
        Duration.ofSeconds(in.i64()),
        in.flag(),
        in.flag(),
        in.i32());
  }

  private static void writeToken(RecordWriter out, ClientToken token) {
    byte[] text = token.exposeBytes();
    out.bytes(text);
    Arrays.fill(text, (byte) 0);
  }

  private static ClientToken readToken(RecordReader in) {
    byte[] text = in.bytes();
    try {
      return ClientToken.parse(StandardCharsets.US_ASCII.decode(ByteBuffer.wrap(text)));
    } catch (IllegalArgumentException e) {
      throw new CorruptRecord("a token is not one");
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  private static <E extends Enum<E>> E named(E[] values, String name) {
    return Stream.of(values)
        .filter(value -> value.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new CorruptRecord("a word is not known"));
  }

  /**
   * Returns the response as the JSON that a client of the HTTP API would have got, for clients that
   * read it in the cubbyhole. Same members as OpenBao v2.6.2
   * {@code sdk/logical/translate_response.go}.
   */
  String envelope() {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("request_id", requestId);
    members.put("lease_id", response.lease().map(Lease::id).orElse(""));
    members.put("renewable", response.lease().filter(Lease::renewable).isPresent());
    members.put("lease_duration", response.leaseDuration().toSeconds());
    members.put("data", response.data().map(data -> Json.raw(data.toJson())).orElse(null));
    members.put("wrap_info", null);
    members.put("warnings", response.warnings().isEmpty() ? null : response.warnings());
    members.put("auth", response.auth().map(WrappedResponse::members).orElse(null));
    byte[] json = Json.write(members);
    try {
      return new String(json, StandardCharsets.UTF_8);
    } finally {
      Arrays.fill(json, (byte) 0);
    }
  }

  private static Map<String, @Nullable Object> members(Auth auth) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("client_token", auth.token().map(ClientToken::exposeText).orElse(""));
    members.put("accessor", auth.accessor());
    members.put("policies", auth.policies());
    if (!auth.tokenPolicies().isEmpty()) {
      members.put("token_policies", auth.tokenPolicies());
    }
    if (!auth.identityPolicies().isEmpty()) {
      members.put("identity_policies", auth.identityPolicies());
    }
    members.put("metadata", auth.metadata().isEmpty() ? null : auth.metadata());
    members.put("lease_duration", auth.ttl().toSeconds());
    members.put("renewable", auth.renewable());
    members.put("entity_id", auth.entityId().orElse(""));
    members.put("token_type", auth.type().text());
    members.put("orphan", auth.orphan());
    members.put("mfa_requirement", null);
    members.put("num_uses", auth.numUses());
    return members;
  }

  @Override
  public String toString() {
    return "WrappedResponse[redacted]";
  }
}

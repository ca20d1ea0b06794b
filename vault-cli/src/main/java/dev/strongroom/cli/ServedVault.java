package dev.strongroom.cli;

import dev.strongroom.KeyShare;
import dev.strongroom.request.Payload;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A vault behind the Vault HTTP API, as its operator uses it. Nothing is tried twice, and no
 * redirect is followed: a share goes to the address that was named and nowhere else.
 */
final class ServedVault {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration WHOLE_CALL = Duration.ofSeconds(60);
  private static final int MAX_BODY = 1024 * 1024;

  private final ServerAddress address;
  private final HttpClient client;
  private final Duration timeout;

  private ServedVault(ServerAddress address, HttpClient client, Duration timeout) {
    this.address = address;
    this.client = client;
    this.timeout = timeout;
  }

  /**
   * What a server says of itself.
   *
   * @param status as {@code sys/seal-status} has it
   * @param date of its clock, in whole seconds; empty if it does not say
   */
  record Answer(Payload status, Optional<Instant> date) {}

  /**
   * Returns a vault; nothing is sent yet.
   *
   * @param certificates PEM; empty for those that the JVM trusts
   * @throws IOException if they cannot be read
   */
  static ServedVault at(ServerAddress address, Optional<Path> certificates) throws IOException {
    return at(address, certificates, WHOLE_CALL);
  }

  /** As {@link #at(ServerAddress, Optional)}, with another limit for the whole of a call. */
  static ServedVault at(ServerAddress address, Optional<Path> certificates, Duration timeout)
      throws IOException {
    HttpClient.Builder client = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(CONNECT);
    if (certificates.isPresent()) {
      client.sslContext(TrustedCertificates.in(certificates.get()));
    }
    return new ServedVault(address, client.build(), timeout);
  }

  /** Returns whether what is sent can be read on the way. */
  boolean isInTheClear() {
    return address.isInTheClear();
  }

  Payload sealStatus() throws IOException {
    return ask().status;
  }

  /** Returns how far the vault is open, and what time it has. */
  Answer ask() throws IOException {
    HttpResponse<byte[]> response = send(request("sys/seal-status").GET());
    return new Answer(json(response), date(response));
  }

  private static Optional<Instant> date(HttpResponse<byte[]> response) {
    try {
      return response.headers().firstValue("Date").map(text -> ZonedDateTime.parse(
              text, DateTimeFormatter.RFC_1123_DATE_TIME)
          .toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Gives a key share; returns the status after it. */
  Payload unseal(KeyShare share, boolean migrate) throws IOException {
    byte[] body = unsealBody(share, migrate);
    try {
      return json(send(request("sys/unseal").PUT(BodyPublishers.ofByteArray(body))));
    } finally {
      Arrays.fill(body, (byte) 0);
    }
  }

  /** Written as bytes, which can be wiped. */
  private static byte[] unsealBody(KeyShare share, boolean migrate) {
    byte[] before = "{\"key\":\"".getBytes(StandardCharsets.US_ASCII);
    byte[] after = ("\",\"migrate\":" + migrate + "}").getBytes(StandardCharsets.US_ASCII);
    byte[] key = share.exposeBytes();
    try {
      byte[] body = Arrays.copyOf(before, before.length + 2 * key.length + after.length);
      for (int i = 0; i < key.length; i++) {
        body[before.length + 2 * i] = (byte) Character.forDigit(key[i] >> 4 & 0xf, 16);
        body[before.length + 2 * i + 1] = (byte) Character.forDigit(key[i] & 0xf, 16);
      }
      System.arraycopy(after, 0, body, body.length - after.length, after.length);
      return body;
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /** Lets the vault forget the shares given so far. */
  Payload resetUnseal() throws IOException {
    return json(send(request("sys/unseal").PUT(BodyPublishers.ofString("{\"reset\":true}"))));
  }

  /** Seals the vault. */
  void seal(String token) throws IOException {
    send(request("sys/seal").header("X-Vault-Token", token).PUT(BodyPublishers.noBody()));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(address.of("v1/" + path))
        .header("X-Vault-Request", "true")
        .timeout(timeout);
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder builder) throws IOException {
    HttpRequest request = builder.build();
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, head -> new BoundedBody(MAX_BODY));
    try {
      HttpResponse<byte[]> response = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      requireDone(response);
      return response;
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(address + " does not answer: " + words(cause), cause);
    } catch (TimeoutException e) {
      throw new IOException(address + " does not answer within " + timeout.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while " + address + " was asked");
    } finally {
      answer.cancel(true);
    }
  }

  private static String words(Throwable cause) {
    String message = cause.getMessage();
    return TerminalText.of(
        cause.getClass().getSimpleName() + (message == null ? "" : ": " + message));
  }

  private void requireDone(HttpResponse<byte[]> response) {
    int status = response.statusCode();
    if (status / 100 == 3) {
      throw new ServerRefused(address + " points to another address, which is not followed: "
          + TerminalText.of(response.headers().firstValue("Location").orElse("unknown")));
    }
    if (status / 100 != 2) {
      throw new ServerRefused(address + " answers " + status + errors(response.body()));
    }
  }

  private static String errors(byte[] body) {
    try {
      String all = String.join("; ", Payload.parse(body).texts("errors"));
      return all.isEmpty() ? "" : ": " + TerminalText.of(all);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private Payload json(HttpResponse<byte[]> response) throws IOException {
    try {
      return Payload.parse(response.body());
    } catch (IllegalArgumentException e) {
      throw new IOException(address + " does not answer as a vault", e);
    }
  }
}

package dev.strongroom.auth.k8s.internal.api;

import dev.strongroom.auth.k8s.internal.api.ApiFailure.Kind;
import dev.strongroom.request.Payload;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The API of one cluster, as one configuration has it: address and authorities never change, so no
 * connection outlives the trust it was made with. Asks only where it was told to: no redirect, no
 * proxy, no cookie, no stored credential. Time, size and number of attempts are bounded, and a
 * doubtful answer is a failure. Thread-safe.
 */
public final class ApiServer implements AutoCloseable {
  static final int MAX_BODY = 1024 * 1024;

  private static final int ATTEMPTS = 2;
  private static final String NAMESPACES = "/api/v1/namespaces/";

  /** RFC 1123, as Kubernetes has it: anything else is no name, and would be another path. */
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private static final Pattern ACCOUNT =
      Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");

  private static final int MAX_ACCOUNT = 253;

  private static final Pattern BEARER = Pattern.compile("[\\x21-\\x7e]+");

  private final String host;
  private final Turns turns;
  private final Turns renewalTurns;
  private final HttpClient client;
  private final Questions questions;
  private volatile @Nullable ApiAddress address;
  private volatile boolean closed;

  /**
   * Connects to nobody yet.
   *
   * @param host as it was configured; whether it is an address shows at the first question
   * @param caPem the authorities, for {@code https}
   * @param turns for questions that strangers bring about
   * @param renewalTurns for those of renewals
   */
  public ApiServer(String host, String caPem, ApiLimits limits, Turns turns, Turns renewalTurns) {
    this.host = host;
    this.turns = turns;
    this.renewalTurns = renewalTurns;
    this.questions = new Questions(limits.answer());
    // HTTP/1.1: a connection that one question spoils is no other question's.
    this.client = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .proxy(HttpClient.Builder.NO_PROXY)
        .connectTimeout(limits.connect())
        .sslContext(Trust.context(caPem))
        .sslParameters(Trust.parameters())
        .build();
  }

  /** Returns whether a text has a certificate that others may come from. */
  public static boolean hasCertificate(String caPem) {
    return !Trust.certificates(caPem).isEmpty();
  }

  /** Returns whether a text is an address that can be asked. */
  public static boolean isAddress(String host) {
    try {
      return !ApiAddress.parse(host).text().isEmpty();
    } catch (ApiFailure e) {
      return false;
    }
  }

  /** Returns whether an address is one without TLS. */
  public static boolean isUnencrypted(String host) {
    return host.toLowerCase(Locale.ROOT).startsWith("http:");
  }

  /** Returns whether a text can be the name of a namespace. */
  public static boolean isNamespace(String text) {
    return NAMESPACE.matcher(text).matches();
  }

  /** Returns whether a text can be the name of a service account. */
  public static boolean isAccount(String text) {
    return text.length() <= MAX_ACCOUNT && ACCOUNT.matcher(text).matches();
  }

  /**
   * Asks whose token this is.
   *
   * @param reviewer who asks
   * @param audiences for whom it should be; none: for the API itself
   * @param caller who wants to know, as {@link Turns} tells them apart
   */
  public Review review(SecretText reviewer, SecretText token, List<String> audiences, String caller)
      throws ApiFailure {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("token", token.expose());
    if (!audiences.isEmpty()) {
      spec.put("audiences", audiences);
    }
    byte[] body = Payload.of(
            Map.of("apiVersion", "authentication.k8s.io/v1", "kind", "TokenReview", "spec", spec))
        .toJson();
    return Review.read(success(ask(
        turns,
        reviewer,
        request("/apis/authentication.k8s.io/v1/tokenreviews")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(body)),
        caller)));
  }

  /**
   * Asks for the labels of a namespace.
   *
   * @param reviewer who asks
   * @param caller who wants to know, as {@link Turns} tells them apart
   * @throws IllegalArgumentException if that is no name of a namespace
   */
  public Map<String, String> namespaceLabels(SecretText reviewer, String namespace, String caller)
      throws ApiFailure {
    if (!isNamespace(namespace)) {
      throw new IllegalArgumentException("a namespace is a DNS label");
    }
    return NamespaceLabels.read(
        success(ask(turns, reviewer, request(NAMESPACES + namespace).GET(), caller)), namespace);
  }

  /**
   * Asks for the uid of a service account.
   *
   * @param reviewer who asks
   * @param caller who wants to know, as {@link Turns} tells them apart
   * @return empty if the API says that there is no such account
   * @throws IllegalArgumentException if these are no names of a namespace and an account
   */
  public Optional<String> accountUid(
      SecretText reviewer, String namespace, String name, String caller) throws ApiFailure {
    if (!isNamespace(namespace) || !isAccount(name)) {
      throw new IllegalArgumentException("a namespace is a DNS label, an account a DNS name");
    }
    HttpResponse<byte[]> response = ask(
        renewalTurns,
        reviewer,
        request(NAMESPACES + namespace + "/serviceaccounts/" + name).GET(),
        caller);
    return response.statusCode() == 404 && AccountUid.isMissing(response.body(), name)
        ? Optional.empty()
        : AccountUid.read(success(response), namespace, name);
  }

  private ApiAddress address() throws ApiFailure {
    ApiAddress known = address;
    if (known == null) {
      known = ApiAddress.parse(host);
      address = known;
    }
    return known;
  }

  private HttpRequest.Builder request(String path) throws ApiFailure {
    return HttpRequest.newBuilder(address().resolve(path)).header("Accept", "application/json");
  }

  /** Returns an answer of any status; one that may be another at once is not taken at first. */
  private HttpResponse<byte[]> ask(
      Turns line, SecretText reviewer, HttpRequest.Builder request, String caller)
      throws ApiFailure {
    if (!BEARER.matcher(reviewer.expose()).matches()) {
      throw ApiFailure.ofStatus(401, "the reviewer's token has characters that no token has");
    }
    HttpRequest ready =
        request.header("Authorization", "Bearer " + reviewer.expose()).build();
    line.begin(caller);
    try {
      for (int attempt = 1; ; attempt++) {
        try {
          HttpResponse<byte[]> response = send(ready);
          if (response.statusCode() < 500 || attempt == ATTEMPTS) {
            return response;
          }
        } catch (ApiFailure e) {
          if (e.kind() != Kind.UNREACHABLE || attempt == ATTEMPTS) {
            throw e;
          }
        }
      }
    } finally {
      line.end(caller);
    }
  }

  private static byte[] success(HttpResponse<byte[]> response) throws ApiFailure {
    int status = response.statusCode();
    if (status < 200 || status > 206) {
      throw ApiFailure.ofStatus(
          status, status >= 300 && status < 400 ? "it redirects" : "it answers " + status);
    }
    return response.body();
  }

  /** Asks in the calling thread: the client's other way hands every answer to yet another one. */
  private HttpResponse<byte[]> send(HttpRequest request) throws ApiFailure {
    LimitedBody body = new LimitedBody(MAX_BODY);
    Question question = questions.begin();
    try {
      if (closed) {
        throw ended(null);
      }
      return client.send(request, head -> body);
    } catch (InterruptedException e) {
      question.interrupted();
      throw question.isLate() ? timeout(e) : ended(e);
    } catch (IOException e) {
      throw question.isLate() ? timeout(e) : failure(e);
    } finally {
      body.end();
      questions.end(question);
    }
  }

  private static ApiFailure failure(IOException cause) {
    for (@Nullable Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof UnresolvedAddressException) {
        return new ApiFailure(Kind.NAME, "no address belongs to its name", cause);
      }
      if (each instanceof SSLException tls) {
        return new ApiFailure(Kind.TLS, tlsReason(tls), cause);
      }
      if (each instanceof LimitedBody.TooLong) {
        return new ApiFailure(
            Kind.NO_ANSWER, "its answer has more than " + MAX_BODY + " bytes", cause);
      }
    }
    if (cause instanceof HttpConnectTimeoutException) {
      return new ApiFailure(Kind.TIMEOUT, "it took no connection in time", cause);
    }
    if (cause instanceof ProtocolException) {
      return new ApiFailure(Kind.NO_ANSWER, "its answer is no HTTP", cause);
    }
    if (cause instanceof ConnectException) {
      return new ApiFailure(Kind.UNREACHABLE, "it refuses connections", cause);
    }
    return new ApiFailure(Kind.UNREACHABLE, "the connection ended before its answer", cause);
  }

  /** The provider's texts name certificates and hosts, and are the best there is. */
  private static String tlsReason(SSLException e) {
    String text = String.valueOf(e.getMessage());
    if (text.contains("PKIX") || text.contains("trustAnchors")) {
      return "its certificate does not come from kubernetes_ca_cert, or is not valid now";
    }
    return text.contains("subject alternative") || text.contains("No name matching")
        ? "its certificate is not for the host of kubernetes_host"
        : "there is no TLS connection with it";
  }

  private static ApiFailure timeout(Throwable cause) {
    return new ApiFailure(Kind.TIMEOUT, "it did not answer in time", cause);
  }

  private static ApiFailure ended(@Nullable Throwable cause) {
    return new ApiFailure(Kind.ENDED, "the question was given up", cause);
  }

  /** Returns whether nothing is being asked. */
  public boolean isIdle() {
    return questions.isEmpty();
  }

  /** Lets questions that are being asked come to their end, after which connections end. */
  public void retire() {
    end("shutdown");
  }

  /** Gives up what is being asked, and ends every connection. */
  @Override
  public void close() {
    closed = true;
    questions.giveUpAll();
    end("shutdownNow");
  }

  /** Clients can be ended since Java 21; before, the garbage collector does it. */
  private void end(String how) {
    try {
      HttpClient.class.getMethod(how).invoke(client);
    } catch (NoSuchMethodException e) {
      // an older JVM
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}

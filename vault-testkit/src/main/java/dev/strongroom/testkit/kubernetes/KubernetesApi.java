package dev.strongroom.testkit.kubernetes;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A stand-in for the API server of a Kubernetes cluster: TLS on the loopback address under a CA of
 * its own, service accounts, pods, namespaces, the tokens it signs (RS256), token reviews with the
 * answers of a real one, and every way to fail. Thread-safe; {@link #close} leaves no thread.
 *
 * <pre>{@code
 * try (KubernetesApi api = KubernetesApi.start()) {
 *   ServiceAccount vault = api.createServiceAccount("vault", "default");
 *   api.bindAuthDelegator(vault);
 *   ServiceAccount app = api.createServiceAccount("default", "myapp-sa");
 *   ... configure api.url(), api.ca() and api.token(vault), log in with api.token(app) ...
 * }
 * }</pre>
 *
 * <p>It answers {@code POST /apis/authentication.k8s.io/v1/tokenreviews} for who is bound to
 * {@code system:auth-delegator}, {@code GET /api/v1/namespaces/<name>} for who may read namespaces,
 * and {@code GET /api/v1/namespaces/<namespace>/serviceaccounts/<name>} for who may read service
 * accounts. Rules and texts are those of Kubernetes
 * ({@code pkg/registry/authentication/tokenreview/storage.go}, {@code pkg/serviceaccount}); a token
 * counts for a minute more than it says. What its clients' clocks say about certificates does not
 * matter: they are good from 2000 on.
 */
public final class KubernetesApi implements AutoCloseable {
  /** Issuer and audience of a cluster that nobody has told another one. */
  public static final String DEFAULT_ISSUER = "https://kubernetes.default.svc.cluster.local";

  private static final String NAMESPACES = "/api/v1/namespaces/";
  private static final Pattern ACCOUNT =
      Pattern.compile(NAMESPACES + "([^/?]+)/serviceaccounts/([^/?]+)");
  private static final int KEPT_REQUESTS = 10_000;

  private final String issuer;
  private final Cluster cluster = new Cluster();
  private final TestCertificates certificates = TestCertificates.SHARED;
  private final Gate gate = new Gate();
  private final TokenSigner signer;
  private final ServiceAccountTokens tokens;
  private final HttpsListener listener;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final ArrayDeque<ApiRequest> requests = new ArrayDeque<>();

  @GuardedBy("lock")
  private ServerCertificate shown = ServerCertificate.GOOD;

  @GuardedBy("lock")
  private @Nullable ApiFault fault;

  @GuardedBy("lock")
  private long faultsLeft;

  /** Made once: they take most of the time of a start. */
  private static final class SharedKeys {
    static final KeyPair KEYS = TokenSigner.newKeys();
  }

  private KubernetesApi(InstantSource time, String issuer, KeyPair signingKeys) {
    this.issuer = issuer;
    this.signer = new TokenSigner(signingKeys);
    this.tokens = new ServiceAccountTokens(cluster, signer, issuer, time);
    this.listener = HttpsListener.start(() -> certificates.context(shown()), this::answer);
  }

  /** Starts a cluster that follows the system clock. */
  public static KubernetesApi start() {
    return start(InstantSource.system());
  }

  /** Starts a cluster whose tokens begin and end by {@code time}, a {@code VirtualTime} say. */
  public static KubernetesApi start(InstantSource time) {
    return start(time, DEFAULT_ISSUER, SharedKeys.KEYS);
  }

  /**
   * Starts a cluster of another name. The others share one key pair in a process, so one that must
   * not trust their tokens wants keys of its own. All clusters of a process share the authorities
   * of their certificates.
   *
   * @param issuer also the audience of its API server
   * @param signingKeys RSA
   */
  public static KubernetesApi start(InstantSource time, String issuer, KeyPair signingKeys) {
    return new KubernetesApi(time, issuer, signingKeys);
  }

  /** Returns where it listens: {@code https://127.0.0.1:<port>}. */
  public String url() {
    return "https://127.0.0.1:" + port();
  }

  public int port() {
    return listener.port();
  }

  /** Returns the certificate, in PEM, of the authority that has signed its good certificate. */
  public String ca() {
    return certificates.ca();
  }

  /** Returns the certificate, in PEM, of an authority that has nothing to do with the cluster. */
  public String otherCa() {
    return certificates.otherCa();
  }

  public String issuer() {
    return issuer;
  }

  /** Returns the public key that its tokens can be checked with, in PEM. */
  public String publicKey() {
    return signer.publicKeyPem();
  }

  /** Returns what its tokens are signed with, so that tests can sign others. */
  public KeyPair signingKeys() {
    return signer.keys();
  }

  /** Returns the {@code kid} in the header of its tokens. */
  public String keyId() {
    return signer.keyId();
  }

  /** Makes a namespace, or gives one other labels. */
  public void createNamespace(String name, Map<String, String> labels) {
    cluster.putNamespace(name, labels);
  }

  /** Removes a namespace with its accounts and pods. */
  public void deleteNamespace(String name) {
    cluster.removeNamespace(name);
  }

  /**
   * Makes a service account, and its namespace if there is none. Returns the one that was there.
   */
  public ServiceAccount createServiceAccount(String namespace, String name) {
    return cluster.addAccount(namespace, name);
  }

  /** Removes a service account: its tokens die. Made again it has another uid, and its rights. */
  public void deleteServiceAccount(ServiceAccount account) {
    cluster.removeAccount(account);
  }

  /** Makes a pod that runs as a service account. Returns the one that was there. */
  public Pod createPod(String name, ServiceAccount account) {
    return cluster.addPod(name, account);
  }

  /** Removes a pod: the tokens that are bound to it die. */
  public void deletePod(Pod pod) {
    cluster.removePod(pod);
  }

  /** Binds an account to {@code system:auth-delegator}: it may have tokens reviewed. */
  public void bindAuthDelegator(ServiceAccount account) {
    cluster.setReviewer(account, true);
  }

  public void unbindAuthDelegator(ServiceAccount account) {
    cluster.setReviewer(account, false);
  }

  /** Lets an account read namespaces, which {@code system:auth-delegator} does not. */
  public void allowNamespaceRead(ServiceAccount account) {
    cluster.setNamespaceReader(account, true);
  }

  public void forbidNamespaceRead(ServiceAccount account) {
    cluster.setNamespaceReader(account, false);
  }

  /** Lets an account read service accounts, which {@code system:auth-delegator} does not. */
  public void allowServiceAccountRead(ServiceAccount account) {
    cluster.setAccountReader(account, true);
  }

  public void forbidServiceAccountRead(ServiceAccount account) {
    cluster.setAccountReader(account, false);
  }

  /** Issues a projected token with {@link TokenOptions#DEFAULT}. */
  public String token(ServiceAccount account) {
    return token(account, TokenOptions.DEFAULT);
  }

  /** Issues a projected token. The account need not exist any more. */
  public String token(ServiceAccount account, TokenOptions options) {
    return tokens.issue(account, options);
  }

  /** Issues the token that a pod finds in its folder. */
  public String token(Pod pod) {
    return token(pod.account(), TokenOptions.DEFAULT.withPod(pod));
  }

  /** Issues a token of the old kind: without audience, without end. */
  public String legacyToken(ServiceAccount account) {
    return tokens.issueLegacy(account);
  }

  /** Signs any claims as its own. */
  public String sign(Map<String, ? extends @Nullable Object> claims) {
    return signer.sign(claims);
  }

  /**
   * Fills a folder as a pod finds it at {@code /var/run/secrets/kubernetes.io/serviceaccount}:
   * {@code ca.crt}, {@code namespace} and {@code token}, links into a version that is exchanged as
   * a whole. Called again it replaces all of them at one moment.
   *
   * @throws UncheckedIOException where links cannot be made, too
   */
  public void writePodFolder(Path folder, String namespace, String token) {
    try {
      PodFolder.write(folder, Map.of("ca.crt", ca(), "namespace", namespace, "token", token));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As {@link #writePodFolder(Path, String, String)}, with a new token. */
  public void writePodFolder(Path folder, Pod pod) {
    writePodFolder(folder, pod.namespace(), token(pod));
  }

  /** Fails every request from now on, until {@link #heal}. Replaces another fault. */
  public void fail(ApiFault how) {
    fail(how, Long.MAX_VALUE);
  }

  /** Fails the next {@code times} requests. Replaces another fault. */
  public void fail(ApiFault how, long times) {
    synchronized (lock) {
      fault = how;
      faultsLeft = times;
    }
  }

  /** Ends the fault, and lets go on what hangs. */
  public void heal() {
    synchronized (lock) {
      fault = null;
    }
    gate.open();
  }

  /**
   * Waits until {@code number} requests hang.
   *
   * @throws IllegalStateException if that takes half a minute
   */
  public void awaitHeld(int number) throws InterruptedException {
    gate.awaitHeld(number);
  }

  /** Shows another certificate to connections from now on. No TLS session outlives the change. */
  public void show(ServerCertificate certificate) {
    synchronized (lock) {
      shown = certificate;
    }
  }

  private ServerCertificate shown() {
    synchronized (lock) {
      return shown;
    }
  }

  /** Ends all connections, as a restart does. */
  public void dropConnections() {
    listener.dropConnections();
  }

  /** Returns how many connections have been opened, those whose handshake failed included. */
  public long connections() {
    return listener.accepted();
  }

  /** Returns the requests so far, in order; the newest 10,000. */
  public List<ApiRequest> requests() {
    synchronized (lock) {
      return List.copyOf(requests);
    }
  }

  public void forgetRequests() {
    synchronized (lock) {
      requests.clear();
    }
  }

  private boolean answer(ApiRequest request, OutputStream out)
      throws IOException, InterruptedException {
    Exchange exchange;
    @Nullable ApiFault planned;
    synchronized (lock) { // so that healing lets go on whoever met the fault before
      exchange = new Exchange(request, out, gate, change -> answer(request, change));
      record(request);
      planned = faultsLeft > 0 ? fault : null;
      faultsLeft--;
    }
    if (planned == null) {
      exchange.send(exchange.honest());
    } else {
      planned.answer(exchange);
    }
    return !exchange.isDropped();
  }

  @GuardedBy("lock")
  private void record(ApiRequest request) {
    requests.add(request);
    if (requests.size() > KEPT_REQUESTS) {
      requests.remove();
    }
  }

  /** Answers as a real one does, but for a change of the verdict. */
  private Answer answer(ApiRequest request, UnaryOperator<Verdict> change) {
    Optional<String> caller = caller(request);
    if (caller.isEmpty()) {
      return ApiAnswers.unauthorized();
    }
    if (request.isReview()) {
      return review(request, caller.get(), change);
    }
    Matcher account = ACCOUNT.matcher(request.path());
    if (request.method().equals("GET") && account.matches()) {
      return account(account.group(1), account.group(2), caller.get());
    }
    if (request.method().equals("GET") && request.path().startsWith(NAMESPACES)) {
      return namespace(request.path().substring(NAMESPACES.length()), caller.get());
    }
    return ApiAnswers.status(404, "the server could not find the requested resource");
  }

  /** Returns who asks; empty if the token is no good. */
  private Optional<String> caller(ApiRequest request) {
    Optional<String> bearer = request.bearer();
    if (bearer.isEmpty()) {
      return Optional.of("system:anonymous");
    }
    Verdict verdict = tokens.review(bearer.get(), List.of());
    return verdict.isAccepted() ? Optional.of(verdict.user()) : Optional.empty();
  }

  private Answer review(ApiRequest request, String caller, UnaryOperator<Verdict> change) {
    if (!cluster.isReviewer(caller)) {
      return ApiAnswers.reviewForbidden(caller);
    }
    Optional<String> token = request.reviewedToken();
    if (token.isEmpty()) {
      return ApiAnswers.status(400, "token is required for TokenReview in authentication");
    }
    Verdict verdict = tokens.review(token.get(), request.audiences());
    return ApiAnswers.review(token.get(), request.audiences(), change.apply(verdict));
  }

  private Answer namespace(String name, String caller) {
    if (!cluster.isNamespaceReader(caller)) {
      return ApiAnswers.namespaceForbidden(caller, name);
    }
    return cluster
        .labels(name)
        .map(labels -> ApiAnswers.namespace(name, labels))
        .orElseGet(() -> ApiAnswers.namespaceNotFound(name));
  }

  private Answer account(String namespace, String name, String caller) {
    if (!cluster.isAccountReader(caller)) {
      return ApiAnswers.accountForbidden(caller, namespace, name);
    }
    return cluster
        .account(namespace, name)
        .map(ApiAnswers::account)
        .orElseGet(() -> ApiAnswers.accountNotFound(name));
  }

  @Override
  public void close() {
    listener.dropConnections(); // first, so that what hangs ends without an answer
    gate.close();
    listener.close();
  }

  @Override
  public String toString() {
    return "KubernetesApi[" + url() + "]";
  }
}

package dev.strongroom.http;

import dev.strongroom.ErrorCode;
import dev.strongroom.Vault;
import dev.strongroom.VaultException;
import dev.strongroom.request.Origin;
import dev.strongroom.spi.Cidr;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Answers HTTP requests from a vault, as clients of the Vault API expect it. Needs no server: who
 * has received a request calls {@link #handle}. Thread-safe.
 */
public final class VaultHttpHandler {
  private static final Logger LOG = System.getLogger("dev.strongroom.http");

  private static final int STRANGERS_BODY_BYTES = 64 * 1024;

  private final Vault vault;
  private final HttpOptions options;
  private final Map<String, HostPath> hostPaths;
  private final LogicalPath logical;
  private final Cors cors;
  private final ClientRates rates;
  private final RefusalCounts refusals = new RefusalCounts();
  private final InFlight inFlight;

  private VaultHttpHandler(Vault vault, HttpOptions options) {
    this.vault = vault;
    this.options = options;
    this.logical = new LogicalPath(vault);
    this.cors = new Cors(vault);
    this.rates = new ClientRates(options.limits().clientRequestsPerSecond(), options.clock());
    this.inFlight = new InFlight(options.clock());
    SealStatusPath status = new SealStatusPath(vault, options.storageType());
    this.hostPaths = Map.ofEntries(
        Map.entry("sys/init", new InitPath(vault)),
        Map.entry("sys/seal-status", status),
        Map.entry("sys/unseal", new UnsealPath(vault, status)),
        Map.entry("sys/seal", new SealPath(vault, logical)),
        Map.entry("sys/health", new HealthPath(vault, options.clock())),
        Map.entry("sys/leader", new LeaderPath()),
        Map.entry("sys/in-flight-req", new InFlightPath(logical, inFlight)),
        Map.entry("sys/metrics", new MetricsPath(vault, logical, refusals, options.metricsOpen())));
  }

  /**
   * Returns what answers requests from {@code vault}.
   *
   * @param vault stays with the caller, who closes it after the last request
   */
  public static VaultHttpHandler of(Vault vault, HttpOptions options) {
    return new VaultHttpHandler(vault, options);
  }

  /**
   * Returns what a call is answered with of which nothing more is to be read: its client has made
   * too many. For whoever receives calls, before anything else; counts the call.
   */
  public Optional<HttpReply> refusal(HttpCall call) {
    try {
      return rates.take(ClientAddress.of(call, options))
          ? Optional.empty()
          : Optional.of(counted(Replies.error(429, "too many requests").with("Retry-After", "1")));
    } catch (Refusal e) {
      return Optional.of(counted(e.reply()));
    }
  }

  /** Returns what a call is answered with whose body is longer than {@link #bodyBytesFor} says. */
  public HttpReply tooLong(HttpCall call) {
    HttpReply tooLong = Replies.error(413, "http: request body too large");
    return guarded(() -> cors.around(
        call,
        () -> guarded(() -> {
          ApiCall read = ApiCall.of(call, options);
          return hostPaths.containsKey(read.path().text())
              ? counted(tooLong)
              : logical.answerUnreadable(read, tooLong);
        })));
  }

  /** Counts what is refused without a record in the audit. */
  HttpReply counted(HttpReply refusal) {
    refusals.count(refusal.status());
    return refusal;
  }

  void connectionRefused() {
    refusals.countConnection();
  }

  boolean isTrustedProxy(InetAddress address) {
    return Cidr.anyContains(options.trustedProxies(), address);
  }

  /**
   * Returns how much of a call's body is worth being held: for somebody without a valid token only
   * what a login or a key share takes. More is answered with {@link #tooLong} by whoever reads it.
   *
   * @param announced length of the body, -1 if the caller did not say; who has little to send is
   *     not looked at here
   */
  public int bodyBytesFor(HttpCall call, long announced) {
    int most = options.limits().bodyBytes();
    boolean little = announced >= 0 && announced <= STRANGERS_BODY_BYTES;
    return little || !isKnown(call) ? Math.min(most, STRANGERS_BODY_BYTES) : most;
  }

  private boolean isKnown(HttpCall call) {
    try {
      String path = RequestTarget.parse(call.target(), options.limits()).path().text();
      if (hostPaths.containsKey(path)) {
        return false; // nobody has to be known there, so nobody learns whether a token is
      }
      Origin origin = ApiCall.origin(call, options);
      return ApiCall.token(call).filter(token -> vault.isValid(token, origin)).isPresent();
    } catch (Refusal | VaultException e) {
      return false;
    }
  }

  /** Answers a request, whatever it is. Blocks until a change is durable. */
  public HttpReply handle(HttpCall call) {
    long number = inFlight.begin(call);
    HttpReply reply;
    try {
      reply = answer(call);
    } finally {
      inFlight.end(number);
    }
    return call.method().equals("HEAD") ? reply.withoutBody() : reply;
  }

  private HttpReply answer(HttpCall http) {
    return guarded(() -> cors.around(http, () -> guarded(() -> answered(http))));
  }

  private HttpReply answered(HttpCall http) {
    ApiCall call = ApiCall.of(http, options);
    HostPath hostPath = call.asksForHelp() ? null : hostPaths.get(call.path().text());
    return hostPath == null ? logical.answer(call) : hostPath.answer(call);
  }

  private HttpReply guarded(Supplier<HttpReply> answer) {
    try {
      return answer.get();
    } catch (Refusal e) {
      return counted(e.reply());
    } catch (VaultException e) {
      return hostFailure(e);
    } catch (RuntimeException | Error e) { // a server would log its text
      LOG.log(Level.ERROR, "a request failed: " + e.getClass().getName(), withoutText(e));
      return Replies.error(500, "internal error");
    }
  }

  /** What a verb of the host says goes to strangers: the store's own words do not. */
  private static HttpReply hostFailure(VaultException e) {
    if (e.code() == ErrorCode.NOT_INITIALIZED) {
      return Replies.error(400, "Vault is not initialized");
    }
    int status = StatusMapping.status(e.code());
    if (status == 500) {
      LOG.log(Level.ERROR, "the vault failed", e);
      return Replies.error(500, "internal error");
    }
    return Replies.error(status, String.valueOf(e.getMessage()));
  }

  /** What a failure was and where it came from, without its text, which may quote the caller's. */
  private static Throwable withoutText(Throwable failure) {
    Throwable bare = new RuntimeException(failure.getClass().getName());
    bare.setStackTrace(failure.getStackTrace());
    return bare;
  }
}

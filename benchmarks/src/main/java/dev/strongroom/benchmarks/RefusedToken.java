package dev.strongroom.benchmarks;

import dev.strongroom.InMemoryStorage;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShares;
import dev.strongroom.Session;
import dev.strongroom.TokenRequest;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;
import dev.strongroom.http.HttpCall;
import dev.strongroom.http.HttpOptions;
import dev.strongroom.http.HttpReply;
import dev.strongroom.http.VaultHttpHandler;
import dev.strongroom.kv.Kv;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Does the time of a refusal tell whether a token is one? The medians of refusing a token that may
 * not read a secret, one that nobody knows, and a text that no token can be, asked in turns.
 *
 * <p>Argument: requests of each kind (default 300,000; the first half warms up).
 */
public final class RefusedToken {
  private static final PrintStream OUT = System.out;

  private RefusedToken() {}

  public static void main(String[] args) {
    int requests = args.length > 0 ? Integer.parseInt(args[0]) : 300_000;
    try (Vault vault = Vault.builder()
            .storage(InMemoryStorage.create())
            .mount("secret", Kv.version2())
            .open();
        InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
      vault.unseal(keys.shares().get(0));
      String denied = deniedToken(vault, keys);
      List<String> tokens =
          List.of(denied, denied.substring(0, denied.length() - 4) + "AAAA", "not a token");
      List<String> names = List.of("denied", "unknown", "malformed");
      long[][] nanos = nanos(VaultHttpHandler.of(vault, HttpOptions.DEFAULT), tokens, requests);
      for (int kind = 0; kind < nanos.length; kind++) {
        OUT.printf("%-10s median %.2f µs%n", names.get(kind), median(nanos[kind]) / 1e3);
      }
    }
  }

  private static String deniedToken(Vault vault, InitialKeys keys) {
    try (Session root = vault.session(keys.rootToken())) {
      return Tokens.of(root)
          .create(TokenRequest.of("default"))
          .token()
          .orElseThrow()
          .exposeText();
    }
  }

  private static long[][] nanos(VaultHttpHandler handler, List<String> tokens, int requests) {
    long[][] nanos = new long[tokens.size()][requests];
    for (int i = 0; i < requests; i++) {
      for (int kind = 0; kind < nanos.length; kind++) {
        HttpCall call = new Read(tokens.get(kind));
        long begin = System.nanoTime();
        HttpReply reply = handler.handle(call);
        nanos[kind][i] = System.nanoTime() - begin;
        if (reply.status() != 403) {
          throw new IllegalStateException("answered with " + reply.status());
        }
      }
    }
    return nanos;
  }

  private static long median(long[] nanos) {
    long[] warm = Arrays.copyOfRange(nanos, nanos.length / 2, nanos.length);
    Arrays.sort(warm);
    return warm[warm.length / 2];
  }

  /** Reads a secret with a token. */
  private record Read(String token) implements HttpCall {
    @Override
    public String method() {
      return "GET";
    }

    @Override
    public String target() {
      return "/v1/secret/data/app";
    }

    @Override
    public List<String> header(String name) {
      return name.equalsIgnoreCase("X-Vault-Token") ? List.of(token) : List.of();
    }

    @Override
    public Set<String> headerNames() {
      return Set.of("X-Vault-Token");
    }

    @Override
    public InputStream body() {
      return new ByteArrayInputStream(new byte[0]);
    }

    @Override
    public InetSocketAddress remote() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711);
    }
  }
}

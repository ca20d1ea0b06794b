package dev.strongroom.benchmarks;

import dev.strongroom.InMemoryVault;
import dev.strongroom.Policies;
import dev.strongroom.Session;
import dev.strongroom.TokenRequest;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;
import dev.strongroom.kv.Kv;
import dev.strongroom.kv.KvStore;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost to read a secret of 256 bytes in process, with ten versions and a policy of ten
 * rules? Floor: opening 256 bytes with a pooled AES-GCM cipher, which no sealed store can do
 * without.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class KvReadBenchmark {
  private final PooledGcm floor = new PooledGcm(256);
  private final Request read = Request.read("secret/data/app/database");
  private InMemoryVault vault;
  private Session session;

  @Setup
  public void fill() {
    vault = Vault.inMemory(builder -> builder.mount("secret", Kv.version2()));
    vault.time().advance(Duration.ZERO); // the engine has looked for work, as on a real clock
    KvStore store = KvStore.at(vault.root(), "secret");
    for (int version = 1; version <= 10; version++) {
      store.put("app/database", Map.of("username", "app" + version, "password", "x".repeat(210)));
    }
    StringBuilder policy =
        new StringBuilder("path \"secret/data/app/*\" { capabilities = [\"read\"] }\n");
    for (int rule = 1; rule < 10; rule++) {
      policy
          .append("path \"secret/data/other")
          .append(rule)
          .append("/*\" { capabilities = [\"read\"] }\n");
    }
    Policies.of(vault.root()).put("app", policy.toString());
    session = vault
        .vault()
        .session(Tokens.of(vault.root()).create(TokenRequest.of("app")).token().orElseThrow());
  }

  @TearDown
  public void close() {
    vault.close();
  }

  @Benchmark
  public byte[] floor() {
    return floor.open();
  }

  @Benchmark
  public Response undecoded() {
    return session.request(read);
  }

  @Benchmark
  public Map<String, ?> asMap() {
    return session
        .request(read)
        .data()
        .flatMap(data -> data.object("data"))
        .orElseThrow()
        .toMap();
  }
}

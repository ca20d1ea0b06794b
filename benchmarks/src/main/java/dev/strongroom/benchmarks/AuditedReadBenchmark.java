package dev.strongroom.benchmarks;

import dev.strongroom.FileAudit;
import dev.strongroom.InMemoryVault;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.kv.Kv;
import dev.strongroom.kv.KvStore;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does a file audit device add to reading a secret of 256 bytes in process? The time of one
 * call, with as many callers as {@code -t} says; floor: the same without a device. The file is
 * emptied between iterations, so that it does not fill the disk.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AuditedReadBenchmark {
  @Param({"none", "file"})
  public String device;

  private final Request read = Request.read("secret/data/app/database");
  private Path log;
  private InMemoryVault vault;
  private Session session;

  @Setup
  public void fill() throws IOException {
    log = Files.createTempFile("strongroom-audit", ".log");
    vault = Vault.inMemory(builder -> {
      builder.mount("secret", Kv.version2());
      if (device.equals("file")) {
        builder.audit("file", FileAudit.appendTo(log));
      }
    });
    KvStore.at(vault.root(), "secret")
        .put("app/database", Map.of("username", "app", "password", "x".repeat(210)));
    session = vault.root();
  }

  @Setup(Level.Iteration)
  public void empty() throws IOException {
    Files.write(log, new byte[0]);
  }

  @TearDown
  public void close() throws IOException {
    vault.close();
    Files.delete(log);
  }

  @Benchmark
  public Response read() {
    return session.request(read);
  }
}

package dev.strongroom.benchmarks;

import dev.strongroom.FileAudit;
import dev.strongroom.InMemoryVault;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.kv.Kv;
import dev.strongroom.kv.KvStore;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * What does a file audit device add to reading a secret of 256 bytes in process? The time of one
 * call, with as many callers as {@code -t} says. Floor: the same without a device, and what two
 * records cannot do without, which is two hashes and two writes, one after the other, and three
 * values hashed. The file is emptied between iterations, so that it does not fill the disk.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class AuditedReadBenchmark {
  // Warming up by time alone, a busy machine measures code that is not compiled yet.
  private static final int CALLS_UNTIL_COMPILED = 100_000;

  private final Request read = Request.read("secret/data/app/database");
  private Path log;

  /** A vault, and whether it has a device. */
  @State(Scope.Benchmark)
  public static class Reading {
    @Param({"none", "file"})
    public String device;

    private InMemoryVault vault;
    private Session session;

    @Setup
    public void fill(AuditedReadBenchmark files) {
      vault = Vault.inMemory(builder -> {
        builder.mount("secret", Kv.version2());
        if (device.equals("file")) {
          builder.audit("file", FileAudit.appendTo(files.log));
        }
      });
      KvStore.at(vault.root(), "secret")
          .put("app/database", Map.of("username", "app", "password", "x".repeat(210)));
      session = vault.root();
      for (int i = 0; i < CALLS_UNTIL_COMPILED; i++) {
        session.request(files.read).orThrow();
      }
    }

    @TearDown
    public void close() {
      vault.close();
    }
  }

  /** An open file, and the text of two records with its hash. */
  @State(Scope.Benchmark)
  public static class Writing {
    private final byte[] request = new byte[1100];
    private final byte[] response = new byte[1500];
    private final MessageDigest hash = sha256();
    private FileOutputStream file;

    @Setup
    public void open(AuditedReadBenchmark files) throws IOException {
      file = new FileOutputStream(files.log.toFile(), /* append= */ true);
    }

    @TearDown
    public void close() throws IOException {
      file.close();
    }

    private synchronized byte[] write(byte[] record) throws IOException {
      byte[] sum = hash.digest(record);
      file.write(record);
      return sum;
    }
  }

  /** One for each caller. */
  @State(Scope.Thread)
  public static class Hashing {
    private final byte[][] values = {new byte[210], new byte[3], new byte[0]};
    private final Mac mac = hmac();
  }

  @Setup
  public void make() throws IOException {
    log = Files.createTempFile("strongroom-audit", ".log");
  }

  @Setup(Level.Iteration)
  public void empty() throws IOException {
    Files.write(log, new byte[0]);
  }

  @TearDown
  public void delete() throws IOException {
    Files.delete(log);
  }

  @Benchmark
  public void floor(Writing writing, Hashing hashing, Blackhole used) throws IOException {
    used.consume(writing.write(writing.request));
    for (byte[] value : hashing.values) {
      used.consume(hashing.mac.doFinal(value));
    }
    used.consume(writing.write(writing.response));
  }

  @Benchmark
  public Response read(Reading reading) {
    return reading.session.request(read);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Mac hmac() {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(new byte[32], "HmacSHA256"));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}

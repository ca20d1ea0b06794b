package dev.strongroom.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.strongroom.InMemoryVault;
import dev.strongroom.Vault;
import dev.strongroom.kv.Kv;
import dev.strongroom.kv.KvStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.macs.CMac;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * How long does the first {@code Vault.inMemory()} of a JVM take, and the next ones, and how much
 * memory? Each is opened, used for one secret, and closed. Floor: using each library once that a
 * vault needs (JSON, cache, key derivation, CMAC, AES-GCM, HMAC, randomness). Every first time is
 * that of a JVM of its own; floor and vault take turns. Resident is what the operating system
 * counts after the first, with the JVM's default heap, on Linux only. The heap of a vault is what
 * each of fifty open ones adds to what is reachable.
 *
 * <p>Arguments: number of JVMs for each (default 7).
 */
public final class FirstVault {
  private static final PrintStream OUT = System.out;
  private static final int VAULTS = 50;

  private FirstVault() {}

  public static void main(String[] args) throws Exception {
    if (args.length == 1 && args[0].equals("floor")) {
      tell(timed(FirstVault::useLibraries));
      tell(resident());
    } else if (args.length == 1 && args[0].equals("vault")) {
      tell(timed(FirstVault::useVault));
      tell(resident());
      double[] next = new double[VAULTS];
      for (int i = 0; i < VAULTS; i++) {
        next[i] = timed(FirstVault::useVault);
      }
      tell(Median.of(next));
      tell(heapOfOne());
    } else {
      compare(args.length > 0 ? Integer.parseInt(args[0]) : 7);
    }
  }

  private static void compare(int jvms) throws Exception {
    double[][] floor = new double[jvms][];
    double[][] vault = new double[jvms][];
    for (int i = 0; i < jvms; i++) {
      floor[i] = child("floor");
      vault[i] = child("vault");
    }
    print("first in a JVM, ms", median(vault, 0), median(floor, 0));
    print("resident after it, MiB", median(vault, 1), median(floor, 1));
    OUT.printf("%-24s vault %7.2f%n", "next, ms", median(vault, 2));
    OUT.printf("%-24s vault %7.0f%n", "heap of an open one, KiB", median(vault, 3));
  }

  private static double median(double[][] all, int figure) {
    return Median.of(Arrays.stream(all).mapToDouble(one -> one[figure]).toArray());
  }

  private static void print(String what, double vault, double floor) {
    OUT.printf("%-24s vault %7.1f   floor %7.1f   ratio %.2f%n", what, vault, floor, vault / floor);
  }

  private static void tell(double figure) {
    OUT.println(figure);
  }

  private static double timed(Step step) throws Exception {
    long begin = System.nanoTime();
    step.run();
    return (System.nanoTime() - begin) / 1e6;
  }

  private interface Step {
    void run() throws Exception;
  }

  private static double resident() throws IOException {
    return ChildJvm.residentMiB(ProcessHandle.current().pid());
  }

  private static double heapOfOne() {
    List<InMemoryVault> open = new ArrayList<>();
    double before = reachableKiB();
    for (int i = 0; i < VAULTS; i++) {
      open.add(openAndUse());
    }
    double after = reachableKiB();
    open.forEach(InMemoryVault::close);
    return (after - before) / VAULTS;
  }

  private static double reachableKiB() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1024.0;
  }

  private static double[] child(String what) throws Exception {
    Process process = ChildJvm.start(FirstVault.class, what);
    try (BufferedReader out = process.inputReader(StandardCharsets.US_ASCII)) {
      double[] figures = out.lines().mapToDouble(Double::parseDouble).toArray();
      if (process.waitFor() != 0) {
        throw new IllegalStateException("the child failed");
      }
      return figures;
    }
  }

  private static void useVault() {
    openAndUse().close();
  }

  private static InMemoryVault openAndUse() {
    InMemoryVault vault = Vault.inMemory(builder -> builder.mount("secret", Kv.version2()));
    KvStore store = KvStore.at(vault.root(), "secret");
    store.put("app", Map.of("password", "s3cret"));
    store.get("app").text("password");
    return vault;
  }

  private static void useLibraries() throws IOException, GeneralSecurityException {
    SecureRandom random = new SecureRandom();
    byte[] key = new byte[32];
    random.nextBytes(key);

    StringWriter json = new StringWriter();
    JsonFactory factory = new JsonFactory();
    try (JsonGenerator generator = factory.createGenerator(json)) {
      generator.writeStartObject();
      generator.writeStringField("password", "s3cret");
      generator.writeEndObject();
    }
    try (JsonParser parser = factory.createParser(json.toString())) {
      while (parser.nextToken() != null) {
        parser.currentToken();
      }
    }

    Cache<String, String> cache = Caffeine.newBuilder()
        .maximumWeight(1000)
        .weigher((String k, String v) -> v.length())
        .executor(Runnable::run)
        .build();
    cache.put("app", "app");
    if (cache.getIfPresent("app") == null) {
      throw new IllegalStateException("the cache keeps nothing");
    }

    HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SHA256Digest());
    hkdf.init(new HKDFParameters(key, null, new byte[0]));
    hkdf.generateBytes(new byte[32], 0, 32);
    CMac cmac = new CMac(AESEngine.newInstance());
    cmac.init(new KeyParameter(key));
    cmac.update(key, 0, key.length);
    cmac.doFinal(new byte[16], 0);

    SecretKeySpec aes = new SecretKeySpec(key, "AES");
    GCMParameterSpec nonce = new GCMParameterSpec(128, Arrays.copyOf(key, 12));
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(Cipher.ENCRYPT_MODE, aes, nonce);
    byte[] sealed = cipher.doFinal(key);
    cipher.init(Cipher.DECRYPT_MODE, aes, nonce);
    cipher.doFinal(sealed);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    mac.doFinal(sealed);
  }
}

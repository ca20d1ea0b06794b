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
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
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
 * How long does the first {@code Vault.inMemory()} of a JVM take, and the next ones? Each is
 * opened, used for one secret, and closed. Floor: using each library once that a vault needs (JSON,
 * cache, key derivation, CMAC, AES-GCM, HMAC, randomness). Every first time is that of a JVM of its
 * own; floor and vault take turns.
 *
 * <p>Arguments: number of JVMs for each (default 7).
 */
public final class FirstVault {
  private static final PrintStream OUT = System.out;

  private FirstVault() {}

  public static void main(String[] args) throws Exception {
    if (args.length == 1 && args[0].equals("floor")) {
      OUT.println(timed(FirstVault::useLibraries));
      return;
    }
    if (args.length == 1 && args[0].equals("vault")) {
      OUT.println(timed(FirstVault::useVault));
      for (int i = 0; i < 50; i++) {
        OUT.println(timed(FirstVault::useVault));
      }
      return;
    }
    int jvms = args.length > 0 ? Integer.parseInt(args[0]) : 7;
    double[] floor = new double[jvms];
    double[] first = new double[jvms];
    double[] next = new double[jvms];
    for (int i = 0; i < jvms; i++) {
      floor[i] = child("floor").get(0);
      List<Double> vaults = child("vault");
      first[i] = vaults.get(0);
      next[i] = Median.of(
          vaults.subList(1, vaults.size()).stream().mapToDouble(t -> t).toArray());
    }
    OUT.printf(
        "first in a JVM %6.1f ms   floor %6.1f ms   ratio %.2f%n",
        Median.of(first), Median.of(floor), Median.of(first) / Median.of(floor));
    OUT.printf("next           %6.2f ms%n", Median.of(next));
  }

  private static double timed(Step step) throws Exception {
    long begin = System.nanoTime();
    step.run();
    return (System.nanoTime() - begin) / 1e6;
  }

  private interface Step {
    void run() throws Exception;
  }

  private static List<Double> child(String what) throws Exception {
    Process process = ChildJvm.start(FirstVault.class, what);
    try (BufferedReader out = new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      List<Double> times = out.lines().map(Double::parseDouble).toList();
      if (process.waitFor() != 0 || times.isEmpty()) {
        throw new IllegalStateException("the child failed");
      }
      return times;
    }
  }

  private static void useVault() {
    try (InMemoryVault vault = Vault.inMemory(builder -> builder.mount("secret", Kv.version2()))) {
      KvStore store = KvStore.at(vault.root(), "secret");
      store.put("app", Map.of("password", "s3cret"));
      store.get("app").text("password");
    }
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

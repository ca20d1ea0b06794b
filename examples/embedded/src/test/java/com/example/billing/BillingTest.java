package com.example.billing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.example.billing.Billing.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BillingTest {
  @Test
  void application_startedTwice_findsWhatItStored(@TempDir Path folder) throws Exception {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    Path unsealKey = Files.write(folder.resolve("unseal.key"), key);
    AtomicInteger shares = new AtomicInteger();
    Database database = new Database("jdbc:postgresql://db/billing", "billing", "s3cret");

    try (Billing billing =
        new Billing(folder, unsealKey, keys -> shares.addAndGet(keys.shares().size()))) {
      billing.configure(database);
    }
    try (Billing billing =
        new Billing(folder, unsealKey, keys -> shares.addAndGet(keys.shares().size()))) {
      assertEquals(database, billing.database());
    }
    assertEquals(5, shares.get());
  }

  @Test
  void application_isAModule_whereTheBuildSaysSo() {
    assertEquals(Boolean.getBoolean("on.module.path"), Billing.class.getModule().isNamed());
  }
}

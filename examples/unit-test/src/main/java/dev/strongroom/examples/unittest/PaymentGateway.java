package dev.strongroom.examples.unittest;

import dev.strongroom.ErrorCode;
import dev.strongroom.Session;
import dev.strongroom.VaultException;
import dev.strongroom.kv.KvStore;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The application under test: signs payments with a key from the vault, and says so when it may not
 * any more.
 */
public final class PaymentGateway {
  private final KvStore secrets;

  public PaymentGateway(Session session) {
    this.secrets = KvStore.at(session, "secret");
  }

  /** What the application keeps at {@code payments/gateway}. */
  public record Settings(String merchant, String apiKey, Duration timeout) {}

  public String sign(String order) {
    try {
      Settings settings = secrets.get("payments/gateway").as(Settings.class);
      return settings.merchant() + ":" + order + ":" + hmac(settings.apiKey(), order);
    } catch (VaultException e) {
      if (e.code() == ErrorCode.PERMISSION_DENIED) {
        throw new IllegalStateException("the gateway's access has ended: ask for a new token", e);
      }
      throw e;
    }
  }

  private static String hmac(String key, String message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(message.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC-SHA-256 is not usable in this JVM", e);
    }
  }
}

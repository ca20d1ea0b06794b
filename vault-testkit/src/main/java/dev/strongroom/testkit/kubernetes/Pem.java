package dev.strongroom.testkit.kubernetes;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Binary objects as text. */
final class Pem {
  private Pem() {}

  static String text(String kind, byte[] der) {
    String body =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n";
  }
}

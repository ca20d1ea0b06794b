package dev.strongroom.auth.basic;

import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * A password as it is stored: hashed, with all that is needed to hash another one the same way.
 * Immutable.
 */
abstract sealed class PasswordHash {
  private static final int ARGON2ID = 1;
  private static final int BCRYPT = 2;

  private PasswordHash() {}

  /**
   * What an Argon2id hash costs. RFC 9106, section 4.
   *
   * @param memoryKib of one hash
   * @param passes over the memory
   * @param lanes of the memory
   */
  record Cost(int memoryKib, int passes, int lanes) {
    /** The second recommended option: 64 MiB, three passes, four lanes. */
    static final Cost RECOMMENDED = new Cost(64 * 1024, 3, 4);

    static final int SALT_BYTES = 16;
    static final int TAG_BYTES = 32;
  }

  /** Hashes a password; the bytes are the caller's to wipe. */
  static PasswordHash argon2id(byte[] password, byte[] salt, Cost cost) {
    return new Argon2id(cost, salt.clone(), tag(password, salt, cost));
  }

  /** Returns a hash that no password has, which is as much work to find out. */
  static PasswordHash ofNobody(Cost cost) {
    return new Argon2id(cost, new byte[Cost.SALT_BYTES], new byte[Cost.TAG_BYTES]);
  }

  /**
   * Takes over a bcrypt hash that was made elsewhere.
   *
   * @throws IllegalArgumentException if it is not one, or costs too little or too much
   */
  static PasswordHash bcrypt(String text) {
    if (!text.matches("\\$2[aby]\\$\\d\\d\\$[./A-Za-z0-9]{53}")) {
      throw new IllegalArgumentException("password_hash is not a valid bcrypt hash");
    }
    int cost = Integer.parseInt(text.substring(4, 6));
    if (cost < 5 || cost > 12) {
      throw new IllegalArgumentException("bcrypt cost is 5 to 12, but got " + cost);
    }
    return new Bcrypt(text);
  }

  /** Returns whether this is the hash of that password. */
  abstract boolean matches(byte[] password);

  abstract void write(RecordWriter out);

  final byte[] toBytes() {
    try (RecordWriter out = new RecordWriter()) {
      write(out.u8(1));
      return out.toBytes();
    }
  }

  static PasswordHash parse(byte[] stored) {
    RecordReader in = new RecordReader(stored);
    in.format(1);
    PasswordHash hash = in.u8() == ARGON2ID
        ? new Argon2id(
            new Cost(in.i32(), in.i32(), in.i32()),
            in.fixed(Cost.SALT_BYTES),
            in.fixed(Cost.TAG_BYTES))
        : new Bcrypt(in.text());
    in.end();
    return hash;
  }

  private static byte[] tag(byte[] password, byte[] salt, Cost cost) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
        .withVersion(Argon2Parameters.ARGON2_VERSION_13)
        .withMemoryAsKB(cost.memoryKib)
        .withIterations(cost.passes)
        .withParallelism(cost.lanes)
        .withSalt(salt)
        .build());
    byte[] tag = new byte[Cost.TAG_BYTES];
    generator.generateBytes(password, tag);
    return tag;
  }

  private static final class Argon2id extends PasswordHash {
    private final Cost cost;
    private final byte[] salt;
    private final byte[] tag;

    Argon2id(Cost cost, byte[] salt, byte[] tag) {
      this.cost = cost;
      this.salt = salt;
      this.tag = tag;
    }

    @Override
    boolean matches(byte[] password) {
      byte[] candidate = PasswordHash.tag(password, salt, cost);
      try {
        return MessageDigest.isEqual(tag, candidate);
      } finally {
        Arrays.fill(candidate, (byte) 0);
      }
    }

    @Override
    void write(RecordWriter out) {
      out.u8(ARGON2ID).i32(cost.memoryKib).i32(cost.passes).i32(cost.lanes);
      out.fixed(salt).fixed(tag);
    }
  }

  private static final class Bcrypt extends PasswordHash {
    private final String text;

    Bcrypt(String text) {
      this.text = text;
    }

    @Override
    boolean matches(byte[] password) {
      return OpenBSDBCrypt.checkPassword(
          text, new String(password, StandardCharsets.UTF_8).toCharArray());
    }

    @Override
    void write(RecordWriter out) {
      out.u8(BCRYPT).text(text);
    }
  }

  @Override
  public final String toString() {
    return "PasswordHash[redacted]";
  }
}

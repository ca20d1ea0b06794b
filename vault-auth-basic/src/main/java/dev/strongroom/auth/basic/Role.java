package dev.strongroom.auth.basic;

import dev.strongroom.spi.Cidr;
import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import dev.strongroom.spi.TokenParameters;
import java.time.Duration;
import java.util.List;

/**
 * A role as it is stored. Immutable.
 *
 * @param uid random: a role that is made again under the same name is another one
 * @param roleId what programs log in with
 * @param bindSecretId whether a secret id is needed
 * @param secretIdCidrs where logins must come from; none: from anywhere
 * @param secretIdNumUses logins with one secret id, 0 for any number
 * @param secretIdTtl lifetime of a secret id; zero: without end
 * @param localSecretIds kept and shown; there is only one node
 * @param tokens what logins make
 */
record Role(
    String uid,
    String roleId,
    boolean bindSecretId,
    List<Cidr> secretIdCidrs,
    int secretIdNumUses,
    Duration secretIdTtl,
    boolean localSecretIds,
    TokenParameters tokens) {
  static final RecordCodec<Role> CODEC = RecordCodec.of(1, Role::write, Role::read);

  Role {
    secretIdCidrs = List.copyOf(secretIdCidrs);
  }

  /** A role as it begins. */
  static Role of(String uid, String roleId) {
    return new Role(uid, roleId, true, List.of(), 0, Duration.ZERO, false, TokenParameters.NONE);
  }

  /** Returns whether anything but the role id is needed to log in. */
  boolean isConstrained() {
    return bindSecretId || !secretIdCidrs.isEmpty() || !tokens.boundCidrs().isEmpty();
  }

  private void write(RecordWriter out) {
    out.text(uid).text(roleId).flag(bindSecretId);
    out.all(secretIdCidrs, (o, block) -> o.text(block.toString()));
    out.i32(secretIdNumUses).i64(secretIdTtl.toSeconds()).flag(localSecretIds);
    tokens.write(out);
  }

  private static Role read(RecordReader in) {
    return new Role(
        in.text(),
        in.text(),
        in.flag(),
        in.all(Role::block),
        in.i32(),
        Duration.ofSeconds(in.i64()),
        in.flag(),
        TokenParameters.read(in));
  }

  static Cidr block(RecordReader in) {
    try {
      return Cidr.parse(in.text());
    } catch (IllegalArgumentException e) {
      throw new RecordReader.CorruptRecord("an address block of a role cannot be read");
    }
  }
}

package dev.strongroom.auth.basic;

import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Storage;
import dev.strongroom.spi.TokenParameters;
import java.util.List;
import java.util.Optional;

/** The users of a mount, by name. Stateless. */
final class Users {
  private static final RecordKind<TokenParameters> USER =
      RecordKind.tree("user", RecordCodec.of(1, TokenParameters::write, TokenParameters::read));

  /** Apart from the user, because it is kept encrypted in memory. */
  private static final RecordKind<byte[]> PASSWORD = RecordKind.secretTree("password");

  static final List<RecordKind<?>> KINDS = List.of(USER, PASSWORD);

  Optional<TokenParameters> find(Storage storage, String name) {
    return storage.get(USER.at(name));
  }

  void put(Storage storage, String name, TokenParameters user) {
    storage.put(USER.at(name), user);
  }

  /** Returns a user's password as it is stored. */
  Optional<byte[]> password(Storage storage, String name) {
    return storage.get(PASSWORD.at(name));
  }

  void putPassword(Storage storage, String name, PasswordHash hash) {
    storage.put(PASSWORD.at(name), hash.toBytes());
  }

  void delete(Storage storage, String name) {
    storage.delete(USER.at(name));
    storage.delete(PASSWORD.at(name));
  }

  List<String> names(Storage storage) {
    return storage.list(USER, "");
  }
}

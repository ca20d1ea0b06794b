package dev.strongroom.auth.basic;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.Storage;
import java.util.List;
import java.util.Optional;

/** The roles of a mount, by name and by role id. Stateless. */
final class Roles {
  private static final RecordCodec<String> TEXT =
      RecordCodec.of(1, (text, out) -> out.text(text), RecordReader::text);
  private static final RecordKind<Role> ROLE = RecordKind.tree("role", Role.CODEC);

  /** Names of roles by their role ids. */
  private static final RecordKind<String> ROLE_ID = RecordKind.attached("role-id", TEXT);

  /** Names of roles by their uids, under which secret ids lie. */
  static final RecordKind<String> UID = RecordKind.tree("role-uid", TEXT);

  static final List<RecordKind<?>> KINDS = List.of(ROLE, ROLE_ID, UID);

  Optional<Role> find(Storage storage, String name) {
    return storage.get(ROLE.at(name));
  }

  /** Returns the name of the role that a role id stands for. */
  Optional<String> nameOf(Storage storage, String roleId) {
    return roleId.isEmpty() || roleId.length() > RolePath.MAX_ROLE_ID
        ? Optional.empty()
        : storage.get(ROLE_ID.at("", roleId));
  }

  /**
   * Stores a role in the place of one of that name.
   *
   * @throws VaultException with code {@code INVALID_REQUEST} if nothing but a role id would let
   *     somebody in, or the role id is another role's
   */
  void put(Storage storage, String name, Optional<Role> before, Role role) {
    if (!role.isConstrained()) {
      throw refused("at least one constraint should be enabled on the role");
    }
    Optional<String> owner = nameOf(storage, role.roleId());
    if (owner.filter(other -> !other.equals(name)).isPresent()) {
      throw refused("role_id already in use");
    }
    before
        .filter(old -> !old.roleId().equals(role.roleId()))
        .ifPresent(old -> storage.delete(ROLE_ID.at("", old.roleId())));
    if (owner.isEmpty()) {
      storage.put(ROLE_ID.at("", role.roleId()), name);
    }
    if (before.isEmpty()) {
      storage.put(UID.at(role.uid()), name);
    }
    storage.put(ROLE.at(name), role);
  }

  void delete(Storage storage, String name, Role role) {
    storage.delete(ROLE_ID.at("", role.roleId()));
    storage.delete(UID.at(role.uid()));
    storage.delete(ROLE.at(name));
  }

  List<String> names(Storage storage) {
    return storage.list(ROLE, "");
  }

  private static VaultException refused(String reason) {
    return new VaultException(ErrorCode.INVALID_REQUEST, reason);
  }
}

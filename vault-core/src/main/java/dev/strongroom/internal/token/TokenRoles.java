package dev.strongroom.internal.token;

import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.spi.RecordKind;
import java.util.List;
import java.util.Optional;

/** The roles of {@code auth/token}, by name. Thread-safe. */
public final class TokenRoles {
  private static final RecordKind<RoleRecord> ROLE =
      RecordKind.attached("token-role", RoleRecord.CODEC);

  private final Transactions transactions;

  TokenRoles(Transactions transactions) {
    this.transactions = transactions;
  }

  public Optional<RoleRecord> named(Transaction tx, String name) {
    return tx.in(transactions.system()).get(ROLE.at("", name));
  }

  /** Stores a role in the place of one of that name. */
  public void put(Transaction tx, String name, RoleRecord role) {
    tx.in(transactions.system()).put(ROLE.at("", name), role);
  }

  /** Removes a role; its tokens live on and cannot be renewed. */
  public void delete(Transaction tx, String name) {
    tx.in(transactions.system()).delete(ROLE.at("", name));
  }

  /** Returns all names, sorted. */
  public List<String> names(Transaction tx) {
    return tx.in(transactions.system()).list(ROLE, "");
  }
}

package dev.strongroom.internal.password;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordReader;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/** Password policies by name, as text, and the passwords made by them. Thread-safe. */
public final class PasswordPolicies {
  private static final RecordKind<String> POLICY = RecordKind.tree(
      "password-policy", RecordCodec.of(1, (text, out) -> out.text(text), RecordReader::text));

  private final Transactions transactions;
  private final SecureRandom random;

  public PasswordPolicies(Transactions transactions, SecureRandom random) {
    this.transactions = transactions;
    this.random = random;
  }

  /** Returns the text of a policy. */
  public Optional<String> read(Transaction tx, String name) {
    return tx.in(transactions.system()).get(POLICY.at(name));
  }

  /**
   * Stores a policy in the place of one of that name.
   *
   * @throws IllegalArgumentException if the text is none; nothing is stored then
   */
  public void write(Transaction tx, String name, String text) {
    PasswordPolicy.parse(text);
    tx.in(transactions.system()).put(POLICY.at(name), text);
  }

  public void delete(Transaction tx, String name) {
    tx.in(transactions.system()).delete(POLICY.at(name));
  }

  /**
   * Returns names of policies, and with a trailing slash of folders.
   *
   * @param folder empty, or a name with a trailing slash
   */
  public List<String> names(Transaction tx, String folder) {
    return tx.in(transactions.system()).list(POLICY, folder);
  }

  /** Returns whether passwords can be made by a name: it is empty, or that of a stored policy. */
  public boolean has(String name) {
    return name.isEmpty() || transactions.read(tx -> read(tx, name).isPresent());
  }

  /** As {@link #generate(Transaction, String)} on what is committed now. */
  public char[] generate(String name) {
    return transactions.read(tx -> generate(tx, name));
  }

  /**
   * Makes a password.
   *
   * @param name of a stored policy; empty: 20 letters, digits and dashes, with each of lower case,
   *     upper case, digit and dash
   * @return a new array, which the caller should wipe
   * @throws VaultException with code {@code NOT_FOUND} if there is no such policy, and
   *     {@code INTERNAL} if no password comes of it
   */
  public char[] generate(Transaction tx, String name) {
    if (name.isEmpty()) {
      return PasswordPolicy.DEFAULT.generate(random);
    }
    String text = read(tx, name)
        .orElseThrow(() -> new VaultException(ErrorCode.NOT_FOUND, "policy does not exist"));
    try {
      return PasswordPolicy.parse(text).generate(random);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new VaultException(
          ErrorCode.INTERNAL, "failed to generate password from policy: " + e.getMessage(), e);
    }
  }
}

package dev.strongroom.dbsecrets.internal.engine;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.dbsecrets.internal.sql.ScramVerifier;
import dev.strongroom.spi.MountContext;
import java.util.Arrays;
import java.util.List;

/** Makes passwords of database users. Thread-safe. */
final class Passwords {
  private static final String NO_POLICY = "no password policy found";

  private final MountContext context;

  Passwords(MountContext context) {
    this.context = context;
  }

  /** A password, and what statements have in its place. */
  static final class Made implements AutoCloseable {
    private final char[] password;
    private final String inStatements;

    private Made(char[] password, String inStatements) {
      this.password = password;
      this.inStatements = inStatements;
    }

    /** Returns the password, as a string, because answers and JDBC take nothing else. */
    String text() {
      return new String(password);
    }

    /** Returns the password or its SCRAM verifier. */
    String inStatements() {
      return inStatements;
    }

    /** Returns what must not be in an error. */
    List<String> secrets() {
      return List.of(text(), inStatements);
    }

    @Override
    public void close() {
      Arrays.fill(password, '\0');
    }
  }

  /**
   * Makes a password.
   *
   * @param policy empty: the usual one
   * @throws VaultException if the policy cannot be kept, or is not there
   */
  Made make(String policy, ConnectionConfig config) {
    return wrap(context.generatePassword(policy), config);
  }

  /** Returns a password that was made before. */
  Made of(SecretText password, ConnectionConfig config) {
    return wrap(password.expose().toCharArray(), config);
  }

  private Made wrap(char[] password, ConnectionConfig config) {
    return new Made(
        password,
        config.wantsVerifiers()
            ? ScramVerifier.of(password, context.random())
            : new String(password));
  }

  /**
   * Checks that there is such a policy.
   *
   * @throws VaultException with the text of the reference, which answers with status 500
   */
  void requirePolicy(String policy) {
    if (!context.hasPasswordPolicy(policy)) {
      throw Refusals.failed("failed to generate password: " + NO_POLICY);
    }
  }

  /** Makes a password for a record. */
  SecretText fresh(String policy) {
    char[] password;
    try {
      password = context.generatePassword(policy);
    } catch (VaultException e) {
      throw Refusals.failed("failed to generate password: "
          + (e.code() == ErrorCode.NOT_FOUND ? NO_POLICY : e.getMessage()));
    }
    try {
      return new SecretText(new String(password));
    } finally {
      Arrays.fill(password, '\0');
    }
  }
}

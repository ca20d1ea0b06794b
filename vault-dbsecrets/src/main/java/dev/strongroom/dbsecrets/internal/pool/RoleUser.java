package dev.strongroom.dbsecrets.internal.pool;

import dev.strongroom.dbsecrets.Database;
import dev.strongroom.dbsecrets.DatabaseCredentials;
import dev.strongroom.dbsecrets.StaticCredentials;
import dev.strongroom.request.Lease;
import java.time.Duration;

/** The users that a role of a database mount stands for. */
public final class RoleUser {
  private RoleUser() {}

  /** Returns the users of a role that makes them, and ends them with their leases. */
  public static CredentialSource ofDynamic(Database database, String role) {
    return () -> new Leased(database.credentials(role));
  }

  /** Returns the user of a role that gives it another password each period. */
  public static CredentialSource ofStatic(Database database, String role) {
    return () -> new Fixed(database.staticCredentials(role));
  }

  private record Leased(DatabaseCredentials issued) implements Credential {
    @Override
    public String user() {
      return issued.user();
    }

    @Override
    public String exposePassword() {
      return issued.exposePassword();
    }

    @Override
    public Lifetime lifetime() {
      return Lifetime.ofLease(issued.lease().duration(), issued.lease().renewable());
    }

    @Override
    public Lifetime renew(Lifetime before) {
      Lease lease = issued.renew(before.whole());
      return before.renewed(lease.duration(), lease.renewable());
    }

    @Override
    public void revoke(boolean wait) {
      if (wait) {
        issued.close();
      } else {
        issued.revokeLater();
      }
    }

    @Override
    public void wipe() {
      issued.wipe();
    }
  }

  private record Fixed(StaticCredentials read) implements Credential {
    /** The change is due, and comes with the vault's next look. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    @Override
    public String user() {
      return read.user();
    }

    @Override
    public String exposePassword() {
      return read.exposePassword();
    }

    @Override
    public Lifetime lifetime() {
      return Lifetime.untilChange(
          read.validFor().compareTo(SHORTEST) < 0 ? SHORTEST : read.validFor());
    }

    @Override
    public Lifetime renew(Lifetime before) {
      return before;
    }

    @Override
    public void revoke(boolean wait) {
      // The user stays.
    }

    @Override
    public void wipe() {
      read.close();
    }
  }
}

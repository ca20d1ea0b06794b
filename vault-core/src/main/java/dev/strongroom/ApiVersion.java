package dev.strongroom;

/**
 * What clients of the Vault API are told about the vault. They choose by the version what they use:
 * it is that of the reference, behind it ours.
 */
public final class ApiVersion {
  public static final String TEXT = "2.6.2+strongroom";

  /** RFC 3339, UTC. */
  public static final String DATE = "2026-11-24T00:00:00Z";

  private ApiVersion() {}
}

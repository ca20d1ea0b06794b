package dev.strongroom.http;

/**
 * What clients are told about the server. They choose by the version what they use: it is that of
 * the reference, behind it ours.
 */
final class ServerVersion {
  static final String TEXT = "2.6.2+strongroom";
  static final String DATE = "2026-11-24T00:00:00Z";

  private ServerVersion() {}
}

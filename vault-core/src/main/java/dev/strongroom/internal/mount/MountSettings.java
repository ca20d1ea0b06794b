package dev.strongroom.internal.mount;

import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import java.time.Duration;

/**
 * What can be set for any mount, beside the options of its engine.
 *
 * @param defaultLeaseTtl zero: the vault's own
 * @param maxLeaseTtl zero: the vault's own
 * @param plainKeys what the audit shows as it is
 * @param visibility whether strangers see the mount in a list
 * @param auth what only auth methods have
 */
public record MountSettings(
    Duration defaultLeaseTtl,
    Duration maxLeaseTtl,
    PlainKeys plainKeys,
    Visibility visibility,
    AuthSettings auth) {
  public static final MountSettings UNSET = new MountSettings(
      Duration.ZERO, Duration.ZERO, PlainKeys.NONE, Visibility.UNSET, AuthSettings.UNSET);

  public MountSettings {
    if (defaultLeaseTtl.isNegative() || maxLeaseTtl.isNegative()) {
      throw new IllegalArgumentException("lease lifetimes are zero or more");
    }
  }

  public MountSettings withLeaseTtls(Duration defaultTtl, Duration maxTtl) {
    return new MountSettings(defaultTtl, maxTtl, plainKeys, visibility, auth);
  }

  public MountSettings withPlainKeys(PlainKeys keys) {
    return new MountSettings(defaultLeaseTtl, maxLeaseTtl, keys, visibility, auth);
  }

  public MountSettings withVisibility(Visibility changed) {
    return new MountSettings(defaultLeaseTtl, maxLeaseTtl, plainKeys, changed, auth);
  }

  public MountSettings withAuth(AuthSettings changed) {
    return new MountSettings(defaultLeaseTtl, maxLeaseTtl, plainKeys, visibility, changed);
  }

  void write(RecordWriter out) {
    out.i64(defaultLeaseTtl.toSeconds()).i64(maxLeaseTtl.toSeconds());
    plainKeys.write(out);
    out.text(visibility.text());
    auth.write(out);
  }

  static MountSettings read(RecordReader in) {
    return new MountSettings(
        Duration.ofSeconds(in.i64()),
        Duration.ofSeconds(in.i64()),
        PlainKeys.read(in),
        Visibility.named(in.text())
            .orElseThrow(() -> new RecordReader.CorruptRecord("a visibility is not known")),
        AuthSettings.read(in));
  }
}

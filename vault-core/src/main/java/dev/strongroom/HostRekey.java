package dev.strongroom;

import dev.strongroom.internal.ceremony.RekeyCeremony;
import dev.strongroom.internal.ceremony.RekeyCeremony.Given;
import dev.strongroom.internal.ceremony.RekeyCeremony.Status;
import dev.strongroom.internal.ceremony.RekeyCeremony.Verification;
import dev.strongroom.internal.ceremony.Wording;
import dev.strongroom.internal.unsealed.UnsealedVault;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The change of key shares as the host conducts it. */
final class HostRekey implements Rekey {
  private static final String PATH = "sys/rekey/";

  private final UnsealedVault open;
  private final RekeyCeremony ceremony;
  private final String nonce;

  private HostRekey(UnsealedVault open, RekeyCeremony ceremony, String nonce) {
    this.open = open;
    this.ceremony = ceremony;
    this.nonce = nonce;
  }

  static HostRekey begin(UnsealedVault open, KeyShares wanted) {
    RekeyCeremony ceremony = open.ceremonies().ofItsShares();
    return open.asHost(PATH + "init", tx -> {
      Status begun = ceremony.begin(wanted, /* verify= */ true, Wording.REKEY);
      return new HostRekey(open, ceremony, begun.nonce().orElseThrow());
    });
  }

  @Override
  public int given() {
    Status status = status();
    return status.verification().map(Verification::given).orElse(status.given());
  }

  @Override
  public int required() {
    Status status = status();
    return status.verification().isPresent()
        ? status.wanted().orElseThrow().threshold()
        : status.required();
  }

  @Override
  public String nonce() {
    return nonce;
  }

  @Override
  public Optional<List<KeyShare>> give(KeyShare present) {
    byte[] share = present.exposeBytes();
    try {
      Given given =
          open.asHost(PATH + "update", tx -> ceremony.give(tx, share, nonce, Wording.REKEY));
      return given.complete() ? Optional.of(given.shares()) : Optional.empty();
    } finally {
      Arrays.fill(share, (byte) 0);
    }
  }

  @Override
  public boolean verify(KeyShare fresh) {
    byte[] share = fresh.exposeBytes();
    try {
      return open.asHost(
          PATH + "verify",
          tx -> ceremony.verify(
              tx,
              share,
              status().verification().map(Verification::nonce).orElse(""),
              Wording.REKEY));
    } finally {
      Arrays.fill(share, (byte) 0);
    }
  }

  @Override
  public void cancel() {
    open.asHost(PATH + "init", tx -> {
      if (ceremony.status().nonce().filter(nonce::equals).isPresent()) {
        ceremony.cancel(tx, Optional.of(nonce), Wording.REKEY);
      }
      return true;
    });
  }

  private Status status() {
    Status status = ceremony.status();
    if (status.nonce().filter(nonce::equals).isEmpty()) {
      throw new VaultException(ErrorCode.INVALID_REQUEST, "this change of key shares has ended");
    }
    return status;
  }
}

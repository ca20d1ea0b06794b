package dev.strongroom;

import dev.strongroom.internal.ceremony.RootTokenCeremony;
import dev.strongroom.internal.ceremony.RootTokenCeremony.Status;
import dev.strongroom.internal.unsealed.UnsealedVault;
import java.util.Arrays;
import java.util.Optional;

/** The making of a root token as the host conducts it. */
final class HostRootGeneration implements RootGeneration {
  private static final String PATH = "sys/generate-root/";

  private final UnsealedVault open;
  private final RootTokenCeremony ceremony;
  private final String nonce;
  private final String pad;

  private HostRootGeneration(
      UnsealedVault open, RootTokenCeremony ceremony, String nonce, String pad) {
    this.open = open;
    this.ceremony = ceremony;
    this.nonce = nonce;
    this.pad = pad;
  }

  static HostRootGeneration begin(UnsealedVault open) {
    RootTokenCeremony ceremony = open.ceremonies().rootToken();
    return open.asHost(PATH + "attempt", tx -> {
      String pad = ceremony.begin(Optional.empty());
      return new HostRootGeneration(open, ceremony, ceremony.status().nonce().orElseThrow(), pad);
    });
  }

  @Override
  public int given() {
    return status().given();
  }

  @Override
  public int required() {
    return status().required();
  }

  @Override
  public String nonce() {
    return nonce;
  }

  @Override
  public Optional<ClientToken> give(KeyShare share) {
    byte[] bytes = share.exposeBytes();
    try {
      return open.asHost(PATH + "update", tx -> ceremony.give(tx, bytes, nonce)).map(this::decode);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  @Override
  public ClientToken decode(String encoded) {
    return RootTokenCeremony.decode(encoded, pad);
  }

  @Override
  public void cancel() {
    open.asHost(PATH + "attempt", tx -> {
      if (ceremony.status().nonce().filter(nonce::equals).isPresent()) {
        ceremony.cancel(Optional.of(nonce));
      }
      return true;
    });
  }

  private Status status() {
    Status status = ceremony.status();
    if (status.nonce().filter(nonce::equals).isEmpty()) {
      throw new VaultException(
          ErrorCode.INVALID_REQUEST, "this generation of a root token has ended");
    }
    return status;
  }

  @Override
  public String toString() {
    return "RootGeneration[" + nonce + "]";
  }
}

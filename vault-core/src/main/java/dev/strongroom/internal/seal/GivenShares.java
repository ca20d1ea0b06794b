package dev.strongroom.internal.seal;

import dev.strongroom.secret.SecretBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** The distinct key shares that were given towards one thing. For one thread at a time. */
public final class GivenShares implements AutoCloseable {
  private final List<SecretBytes> shares = new ArrayList<>();

  /** Begins with none. */
  public GivenShares() {}

  /** Adds a share, which is copied; returns false for one that was given before. */
  public boolean add(byte[] share) {
    if (has(share)) {
      return false;
    }
    shares.add(SecretBytes.copyOf(share));
    return true;
  }

  /** Returns whether a share was given before. Looks at all of them, each in constant time. */
  public boolean has(byte[] share) {
    boolean known = false;
    for (SecretBytes earlier : shares) {
      known |= earlier.matches(share);
    }
    return known;
  }

  public int count() {
    return shares.size();
  }

  /** Returns these shares and one more; the caller closes them. */
  public GivenShares with(byte[] share) {
    GivenShares all = new GivenShares();
    shares.forEach(earlier -> earlier.lend(all::add));
    all.add(share);
    return all;
  }

  /** Runs {@code action} on copies that are wiped afterwards. */
  <T> T use(Function<List<byte[]>, T> action) {
    List<byte[]> copies = shares.stream().map(SecretBytes::exposeCopy).toList();
    try {
      return action.apply(copies);
    } finally {
      copies.forEach(copy -> Arrays.fill(copy, (byte) 0));
    }
  }

  /** Wipes the shares; there are none then. */
  @Override
  public void close() {
    shares.forEach(SecretBytes::close);
    shares.clear();
  }

  @Override
  public String toString() {
    return "GivenShares[" + shares.size() + "]";
  }
}

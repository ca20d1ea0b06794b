package dev.strongroom.internal.barrier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.internal.aead.Aead;
import dev.strongroom.spi.StorageException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The keys of an unsealed vault at work. Hands out a {@link BarrierView} for each container,
 * encrypts with the active term and opens what any term encrypted. Thread-safe.
 */
public final class Barrier implements AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final SecureRandom random;

  @GuardedBy("lock")
  private final Set<BarrierView> views = new HashSet<>();

  private volatile Keyring keyring;
  private volatile boolean closed;

  /** Takes {@code keyring} over: it is wiped by {@link #close()}. */
  public Barrier(Keyring keyring, SecureRandom random) {
    this.keyring = keyring;
    this.random = random;
  }

  public Keyring keyring() {
    return keyring;
  }

  /** Puts a rotated keyring in force; it has the arrays of the one before, and one more. */
  public void replace(Keyring rotated) {
    keyring = rotated;
    if (closed) {
      rotated.wipe();
    }
  }

  /**
   * Opens the view of a container.
   *
   * @param id 16 bytes; copied
   * @param secret of the container, 32 bytes; copied
   */
  public BarrierView view(byte[] id, byte[] secret) {
    byte[] nameKeys = Hkdf.derive(secret, "strongroom names", BarrierView.NAME_KEY_BYTES);
    return register(new BarrierView(this, id.clone(), nameKeys, secret.clone()));
  }

  /**
   * Opens a view that finds and names rows, and cannot open one: for removing what is left of a
   * container.
   */
  public BarrierView viewOfNames(byte[] nameKeys) {
    return register(new BarrierView(this, new byte[0], nameKeys.clone(), null));
  }

  /** Returns the term that encrypted a value. */
  public static int termOf(byte[] sealed) {
    return DataKey.termOf(sealed);
  }

  /**
   * The failure of whatever still runs when the keys are gone: it changed nothing, or all it wanted
   * to.
   */
  public static VaultException sealed() {
    return new VaultException(ErrorCode.SEALED, "Vault is sealed");
  }

  /** Wipes every key. */
  @Override
  public void close() {
    closed = true;
    lock.lock();
    try {
      List.copyOf(views).forEach(BarrierView::close);
      keyring.wipe();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    return closed;
  }

  int activeTerm() {
    return keyring.activeTerm().number();
  }

  byte[] nonce() {
    byte[] nonce = new byte[Aead.NONCE_BYTES];
    random.nextBytes(nonce);
    return nonce;
  }

  DataKey deriveDataKey(byte[] containerSecret, int term) {
    byte[] material = Arrays.copyOf(
        keyring
            .term(term)
            .orElseThrow(() -> new StorageException("there is no key for term " + term))
            .key(),
        2 * Aead.KEY_BYTES);
    try {
      System.arraycopy(containerSecret, 0, material, Aead.KEY_BYTES, Aead.KEY_BYTES);
      return new DataKey(Hkdf.derive(material, "strongroom data", Aead.KEY_BYTES), term);
    } finally {
      Arrays.fill(material, (byte) 0);
    }
  }

  void forget(BarrierView view) {
    lock.lock();
    try {
      views.remove(view);
    } finally {
      lock.unlock();
    }
  }

  private BarrierView register(BarrierView view) {
    lock.lock();
    try {
      views.add(view);
    } finally {
      lock.unlock();
    }
    if (closed) {
      view.close();
      throw sealed();
    }
    return view;
  }
}

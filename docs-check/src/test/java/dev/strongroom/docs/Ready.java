package dev.strongroom.docs;

import dev.strongroom.ClientToken;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShare;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.VaultBuilder;
import dev.strongroom.VirtualTime;
import dev.strongroom.dbsecrets.RotatingDataSource;
import dev.strongroom.http.VaultHttpHandler;
import dev.strongroom.kv.KvStore;
import dev.strongroom.spi.StorageType;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.slf4j.Logger;

/**
 * What a snippet of the documentation may name without saying where it is from. Snippets are
 * compiled and not run, so nothing here has a value.
 */
public final class Ready {
  private Ready() {}

  /** An open vault, and what makes one. */
  public static Vault vault;

  public static VaultBuilder builder;
  public static StorageType storage;

  /** The time of a vault in a test. */
  public static VirtualTime time;

  /**
   * Callers: with a root token, with some rights, an operator, and one who gives something away.
   */
  public static Session root;

  public static Session session;
  public static Session operator;
  public static Session mine;

  /** Mounts of KV version 2 at {@code secret}, of the application itself and of a caller. */
  public static KvStore secrets;

  public static KvStore app;

  public static ClientToken token;
  public static ClientToken rootToken;
  public static String accessor;

  public static InitialKeys keys;
  public static KeyShare share;
  public static KeyShare share1;
  public static KeyShare share2;
  public static KeyShare share3;
  public static KeyShare freshShare1;
  public static KeyShare freshShare2;
  public static KeyShare freshShare3;

  /** Texts and files that come from elsewhere. */
  public static char[] password;

  public static String initial;
  public static String jwt;
  public static String roleId;
  public static Path file;
  public static Path key;
  public static Path oldKey;
  public static Path newKey;
  public static Path folder;

  public static Map<String, ?> user;
  public static Map<String, ?> mail;

  public static VaultHttpHandler handler;
  public static InetSocketAddress address;
  public static Logger log;

  /** Code of the application. */
  public static Escrow escrow;

  public static Pool pool;
  public static Accounts accounts;
  public static RotatingDataSource dataSource;

  /** Keeps the keys of a new vault. */
  public interface Escrow {
    void store(InitialKeys keys);
  }

  /** A pool of connections that takes other credentials. */
  public interface Pool {
    void connect(Object credentials);

    void reconnect(Object credentials);
  }

  /** A service outside, with accounts that an engine makes. */
  public interface Accounts {
    void create(String user, String password, Instant deadline) throws Exception;

    void extend(String user, Instant until) throws Exception;

    void remove(String user) throws Exception;
  }
}

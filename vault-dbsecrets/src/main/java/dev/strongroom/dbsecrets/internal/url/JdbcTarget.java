package dev.strongroom.dbsecrets.internal.url;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the PostgreSQL driver connects with. Strings, because the driver takes nothing else: make
 * this late and let it go early. Never printed. Immutable and thread-safe.
 */
public final class JdbcTarget {
  private final String url;
  private final String user;
  private final String password;
  private final Map<String, String> properties;

  JdbcTarget(String url, String user, String password, Map<String, String> properties) {
    this.url = url;
    this.user = user;
    this.password = password;
    this.properties = Map.copyOf(properties);
  }

  /** Returns {@code jdbc:postgresql://hosts/database}: nothing in it is secret. */
  public String url() {
    return url;
  }

  public String user() {
    return user;
  }

  public String password() {
    return password;
  }

  /** Returns whether user and password go to the same servers, as well protected. */
  public boolean leadsWhere(JdbcTarget other) {
    return url.equals(other.url)
        && user.equals(other.user)
        && protection(properties).equals(protection(other.properties));
  }

  private static Map<String, String> protection(Map<String, String> properties) {
    Map<String, String> kept = new HashMap<>(properties);
    kept.keySet().removeAll(Set.of("connectTimeout", "loginTimeout", "ApplicationName"));
    return kept;
  }

  /** Returns the driver's other properties. */
  public Map<String, String> properties() {
    return properties;
  }

  @Override
  public String toString() {
    return "JdbcTarget[" + url + "]";
  }
}

package dev.strongroom.dbsecrets.internal.url;

import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the PostgreSQL driver connects with. Strings, because the driver takes nothing else: make
 * this late and let it go early. Never printed. Immutable and thread-safe.
 */
public final class JdbcTarget {
  static final String PREFIX = "jdbc:postgresql://";

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

  /** Returns whether one of its servers is one of the other's, as far as their names say. */
  public boolean sharesServerWith(JdbcTarget other) {
    return !Collections.disjoint(servers(), other.servers());
  }

  private Set<String> servers() {
    int start = PREFIX.length();
    String list = url.substring(start, url.indexOf('/', start)).toLowerCase(Locale.ROOT);
    return Stream.of(list.split(",", -1)).map(JdbcTarget::server).collect(Collectors.toSet());
  }

  private static String server(String address) {
    int colon = address.lastIndexOf(':');
    String host = address.substring(0, colon).replaceAll("[\\[\\]]|\\.$", "");
    return (Settings.isLoopback(host) ? "localhost" : host) + address.substring(colon);
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

  JdbcTarget withProperties(Map<String, String> others) {
    return new JdbcTarget(url, user, password, others);
  }

  @Override
  public String toString() {
    return "JdbcTarget[" + url + "]";
  }
}

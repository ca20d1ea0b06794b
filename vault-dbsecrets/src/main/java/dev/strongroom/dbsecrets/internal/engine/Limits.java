package dev.strongroom.dbsecrets.internal.engine;

/**
 * How many of each a mount has at most. Those that are there stay, also where the limit is lower.
 *
 * @param connections and so pools, of which each has threads of its own
 * @param roles of each kind
 */
public record Limits(int connections, int roles) {
  /** 200 connections, 10,000 roles and 10,000 static roles. */
  public static final Limits USUAL = new Limits(200, 10_000);

  public Limits {
    if (connections < 1 || roles < 1) {
      throw new IllegalArgumentException("a limit is 1 or more");
    }
  }
}

/**
 * The engine of a mount: one class per path, and the records behind them. The door is
 * {@link dev.strongroom.dbsecrets.internal.engine.DatabaseEngineType}. Knows of PostgreSQL only
 * what {@code internal.postgres} shows.
 */
package dev.strongroom.dbsecrets.internal.engine;

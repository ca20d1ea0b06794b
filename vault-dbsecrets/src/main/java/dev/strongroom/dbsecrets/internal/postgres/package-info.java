/**
 * A PostgreSQL server seen by its manager: pools, and users that are made, changed and dropped. The
 * door is {@link dev.strongroom.dbsecrets.internal.postgres.Databases}. Knows nothing of roles and
 * records of the engine.
 */
package dev.strongroom.dbsecrets.internal.postgres;

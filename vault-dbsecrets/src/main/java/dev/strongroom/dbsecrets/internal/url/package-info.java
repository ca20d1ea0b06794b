/**
 * Where a database is: connection URLs as PostgreSQL's own clients write them. The door is
 * {@link dev.strongroom.dbsecrets.internal.url.ConnectionUrl}; it connects to nothing.
 */
@NullMarked
package dev.strongroom.dbsecrets.internal.url;

import org.jspecify.annotations.NullMarked;

/**
 * SQL texts: a role's statements, and what may be put into them. The door is
 * {@link dev.strongroom.dbsecrets.internal.sql.Statements}; it knows no connection and no record.
 */
@NullMarked
package dev.strongroom.dbsecrets.internal.sql;

import org.jspecify.annotations.NullMarked;

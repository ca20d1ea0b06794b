/**
 * A store in a SQLite file. {@link dev.strongroom.storage.sqlite.SqliteStorage} is the way in.
 * Inside, {@code SqliteBackend} keeps the contract, {@code Writer} and {@code Reader} know the SQL,
 * {@code DatabaseFile} the file and its format, {@code Ownership} who else is there.
 */
@NullMarked
package dev.strongroom.storage.sqlite;

import org.jspecify.annotations.NullMarked;

/**
 * A pool's way from one credential to the next. The door is
 * {@link dev.strongroom.dbsecrets.internal.pool.FollowedPool}; it knows a vault only by what it
 * gets from one.
 */
@NullMarked
package dev.strongroom.dbsecrets.internal.pool;

import org.jspecify.annotations.NullMarked;

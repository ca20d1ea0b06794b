/**
 * Records between requests and a store: one transaction per request, commits in groups, caches, and
 * the removal of what is too much for one request. The door is
 * {@link dev.strongroom.internal.store.Transactions}. It knows the barrier and the store, not what
 * records mean.
 */
@NullMarked
package dev.strongroom.internal.store;

import org.jspecify.annotations.NullMarked;

/**
 * Leases: secrets that exist outside the vault, from the plan to the proof that they are gone. The
 * door is {@link dev.strongroom.internal.lease.LeaseStore}; it knows tokens as owners, mounts as
 * makers, and nothing of requests.
 */
@NullMarked
package dev.strongroom.internal.lease;

import org.jspecify.annotations.NullMarked;

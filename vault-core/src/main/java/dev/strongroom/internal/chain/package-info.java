/**
 * What makes an audit trail provable: each record names its chain, its number and the hash of the
 * record before it, and checkpoints are signed. The door is
 * {@link dev.strongroom.internal.chain.AuditChain}; it knows neither requests nor devices.
 */
@NullMarked
package dev.strongroom.internal.chain;

import org.jspecify.annotations.NullMarked;

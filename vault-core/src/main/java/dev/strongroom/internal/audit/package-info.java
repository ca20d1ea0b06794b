/**
 * The audit trail: what happened becomes a record, and every record a line on every device, before
 * a request is executed and before its answer is seen. The door is
 * {@link dev.strongroom.internal.audit.AuditBroker}; it knows nothing of engines, and executes no
 * request.
 */
@NullMarked
package dev.strongroom.internal.audit;

import org.jspecify.annotations.NullMarked;

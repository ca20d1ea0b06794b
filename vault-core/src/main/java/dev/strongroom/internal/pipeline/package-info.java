/**
 * The way of one request: who asks, may they, who answers, what becomes durable. The door is
 * {@link dev.strongroom.internal.pipeline.RequestPipeline}, and its one method is the order of
 * things.
 */
@NullMarked
package dev.strongroom.internal.pipeline;

import org.jspecify.annotations.NullMarked;

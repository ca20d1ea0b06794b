/**
 * The small part of Go's text/template that policies use. The door is
 * {@link dev.strongroom.internal.template.Template}. It knows texts and nothing of what they mean.
 */
@NullMarked
package dev.strongroom.internal.template;

import org.jspecify.annotations.NullMarked;

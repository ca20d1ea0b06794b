/**
 * Names of database users: the part of Go's text/template that templates for them use. The door is
 * {@link dev.strongroom.dbsecrets.internal.template.UsernameTemplate}; it knows texts and nothing
 * of what they are for.
 */
@NullMarked
package dev.strongroom.dbsecrets.internal.template;

import org.jspecify.annotations.NullMarked;

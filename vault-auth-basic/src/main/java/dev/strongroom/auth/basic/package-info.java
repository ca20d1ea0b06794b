/**
 * Auth methods that keep their own credentials. {@link dev.strongroom.auth.basic.UserPass} is for
 * people, {@link dev.strongroom.auth.basic.AppRole} for programs. Each has one class for each
 * family of paths.
 */
@NullMarked
package dev.strongroom.auth.basic;

import org.jspecify.annotations.NullMarked;

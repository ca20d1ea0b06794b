/**
 * Password policies: what passwords that the vault makes look like, where these rules are stored,
 * and how the passwords are made. The door is
 * {@link dev.strongroom.internal.password.PasswordPolicies}. They have nothing to do with what
 * callers may do, but their syntax.
 */
@NullMarked
package dev.strongroom.internal.password;

import org.jspecify.annotations.NullMarked;

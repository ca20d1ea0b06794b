/**
 * Logins: from what an auth method has found out to a token, its renewal, and the end of all of
 * them with their mount. The door is {@link dev.strongroom.internal.login.Logins}; it knows auth
 * methods by their interface, and nothing of the way of a request.
 */
@NullMarked
package dev.strongroom.internal.login;

import org.jspecify.annotations.NullMarked;

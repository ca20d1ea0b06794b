/**
 * Who holds tokens: entities, their aliases at auth methods, and groups of entities. The door is
 * {@link dev.strongroom.internal.identity.IdentityStore}. It knows what the selectors of templates
 * stand for, and names of policies, but neither tokens nor mounts.
 */
@NullMarked
package dev.strongroom.internal.identity;

import org.jspecify.annotations.NullMarked;

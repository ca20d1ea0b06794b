/**
 * The Vault HTTP API over a vault. {@link dev.strongroom.http.VaultHttpHandler} turns a
 * {@link dev.strongroom.http.HttpCall} into a {@link dev.strongroom.http.HttpReply} and knows no
 * server; {@link dev.strongroom.http.VaultHttpServer} binds it to one. JSON, headers and status
 * codes are here, and no rule of the vault.
 */
@NullMarked
package dev.strongroom.http;

import org.jspecify.annotations.NullMarked;

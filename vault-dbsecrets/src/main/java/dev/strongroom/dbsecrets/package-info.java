/**
 * Dynamic and static credentials of PostgreSQL databases, as the Vault database secrets engine
 * gives them, and what an application needs to live with them.
 */
package dev.strongroom.dbsecrets;

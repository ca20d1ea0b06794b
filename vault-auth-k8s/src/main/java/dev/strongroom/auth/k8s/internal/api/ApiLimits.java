package dev.strongroom.auth.k8s.internal.api;

import java.time.Duration;

/**
 * How long the API is waited for, and by how many at a time.
 *
 * @param connect longest time until there is a connection
 * @param answer longest time of one attempt, from the connection to the last byte
 * @param atOnce most questions at the same time; as many more wait for their turn
 * @param turn longest time to wait for that
 */
public record ApiLimits(Duration connect, Duration answer, int atOnce, Duration turn) {}

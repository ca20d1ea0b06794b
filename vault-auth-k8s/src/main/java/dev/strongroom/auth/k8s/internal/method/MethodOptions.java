package dev.strongroom.auth.k8s.internal.method;

import dev.strongroom.auth.k8s.internal.api.ApiLimits;
import java.nio.file.Path;

/**
 * What the host program decides.
 *
 * @param folder of the pod's own token and authorities
 * @param tellsReasons whether a caller who fails is told what the reference tells; else only
 *     {@code permission denied}
 * @param allowsUnencrypted whether the API may be without TLS
 */
public record MethodOptions(
    Path folder, ApiLimits limits, boolean tellsReasons, boolean allowsUnencrypted) {}

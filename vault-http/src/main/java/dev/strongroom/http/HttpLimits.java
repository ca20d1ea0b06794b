package dev.strongroom.http;

/**
 * What a request may be at most.
 *
 * @param bodyBytes 1 byte to 32 MiB; more is answered with 413
 * @param targetBytes path and query as they were sent, 256 bytes to 1 MiB; more is answered with
 *     414
 * @param jsonStrings names and values together in one body, 1 to 10,000,000; more is answered with
 *     400, as is what exceeds a limit of {@link dev.strongroom.request.Payload}
 * @param queryParameters 1 to 10,000; more is answered with 400
 * @param clientRequestsPerSecond how many requests one client may make, 1 to 1,000,000, and twice
 *     as many at once; 0: any number. A client is an IPv4 address or a /64 block of IPv6 addresses,
 *     see {@link HttpOptions#trustedProxies}. More are answered with 429, before anything of them
 *     is looked at
 */
public record HttpLimits(
    int bodyBytes,
    int targetBytes,
    int jsonStrings,
    int queryParameters,
    int clientRequestsPerSecond) {
  /**
   * 32 MiB, 16 KiB, 1,000, 100, and any number of requests: the first, the third and the last as in
   * OpenBao v2.6.2.
   */
  public static final HttpLimits DEFAULT =
      new HttpLimits(32 * 1024 * 1024, 16 * 1024, 1_000, 100, 0);

  public HttpLimits {
    require("bodyBytes", bodyBytes, 1, 32 * 1024 * 1024);
    require("targetBytes", targetBytes, 256, 1024 * 1024);
    require("jsonStrings", jsonStrings, 1, 10_000_000);
    require("queryParameters", queryParameters, 1, 10_000);
    require("clientRequestsPerSecond", clientRequestsPerSecond, 0, 1_000_000);
  }

  public HttpLimits withBodyBytes(int bytes) {
    return new HttpLimits(
        bytes, targetBytes, jsonStrings, queryParameters, clientRequestsPerSecond);
  }

  public HttpLimits withTargetBytes(int bytes) {
    return new HttpLimits(bodyBytes, bytes, jsonStrings, queryParameters, clientRequestsPerSecond);
  }

  public HttpLimits withJsonStrings(int strings) {
    return new HttpLimits(
        bodyBytes, targetBytes, strings, queryParameters, clientRequestsPerSecond);
  }

  public HttpLimits withQueryParameters(int parameters) {
    return new HttpLimits(bodyBytes, targetBytes, jsonStrings, parameters, clientRequestsPerSecond);
  }

  public HttpLimits withClientRequestsPerSecond(int requests) {
    return new HttpLimits(bodyBytes, targetBytes, jsonStrings, queryParameters, requests);
  }

  private static void require(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "need " + min + " <= " + name + " <= " + max + ", but got " + value);
    }
  }
}

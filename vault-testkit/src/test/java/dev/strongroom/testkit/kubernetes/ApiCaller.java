package dev.strongroom.testkit.kubernetes;

import dev.strongroom.request.Payload;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Calls the stand-in as a client of Kubernetes does, trusting one authority. */
final class ApiCaller {
  private final KubernetesApi api;
  private final HttpClient client;

  private ApiCaller(KubernetesApi api, HttpClient client) {
    this.api = api;
    this.client = client;
  }

  static ApiCaller of(KubernetesApi api) {
    return new ApiCaller(
        api, HttpClient.newBuilder().sslContext(trusting(api.ca())).build());
  }

  private static SSLContext trusting(String ca) {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry(
          "ca",
          CertificateFactory.getInstance("X.509")
              .generateCertificate(
                  new ByteArrayInputStream(ca.getBytes(StandardCharsets.US_ASCII))));
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<String> review(String bearer, String token, String... audiences)
      throws IOException, InterruptedException {
    return client.send(reviewRequest(bearer, token, audiences), BodyHandlers.ofString());
  }

  CompletableFuture<HttpResponse<String>> reviewLater(String bearer, String token) {
    return client.sendAsync(reviewRequest(bearer, token), BodyHandlers.ofString());
  }

  private HttpRequest reviewRequest(String bearer, String token, String... audiences) {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("token", token);
    if (audiences.length > 0) {
      spec.put("audiences", List.of(audiences));
    }
    return request(ApiAnswers.REVIEWS, bearer)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofByteArray(
            Payload.of(Map.of("spec", spec)).toJson()))
        .build();
  }

  HttpResponse<String> get(String bearer, String path) throws IOException, InterruptedException {
    return client.send(request(path, bearer).build(), BodyHandlers.ofString());
  }

  /** An empty bearer asks without one. */
  private HttpRequest.Builder request(String path, String bearer) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(api.url() + path));
    return bearer.isEmpty() ? request : request.header("Authorization", "Bearer " + bearer);
  }
}

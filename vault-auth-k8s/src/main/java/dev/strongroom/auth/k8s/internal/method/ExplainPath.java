package dev.strongroom.auth.k8s.internal.method;

import dev.strongroom.auth.k8s.internal.method.Examination.Subject;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.Cidr;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code explain}: what a login would find, check by check, by the code that decides on logins. No
 * token comes of it. Not in the reference.
 */
final class ExplainPath {
  private final Cluster cluster;

  ExplainPath(Cluster cluster) {
    this.cluster = cluster;
  }

  List<Route> routes() {
    return List.of(Route.at("explain", "Tells why a login succeeds or fails.")
        .field("role", FieldType.TEXT, "Name of the role.")
        .field("jwt", FieldType.TEXT, "Token of the service account.")
        .on(Operation.UPDATE, this::explain));
  }

  /** A write, because it takes its time and shows a token to the API; it changes nothing. */
  private Response explain(Call call) {
    String roleName = required(call, "role");
    String token = required(call, "jwt");
    Optional<ConfigRecord> config = cluster.config(call.storage());
    Optional<RoleRecord> role = RoleRecord.find(call.storage(), roleName);
    Instant now = call.now();
    String caller = Cluster.callerOf(call.origin());
    call.then(() -> answer(findings(config, role, token, now, caller)));
    return Response.empty();
  }

  private static String required(Call call, String field) {
    String text = call.text(field).orElse("");
    if (text.isEmpty()) {
      throw Refusals.invalid("missing " + field);
    }
    return text;
  }

  private List<Finding> findings(
      Optional<ConfigRecord> config,
      Optional<RoleRecord> role,
      String token,
      Instant now,
      String caller) {
    List<Finding> findings = new ArrayList<>();
    findings.add(
        role.isPresent()
            ? Finding.passed("role", "there is one")
            : Finding.failed("role", "a role of that name", "none", "Write the role."));
    role.ifPresent(known -> findings.add(address(known)));
    findings.add(
        config.isPresent()
            ? Finding.passed("config", "there is one")
            : Finding.failed("config", "how the API is reached", "nothing", "Write config."));
    if (role.isPresent() && config.isPresent()) {
      findings.addAll(ofToken(config.get(), role.get(), token, now, caller));
    }
    return findings;
  }

  /** Whoever asks for an explanation is somewhere else than whoever logs in. */
  private static Finding address(RoleRecord role) {
    List<Cidr> blocks = role.tokens().boundCidrs();
    return Finding.skipped(
        "address",
        blocks.isEmpty() ? "logins may come from anywhere" : "logins must come from " + blocks);
  }

  private List<Finding> ofToken(
      ConfigRecord config, RoleRecord role, String token, Instant now, String caller) {
    try {
      Subject subject = new Subject(
          config,
          cluster.keys(config),
          cluster.reviewer(config),
          cluster.api(config),
          role.bound(),
          caller);
      return new Examination(subject, token, now).all();
    } catch (IOException e) {
      return List.of(Finding.failed(
          "authorities",
          "kubernetes_ca_cert, or the file of a pod",
          String.valueOf(e.getMessage()),
          "Set kubernetes_ca_cert, or mount the file into the pod of the vault."));
    }
  }

  private static Response answer(List<Finding> findings) {
    return Response.of(Payload.of(Map.of(
        "would_succeed", findings.stream().noneMatch(Finding::isFailure),
        "checks", findings.stream().map(Finding::describe).toList())));
  }
}

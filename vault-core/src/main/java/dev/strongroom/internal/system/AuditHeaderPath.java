package dev.strongroom.internal.system;

import dev.strongroom.internal.audit.AuditDevices;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code sys/config/auditing/request-headers}: which headers of requests the audit shows. Same
 * texts as OpenBao v2.6.2 {@code vault/logical_system.go}; values are hashed unless somebody says
 * otherwise.
 */
final class AuditHeaderPath {
  private final AuditDevices devices;

  AuditHeaderPath(AuditDevices devices) {
    this.devices = devices;
  }

  List<Route> routes() {
    return List.of(
        Route.at("config/auditing/request-headers", "All audited headers.")
            .sudo()
            .on(Operation.READ, call -> list(SystemCall.of(call))),
        Route.at("config/auditing/request-headers/{header}", "An audited header.")
            .sudo()
            .field("hmac", FieldType.FLAG, "Whether its values are hashed; default true.")
            .on(Operation.READ, call -> read(SystemCall.of(call)))
            .on(Operation.UPDATE, call -> write(SystemCall.of(call)))
            .on(Operation.DELETE, call -> delete(SystemCall.of(call))));
  }

  private Response list(SystemCall call) {
    Map<String, Object> headers = new TreeMap<>();
    devices
        .headers(call.transaction())
        .forEach((name, hashed) -> headers.put(name, Map.of("hmac", hashed)));
    return Response.of(Payload.of(Map.of("headers", headers)));
  }

  private Response read(SystemCall call) {
    String name = call.captured("header");
    Boolean hashed = devices.headers(call.transaction()).get(AuditDevices.headerName(name));
    return hashed == null
        ? SystemCall.refused("Could not find header in config")
        : Response.of(Payload.of(Map.of(name, Map.of("hmac", hashed))));
  }

  private Response write(SystemCall call) {
    devices.showHeader(
        call.transaction(), call.captured("header"), call.flag("hmac").orElse(true));
    return Response.empty();
  }

  private Response delete(SystemCall call) {
    devices.hideHeader(call.transaction(), call.captured("header"));
    return Response.empty();
  }
}

package dev.strongroom.internal.system;

import dev.strongroom.internal.audit.AuditDevices;
import dev.strongroom.internal.audit.AuditDevices.Listed;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code sys/audit} and {@code sys/audit-hash}: the audit devices. Same rules and texts as OpenBao
 * v2.6.2 {@code vault/logical_system.go}.
 */
final class AuditPath {
  private static final int MAX_DESCRIPTION = 1024;

  private final AuditDevices devices;

  AuditPath(AuditDevices devices) {
    this.devices = devices;
  }

  List<Route> routes() {
    return List.of(
        Route.at("audit", "All audit devices.")
            .sudo()
            .on(Operation.READ, call -> list(SystemCall.of(call))),
        Route.at("audit/{path...}", "An audit device.")
            .sudo()
            .field("type", FieldType.TEXT, "The kind of device: file.")
            .field("description", FieldType.TEXT, "For people.")
            .field("options", FieldType.PAIRS, "Options of the device.")
            .field("local", FieldType.FLAG, "Not used.")
            .on(Operation.UPDATE, call -> enable(SystemCall.of(call)))
            .on(Operation.DELETE, call -> disable(SystemCall.of(call))),
        Route.at("audit-hash/{path...}", "What a device shows instead of a value.")
            .field("input", FieldType.TEXT, "The value.")
            .on(Operation.UPDATE, call -> hash(SystemCall.of(call))));
  }

  private Response list(SystemCall call) {
    Map<String, Object> members = new LinkedHashMap<>();
    devices
        .list(call.transaction())
        .forEach(device -> members.put(device.name() + "/", describe(device)));
    return Response.of(Payload.of(members));
  }

  private Map<String, @Nullable Object> describe(Listed device) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("path", device.name() + "/");
    members.put("type", device.type());
    members.put("description", device.description());
    members.put("options", SystemCall.orNull(device.options()));
    members.put("local", false);
    members.put("public_key", devices.publicKey());
    return members;
  }

  private Response enable(SystemCall call) {
    String description = call.text("description").orElse("");
    if (description.length() > MAX_DESCRIPTION) {
      return SystemCall.refused("description has at most " + MAX_DESCRIPTION + " characters");
    }
    devices.enable(
        call.transaction(),
        name(call),
        call.text("type").orElse(""),
        description,
        call.pairs("options"));
    return Response.empty();
  }

  private Response disable(SystemCall call) {
    devices.disable(call.transaction(), name(call));
    return Response.empty();
  }

  private Response hash(SystemCall call) {
    String input = call.required("input", "the \"input\" parameter is empty");
    return devices
        .hash(call.transaction(), name(call), input)
        .map(hash -> Response.of(Payload.of(Map.of("hash", hash))))
        .orElseGet(() -> SystemCall.refused("unknown audit backend \"" + name(call) + "/\""));
  }

  private static String name(SystemCall call) {
    String path = call.captured("path");
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}

package dev.strongroom.internal.pipeline;

import dev.strongroom.internal.mount.Router.Destination;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** An engine's answer with what every engine's answers have in common. */
final class CompleteAnswer {
  private CompleteAnswer() {}

  /** Nothing to read is not found; parameters that no handler has seen are named. */
  static Response of(Response response, RoutedCall call, Request asked) {
    if (response.isEmpty()) {
      return call.operation() == Operation.READ || call.operation() == Operation.LIST
          ? Response.notFound()
          : response;
    }
    return asked.payload().isEmpty() || response.isFailure() || call.tookAllParameters()
        ? response
        : withWarnings(response, call.destination(), asked);
  }

  private static Response withWarnings(Response response, Destination destination, Request asked) {
    Set<String> declared = destination.route().orElseThrow().fields().keySet();
    List<String> captured = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    for (String name : new TreeSet<>(asked.payload().toMap().keySet())) {
      if (destination.captures(name)) {
        captured.add(name);
      } else if (!declared.contains(name)) {
        unknown.add(name);
      }
    }
    Response warned = response;
    if (!unknown.isEmpty()) {
      warned = warned.withWarning(
          "Endpoint ignored these unrecognized parameters: " + inBrackets(unknown));
    }
    if (!captured.isEmpty()) {
      warned = warned.withWarning(
          "Endpoint replaced the value of these parameters with the values captured from the endpoint's path: "
              + inBrackets(captured));
    }
    return warned;
  }

  private static String inBrackets(List<String> names) {
    return "[" + String.join(" ", names) + "]";
  }
}

package dev.strongroom.cli;

import dev.strongroom.PolicyExplanation;
import dev.strongroom.PolicySet;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.VaultPath;
import dev.strongroom.spi.DurationText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code strongroom policy explain}: what policy files decide about one request, and why. */
@Command(
    name = "explain",
    description =
        "Says which rule of which policy decides about a request, what is missing, and which rules are near.",
    footer = "%nEnds with 0 if the request is allowed, 1 if it is denied, 2 if there is no answer.",
    mixinStandardHelpOptions = true)
final class PolicyExplainCommand implements Callable<Integer> {
  private final InstantSource clock;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Policies of the caller, HCL or JSON, one a file.")
  private List<Path> files = List.of();

  @Option(
      names = {"-o", "--operation"},
      required = true,
      description = "create, read, update, patch, delete, list or scan.")
  private String operation = "";

  @Option(
      names = {"-p", "--path"},
      required = true,
      description = "Path of the request, such as secret/data/apps/db.")
  private String path = "";

  @Option(
      names = "--param",
      paramLabel = "NAME=VALUE",
      description = "A parameter of the request whose value is text.")
  private Map<String, String> parameters = Map.of();

  @Option(names = "--params", paramLabel = "JSON", description = "Parameters as a JSON object.")
  private String json = "{}";

  @Option(
      names = "--sudo",
      description = "The path is one that needs sudo, which only the vault knows.")
  private boolean needsSudo;

  @Option(
      names = "--wrap-ttl",
      paramLabel = "DURATION",
      description = "How long the response is to stay wrapped, such as 60s.")
  private String wrapTtl = "";

  @Mixin
  private FormatOption format = new FormatOption();

  PolicyExplainCommand(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() throws IOException {
    PolicyExplanation explanation =
        PolicyFiles.read(files, clock.instant()).explain(request(), circumstances());
    format.print(explanation.toMap(), ExplanationText.of(explanation));
    return explanation.isAllowed() ? Strongroom.YES : Strongroom.NO;
  }

  private Request request() {
    Map<String, @Nullable Object> all = new LinkedHashMap<>(Payload.parse(json).toMap());
    all.putAll(parameters);
    return Request.of(Operations.parse(operation), VaultPath.parse(path), Payload.of(all));
  }

  private PolicySet.Case circumstances() {
    return new PolicySet.Case(
        needsSudo,
        wrapTtl.isEmpty() ? Optional.empty() : Optional.of(DurationText.parseSeconds(wrapTtl)));
  }
}

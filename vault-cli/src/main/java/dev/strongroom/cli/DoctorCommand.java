package dev.strongroom.cli;

import dev.strongroom.VaultBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code strongroom doctor}: whether a vault can run here, and how well. */
@Command(
    name = "doctor",
    description =
        "Looks at what a vault depends on: JVM, memory, clock, files, and how it is sealed.",
    footer = {
      "%nRun it as the user of the application and with the JVM options of the application, which"
          + " JDK_JAVA_OPTIONS can name. Beside the store a file is made for a moment; the store is"
          + " opened for reading only.",
      "%nEnds with 0 if nothing fails, whatever it warns of, 1 if something fails, 2 if the command"
          + " is wrong."
    },
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  private final Surroundings around;

  @Option(
      names = "--store",
      paramLabel = "FILE",
      description = "SQLite file of the store, which need not exist yet.")
  private @Nullable Path store;

  @Mixin
  private SealOptions seal = new SealOptions();

  @Mixin
  private ServerOptions server = new ServerOptions();

  @Option(
      names = "--cache-bytes",
      paramLabel = "NUMBER",
      description = "Cache of the vault, as VaultBuilder.cacheBytes has it. Default: 64 MiB.")
  private long cacheBytes = VaultBuilder.DEFAULT_CACHE_BYTES;

  @Mixin
  private FormatOption format = new FormatOption();

  DoctorCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() throws IOException {
    List<Finding> findings = new ArrayList<>(machine());
    if (store != null) {
      findings.addAll(FileChecks.all(around.time(), store, seal.keyFile()));
      findings.add(SealChecks.ofStore(store, seal.seal()));
    }
    if (server.isNamed()) {
      findings.addAll(SealChecks.ofServer(server.connect(around), around.time()));
    }
    print(findings);
    return findings.stream().anyMatch(each -> each.result() == Finding.Result.FAIL)
        ? Strongroom.NO
        : Strongroom.YES;
  }

  private List<Finding> machine() {
    MachineChecks machine = new MachineChecks(around.time(), Path.of("/proc"));
    return List.of(
        machine.jdk(),
        machine.memory(cacheBytes),
        machine.clock(),
        machine.swap(),
        machine.coreDumps(),
        machine.nativeLibrary());
  }

  private void print(List<Finding> findings) {
    List<Map<String, String>> checks =
        findings.stream().map(DoctorCommand::members).toList();
    format.print(
        Map.of("checks", checks),
        findings.stream().flatMap(DoctorCommand::lines).toList());
  }

  private static Map<String, String> members(Finding finding) {
    Map<String, String> members = new LinkedHashMap<>();
    members.put("check", finding.check());
    members.put("result", finding.result().name().toLowerCase(Locale.ROOT));
    members.put("detail", finding.detail());
    members.put("advice", finding.advice());
    return members;
  }

  private static Stream<String> lines(Finding finding) {
    String line = String.format(
        Locale.ROOT, "%-4s  %-12s  %s", finding.result(), finding.check(), finding.detail());
    return finding.advice().isEmpty()
        ? Stream.of(line)
        : Stream.of(line, " ".repeat(20) + "-> " + finding.advice());
  }
}

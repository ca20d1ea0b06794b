package dev.strongroom.benchmarks;

import dev.strongroom.internal.policy.Acl;
import dev.strongroom.internal.policy.AclRule;
import dev.strongroom.internal.policy.ParsedPolicy;
import dev.strongroom.request.Operation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Does a decision cost more with 10,000 rules than with ten? A third of the rules are exact, a
 * third end in a star, a third have a segment wildcard. Floor: one look-up of the path in a hash
 * map.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PolicyDecisionBenchmark {
  private static final int MAX_BLOCKS = 5000; // of one policy

  @Param({"10", "10000"})
  private int rules;

  private final Map<String, String> map = new HashMap<>();
  private Acl acl;

  @Setup
  public void compile() {
    List<ParsedPolicy> policies = new ArrayList<>();
    for (int first = 0; first < rules; first += MAX_BLOCKS) {
      String text = IntStream.range(first, Math.min(rules, first + MAX_BLOCKS))
          .mapToObj(this::block)
          .collect(Collectors.joining());
      policies.add(ParsedPolicy.parse("p" + first, text, Instant.EPOCH));
    }
    acl = Acl.of(policies, Instant.EPOCH);
  }

  private String block(int rule) {
    String path =
        switch (rule % 3) {
          case 0 -> "secret/data/team" + rule + "/app/config";
          case 1 -> "secret/data/team" + rule + "/*";
          default -> "secret/+/team" + rule + "/+/config";
        };
    map.put(path, path);
    return "path \"" + path + "\" { capabilities = [\"read\"] }\n";
  }

  @Benchmark
  public String floor() {
    return map.get("secret/data/team3/app/config");
  }

  @Benchmark
  public AclRule exact() {
    return acl.ruleFor(Operation.READ, "secret/data/team3/app/config");
  }

  @Benchmark
  public AclRule prefix() {
    return acl.ruleFor(Operation.READ, "secret/data/team4/app/other");
  }

  @Benchmark
  public AclRule segment() {
    return acl.ruleFor(Operation.READ, "secret/data/team5/app/config");
  }

  @Benchmark
  public AclRule none() {
    return acl.ruleFor(Operation.READ, "secret/data/nobody/app/config");
  }
}

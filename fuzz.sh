#!/usr/bin/env bash
# Fuzzes every parser, one after the other: fuzz.sh [seconds each, default 60] [test class, default all].
# An input that fails is left in the module's folder, as crash-*, timeout-* or oom-*.
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:-60}
only=${2:-}

failed=()
for file in $(git ls-files --cached --others --exclude-standard 'vault-*/src/test/java/*FuzzTest.java'); do
  module=${file%%/*}
  class=${file#*/src/test/java/}
  class=${class%.java}
  class=${class//\//.}
  if [ -n "$only" ] && [ "$only" != "${class##*.}" ]; then
    continue
  fi
  echo "== $class, $seconds s"
  # A JVM each: in one that fuzzes, Jazzer runs the first fuzz test and skips the others in silence.
  JAZZER_FUZZ=1 JAZZER_MAX_DURATION="${seconds}s" mvn -B -ntp test -pl "$module" -am \
    -Dtest="$class" -Dsurefire.failIfNoSpecifiedTests=false -Dspotless.check.skip \
    -Dtest.excludedGroups='!jazzer' -Dtest.properties='-Xmx512m' 2>&1 |
    grep -E '^#[0-9]+.*DONE|Java Exception|ERROR|BUILD' || failed+=("$class")
done
if [ ${#failed[@]} -gt 0 ]; then
  printf 'Failed: %s\n' "${failed[*]}"
  exit 1
fi

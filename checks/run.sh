#!/usr/bin/env bash
# Checks of the whole system: soak [minutes], heap [folder that keeps the dump], jars, licences, or all (the default). docs/checks.md tells what each proves.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/.." && pwd)

program() ( # class, arguments; in a subshell of its own, which leaves nothing in the folder for temporary files
  log=$here/target/$1.log
  mvn -q -B -ntp -f "$root/pom.xml" -pl checks -am package -Dmaven.test.skip=true
  temporary=$(mktemp -d)
  trap 'rm -rf "$temporary"' EXIT
  # The collector that leaves nothing behind: no dead objects that it did not care to move.
  java -Djava.io.tmpdir="$temporary" -Xmx256m -XX:+UseSerialGC -XX:MarkSweepAlwaysCompactCount=1 -XX:MarkSweepDeadRatio=0 \
    -cp "$here/target/classes:$here/target/lib/*" "dev.strongroom.checks.$1" "${@:2}" 2> "$log" \
    || { echo "what was logged: $log" >&2; exit 1; }
)

soak() { program Soak "$@"; }
heap() { program Heap "$@"; }
jars() { "$here/jars.sh"; }
licences() { "$here/licences.sh"; }

case "${1:-all}" in
  soak) shift; soak "$@" ;;
  heap) shift; heap "$@" ;;
  jars) jars ;;
  licences) licences ;;
  all) heap; jars; licences; soak ;;
  *) echo "no such check: $1" >&2; exit 2 ;;
esac

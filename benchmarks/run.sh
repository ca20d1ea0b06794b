#!/usr/bin/env bash
# Builds and runs the benchmarks: one, with arguments of its own, or without an argument all. Their names are below.
# -n in front: without building. report.sh puts what comes out on a page.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/.." && pwd)
if [ "${1:-}" = -n ]; then
  shift
else
  mvn -q -B -ntp -f "$root/pom.xml" -pl benchmarks -am package -Dmaven.test.skip=true
fi
classpath="$here/target/classes:$here/target/lib/*"
package=dev.strongroom.benchmarks

jmh() { java -cp "$classpath" org.openjdk.jmh.Main "$@"; }
run() { java -cp "$classpath" "$package.$1" "${@:2}"; }

benchmark() { # name, arguments
  case $1 in
    read) jmh KvReadBenchmark -prof gc "${@:2}" ;;
    audit) for callers in 1 4 16; do jmh AuditedReadBenchmark -t $callers "${@:2}"; done ;;
    policy) jmh PolicyDecisionBenchmark "${@:2}" ;;
    put) run DurablePut "${@:2}" ;;
    tokens) run TokenRate "${@:2}" ;;
    leases) run ManyLeases "${@:2}" ;;
    first) run FirstVault "${@:2}" ;;
    size) run AtSize "${@:2}" ;;
    http) java -Dsun.net.httpserver.nodelay=true -cp "$classpath" $package.ServedRate "${@:2}" ;;
    start) run ServerStart "${@:2}" ;;
    refused) run RefusedToken "${@:2}" ;;
    pool) run RotatingPool "${@:2}" ;;
    database) run DatabaseUsers "${@:2}" ;;
    logins) run LoginRate "${@:2}" ;;
    *) echo "no such benchmark: $1" >&2; exit 2 ;;
  esac
}

if [ "${1:-all}" != all ]; then
  benchmark "$@"
else
  for name in read audit policy put tokens leases first size http start refused pool database logins; do benchmark "$name"; done
fi

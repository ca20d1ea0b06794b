#!/usr/bin/env bash
# Builds and runs the benchmarks. Without an argument all of them, else one, with arguments of its own: read, audit, policy, put, tokens, leases,
# first, size, http, start, refused, pool, database, logins. -n in front: without building. report.sh puts what comes out on a page.
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

read_() { jmh KvReadBenchmark -prof gc "$@"; }
audit() {
  for callers in 1 4 16; do jmh AuditedReadBenchmark -t $callers "$@"; done
}
policy() { jmh PolicyDecisionBenchmark "$@"; }
put() { run DurablePut "$@"; }
tokens() { run TokenRate "$@"; }
leases() { run ManyLeases "$@"; }
first() { run FirstVault "$@"; }
size() { run AtSize "$@"; }
http() { java -Dsun.net.httpserver.nodelay=true -cp "$classpath" $package.ServedRate "$@"; }
start() { run ServerStart "$@"; }
refused() { run RefusedToken "$@"; }
pool() { run RotatingPool "$@"; }
database() { run DatabaseUsers "$@"; }
logins() { run LoginRate "$@"; }

name=${1:-all}
[ $# -eq 0 ] || shift
case "$name" in
  read) read_ "$@" ;;
  audit | policy | put | tokens | leases | first | size | http | start | refused | pool | database | logins) "$name" "$@" ;;
  all) read_; audit; policy; put; tokens; leases; first; size; http; start; refused; pool; database; logins ;;
  *) echo "no such benchmark: $name" >&2; exit 2 ;;
esac

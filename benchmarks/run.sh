#!/usr/bin/env bash
# Builds and runs the benchmarks. Without an argument all of them, else one: read, audit, policy, put, tokens, leases, first, size, http, refused, pool, database, logins.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/.." && pwd)
mvn -q -B -ntp -f "$root/pom.xml" -pl benchmarks -am package -Dmaven.test.skip=true
classpath="$here/target/classes:$here/target/lib/*"
package=dev.strongroom.benchmarks

read_() { java -cp "$classpath" org.openjdk.jmh.Main KvReadBenchmark -prof gc; }
audit() {
  for callers in 1 4 16; do java -cp "$classpath" org.openjdk.jmh.Main AuditedReadBenchmark -t $callers; done
}
policy() { java -cp "$classpath" org.openjdk.jmh.Main PolicyDecisionBenchmark; }
put() { java -cp "$classpath" $package.DurablePut; }
tokens() { java -cp "$classpath" $package.TokenRate; }
leases() { java -cp "$classpath" $package.ManyLeases "$@"; }
first() { java -cp "$classpath" $package.FirstVault; }
http() { java -Dsun.net.httpserver.nodelay=true -cp "$classpath" $package.ServedRate "$@"; }
refused() { java -cp "$classpath" $package.RefusedToken; }
pool() { java -cp "$classpath" $package.RotatingPool "$@"; }
database() { java -cp "$classpath" $package.DatabaseUsers "$@"; }
logins() { java -cp "$classpath" $package.LoginRate "$@"; }
size() { java -cp "$classpath" $package.AtSize; }

case "${1:-all}" in
  read) read_ ;;
  audit) audit ;;
  policy) policy ;;
  put) put ;;
  tokens) tokens ;;
  leases) shift; leases "$@" ;;
  first) first ;;
  size) size ;;
  http) shift; http "$@" ;;
  refused) refused ;;
  pool) shift; pool "$@" ;;
  logins) shift; logins "$@" ;;
  database) shift; database "$@" ;;
  all) read_; audit; policy; put; tokens; leases; first; size; http; refused; pool; database; logins ;;
  *) echo "no such benchmark: $1" >&2; exit 2 ;;
esac

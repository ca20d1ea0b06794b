#!/usr/bin/env bash
# Runs the benchmarks and writes docs/performance.md: for each its question, the command that repeats it, and what came out, with machine and JDK.
#
#   benchmarks/report.sh [-q] [-n] [-c] [-o FILE] [NAME…]
#
#   -q       quick: short turns and small numbers, some minutes in all. Shows that everything runs; its figures mean little. Needs -o.
#   -n       without building
#   -c       goes on with a run that was interrupted: what its benchmarks have said, in benchmarks/target/report, is taken as it is
#   -o FILE  writes there instead
#   NAME     these benchmarks only, in this order; default: all. Needs -o, because the page has all of them.
#
# The full run takes a good hour and wants a machine that does nothing else. The part of the page from "What limits them" on is written by people:
# it is kept from docs/performance.md.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/.." && pwd)
page="$root/docs/performance.md"

out=$page quick=false build=true again=false
while getopts qnco: option; do
  case $option in
    q) quick=true ;;
    n) build=false ;;
    c) again=true ;;
    o) out=$OPTARG ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
names=("$@")
[ $# -gt 0 ] || names=(read audit policy put first size tokens leases http start refused database pool logins)
if [ "$out" = "$page" ] && { $quick || [ $# -gt 0 ]; }; then
  echo "docs/performance.md has full figures of all benchmarks: name another file with -o" >&2
  exit 2
fi

# Title, question and goals of each. What a benchmark measures, and its floor, is in the Javadoc of its class.
about() {
  case $1 in
    read) echo "Reading a secret|256 bytes, ten versions, ten rules. Floor: opening 256 bytes with a pooled AES-GCM cipher.|2 × and 2,048 bytes undecoded, 3 × and 4,096 bytes as a map" ;;
    audit) echo "Reading with an audit device|The same read with a file that is written twice, by 1, 4 and 16 callers. Floor: hashes and writes that two records cannot do without.|12 µs" ;;
    policy) echo "Policy decisions|With 10 and 10,000 rules. Floor: a look into a hash map.|1 µs" ;;
    put) echo "Durable puts|256 bytes, by 1 and 16 callers, and reads beside them. Floor: the same rows by plain sqlite-jdbc.|0.90 with 1 caller, 0.70 with 16, reads p99.9 1 ms" ;;
    first) echo "A vault in memory|The first \`Vault.inMemory()\` in a JVM, and the next ones, each used for one secret: time and memory. Floor: first use of each library that a vault needs.|first 2 ×, next 5 ms; none for memory" ;;
    size) echo "At size|A million secrets in a SQLite file beside a thousand. Floor: the same rows by plain sqlite-jdbc.|reads and lists 2 × those of the small store" ;;
    tokens) echo "Tokens|Made and revoked, durably. Floor: the same rows by plain sqlite-jdbc.|none" ;;
    leases) echo "Many leases|A million leases, 100,000 of them due at one moment, beside a reader. Floor: the same rows by plain sqlite-jdbc.|heap 64 MiB, unseal 2 s" ;;
    http) echo "Over HTTP|A secret of 256 bytes, the load in a process of its own on the same machine. Floor: Jetty answering the same bytes.|reads 0.70, writes in memory 0.50, durable writes 0.70" ;;
    start) echo "A server that starts|A vault in memory behind the HTTP module, in a JVM of its own with the default heap: time to the first answer, and resident memory before and after 15 s of writes and 15 s of reads by 64 connections. Floor: Jetty with a constant handler.|none" ;;
    refused) echo "Tokens that are refused|Does the time of a refusal tell whether a token is one? Medians of a token without rights, an unknown one, and a text that no token can be.|none: they should not tell" ;;
    database) echo "Users of a database|PostgreSQL on the same machine. Floor: the bare statements in the same transactions.|0.75 with 1 caller, 0.85 with 16" ;;
    pool) echo "A rotating pool|Borrowing, and rotations under load. Floor: plain HikariCP.|borrowing 1.05, no rotation fails" ;;
    logins) echo "Kubernetes logins|Against a stand-in for the API server on the same processors. Floor: the question to the API alone.|0.90" ;;
    *) echo "no such benchmark: $1" >&2; exit 2 ;;
  esac
}

# Arguments of the quick mode.
quickly() {
  case $1 in
    read | audit | policy) echo "-f 1 -wi 1 -w 1 -i 1 -r 1" ;;
    put | tokens | http) echo "1 1" ;;
    logins) echo "1 1 5" ;;
    first) echo "1" ;;
    start) echo "1 1" ;;
    size) echo "2000" ;;
    leases) echo "2000 500 10" ;;
    refused) echo "2000" ;;
    database) echo "1 1 20 10" ;;
    pool) echo "2 3" ;;
  esac
}

# The full mode has the defaults, but for what would take a quarter of an hour and more, and shows the same in less.
fully() {
  case $1 in
    start) echo "3 10" ;;
    database) echo "5 3 4000 100" ;;
    pool) echo "60" ;;
    logins) echo "5 3" ;;
  esac
}

machine() {
  local cores model memory
  cores=$(getconf _NPROCESSORS_ONLN)
  model=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo 2>/dev/null | head -n 1)
  memory=$(awk '/^MemTotal/ {printf "%.0f GiB", $2 / 1048576}' /proc/meminfo 2>/dev/null || true)
  echo "$cores cores${model:+ of $model}${memory:+, $memory of memory}, $(uname -sr)"
}

jdk() { java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.runtime.version = //p'; }

# What one says of itself while it runs is for who waits: kept are the figures. JMH prints them at its end.
figures() {
  if grep -q '^Benchmark  *.*Mode' "$1"; then
    awk '/^Benchmark .*Mode/ {on = 1} /^# (JMH|VM|Run)/ {on = 0} on && NF' "$1"
  else
    grep -v '^ *$' "$1"
  fi
}

for name in "${names[@]}"; do about "$name" > /dev/null; done
if $build; then
  mvn -q -B -ntp -f "$root/pom.xml" -pl benchmarks -am package -Dmaven.test.skip=true
fi
work=$here/target/report$($quick && echo /quick || true)
$again || rm -rf "$work"
mkdir -p "$work"

commit=$(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)
[ ! -f "$work/head" ] || grep -qF "| commit | $commit" "$work/head" || {
  echo "the interrupted run was of another commit: begin again, without -c" >&2
  exit 2
}
[ -f "$work/head" ] || {
  echo "# Performance"
  echo
  echo "Written by \`benchmarks/report.sh\`$($quick && echo ' -q: **a quick run, whose figures mean little**' || true), on $(date -u +%Y-%m-%d)."
  echo "Every figure stands beside a floor: what the same work costs without a vault, measured in the same run. Only the ratios carry over to another machine."
  echo
  echo "| | |"
  echo "|---|---|"
  echo "| machine | $(machine) |"
  echo "| load average before | $(cut -d ' ' -f 1-3 /proc/loadavg 2>/dev/null || echo unknown) |"
  echo "| JDK | $(jdk) |"
  echo "| commit | $commit$(git -C "$root" diff --quiet HEAD -- 2>/dev/null || echo ', with changes') |"
} > "$work/head"
cp "$work/head" "$work/page"

for name in "${names[@]}"; do
  arguments=$(if $quick; then quickly "$name"; else fully "$name"; fi)
  echo "== $name $arguments" >&2
  if [ ! -f "$work/$name" ]; then
    begun=$SECONDS
    # shellcheck disable=SC2086 # the arguments are words
    "$here/run.sh" -n "$name" $arguments 2> "$work/errors" | tee "$work/output" >&2 || {
      cat "$work/errors" >&2
      echo "the benchmark $name failed: nothing is written; -c goes on from here" >&2
      exit 1
    }
    echo $((SECONDS - begun)) > "$work/$name.seconds"
    mv "$work/output" "$work/$name"
  fi
  IFS='|' read -r title question goals <<< "$(about "$name")"
  {
    echo
    echo "## $title"
    echo
    echo "$question Goals: $goals."
    echo
    echo "\`benchmarks/run.sh $name${arguments:+ $arguments}\` took $(cat "$work/$name.seconds") s."
    echo
    echo '```text'
    figures "$work/$name"
    echo '```'
  } >> "$work/page"
done

# Written by people, about figures of their time.
if grep -q '^## What limits them' "$page"; then
  { echo; sed -n '/^## What limits them/,$p' "$page"; } >> "$work/page"
fi
mv "$work/page" "$out"
echo "written: $out" >&2

#!/usr/bin/env bash
# Builds what the server needs, where something has changed, and starts it; see README.md for the arguments.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
built=$here/target/built
sources=("$root"/pom.xml "$root"/vault-*/pom.xml "$root"/vault-*/src/main "$here/pom.xml" "$here/src/main")
if [ ! -f "$built" ] || [ -n "$(find "${sources[@]}" -newer "$built" -print -quit)" ]; then
  mkdir -p "$here/target"
  touch "$built.begun" # what changes while it is built is built again
  mvn -q -B -ntp -f "$root/pom.xml" -pl examples/http-server -am package -Dmaven.test.skip=true \
    -Dspotless.check.skip=true 1>&2
  mv "$built.begun" "$built"
fi
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "$here/target/classes:$here/target/lib/*" \
  dev.strongroom.examples.http.Server "$@"

#!/usr/bin/env bash
# Builds what the server needs, where something has changed, and starts it; see README.md for the arguments.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
built=$here/target/built
sources=("$root"/pom.xml "$root"/vault-*/pom.xml "$root"/vault-*/src/main "$here/pom.xml" "$here/src")
if [ ! -f "$built" ] || [ -n "$(find "${sources[@]}" -newer "$built" -type f -print -quit)" ]; then
  mvn -q -B -f "$root/pom.xml" -pl examples/http-server -am package -Dmaven.test.skip=true 1>&2
  touch "$built"
fi
exec java -cp "$here/target/classes:$here/target/lib/*" dev.strongroom.examples.http.Server "$@"

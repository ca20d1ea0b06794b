#!/usr/bin/env bash
# Builds what the quickstart needs and runs it. An argument names the folder for the vault; default: a new temporary one.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
mvn -q -B -f "$root/pom.xml" -pl examples/quickstart -am package -Dmaven.test.skip=true
exec java -cp "$here/target/classes:$here/target/lib/*" dev.strongroom.examples.quickstart.Quickstart "$@"

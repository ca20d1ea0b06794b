#!/usr/bin/env bash
# Builds what the tour needs and runs it: all of the vault in a minute. Nothing else is needed; PostgreSQL and a stand-in for Kubernetes come with it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
mvn -q -B -f "$root/pom.xml" -pl examples/tour -am package -Dmaven.test.skip=true
exec java -cp "$here/target/classes:$here/target/lib/*" dev.strongroom.examples.tour.Tour "$@"

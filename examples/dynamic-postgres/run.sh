#!/usr/bin/env bash
# Builds what the example needs and runs it. Nothing else is needed: PostgreSQL comes with it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
mvn -q -B -f "$root/pom.xml" -pl examples/dynamic-postgres -am package -Dmaven.test.skip=true
exec java -cp "$here/target/classes:$here/target/lib/*" dev.strongroom.examples.postgres.DynamicPostgres

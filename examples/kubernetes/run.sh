#!/usr/bin/env bash
# Builds what the example needs and runs it. Nothing else is needed: a stand-in for the Kubernetes API and PostgreSQL come with it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
mvn -q -B -f "$root/pom.xml" -pl examples/kubernetes -am package -Dmaven.test.skip=true
exec java -cp "$here/target/classes:$here/target/lib/*" dev.strongroom.examples.kubernetes.KubernetesLogins "$here/vault"

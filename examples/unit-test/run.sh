#!/usr/bin/env bash
# Builds what the example needs and runs its tests.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
mvn -B -ntp -q -f "$root/pom.xml" -pl examples/unit-test -am test -Dtest='PaymentGatewayTest' -Dsurefire.failIfNoSpecifiedTests=false
echo "The tests of examples/unit-test pass."

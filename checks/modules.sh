#!/usr/bin/env bash
# Prints the names of the published modules, one a line: those that the BOM has.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
sed -n 's:.*<artifactId>\(vault-[a-z0-9-]*\)</artifactId>.*:\1:p' "$root/vault-bom/pom.xml" | grep -v '^vault-bom$' | sort -u

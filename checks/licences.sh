#!/usr/bin/env bash
# Writes docs/dependencies.md: what the published modules need at run time, and under which licences. Fails where a licence is not
# known, or is none of those below: all of them let an application be closed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/.." && pwd)
plugin=org.codehaus.mojo:license-maven-plugin:2.5.0
page=$root/docs/dependencies.md
work=$here/target/licences
mkdir -p "$work"

mapfile -t modules < <("$here/modules.sh")
# The projects of the check of the jars have one module each, from a repository: what a user gets.
jars=$here/target/jars
[ -d "$jars/alone" ] || "$here/jars.sh"
mvn -q -B -ntp -s "$jars/settings.xml" -Dmaven.repo.local="$jars/repository" -f "$jars/alone/pom.xml" "$plugin:add-third-party" \
  -Dlicense.excludedScopes=test,provided,system -Dlicense.excludedGroups='dev\.strongroom' -Dlicense.includeOptional=false

# As poms have them, and as people name them. A licence that is not here is refused.
declare -A names=(
  ["Apache-2.0"]=Apache-2.0
  ["The Apache License, Version 2.0"]=Apache-2.0
  ["The Apache Software License, Version 2.0"]=Apache-2.0
  ["The Apache Software License, version 2.0"]=Apache-2.0
  ["Apache License, Version 2.0"]=Apache-2.0
  ["Apache 2.0"]=Apache-2.0
  ["BSD-2-Clause"]=BSD-2-Clause
  ["MIT"]=MIT
  ["MIT License"]=MIT
  ["The MIT License"]=MIT
  ["Bouncy Castle Licence"]="MIT (Bouncy Castle Licence)"
)
# Offered beside another one, so that nobody needs to take it.
declare -A besides=(["EPL-2.0"]=EPL-2.0 ["Eclipse Public License v2.0"]=EPL-2.0)
# What only tests bring into a class path may be under EPL-2.0: it binds who changes it, not who uses it.
for_tests="vault-testkit vault-junit5"

failed=0
rows=$work/rows
: > "$rows"
for module in "${modules[@]}"; do
  list=$jars/alone/$module-class-path/target/generated-sources/license/THIRD-PARTY.txt
  [ -f "$list" ] || continue
  while IFS= read -r line; do
    coordinates=$(sed -n 's/.*(\([^ ()]*:[^ ()]*:[^ ()]*\) - .*/\1/p' <<< "$line")
    [ -n "$coordinates" ] || continue
    found=() beside=()
    while IFS= read -r licence; do
      if [ -n "${names[$licence]:-}" ]; then found+=("${names[$licence]}")
      elif [ -n "${besides[$licence]:-}" ]; then beside+=("${besides[$licence]}")
      else echo "licences: $coordinates of $module: \"$licence\" is not one of those allowed" >&2; failed=1; fi
    done < <(sed 's/^ *//' <<< "$line" | awk '{ while (match($0, /^\([^()]*(\([^()]*\))?[^()]*\) /)) { print substr($0, 2, RLENGTH - 3); $0 = substr($0, RLENGTH + 1) } }')
    if [ ${#found[@]} -eq 0 ]; then
      if [ ${#beside[@]} -gt 0 ] && [[ " $for_tests " == *" $module "* ]]; then found=("${beside[@]}")
      else echo "licences: $coordinates of $module has no licence that is allowed" >&2; failed=1; fi
    elif [ ${#beside[@]} -gt 0 ]; then found+=("or ${beside[*]}"); fi
    printf '%s\t%s\t%s\n' "$coordinates" "$(printf '%s ' "${found[@]}" | sed 's/ $//')" "$module" >> "$rows"
  done < "$list"
done
[ "$failed" -eq 0 ] || { echo "licences: FAILED" >&2; exit 1; }
[ -s "$rows" ] || { echo "licences: FAILED, no dependency was found" >&2; exit 1; }

{
  cat <<'TEXT'
# Dependencies

What the published modules bring into an application, those of their dependencies included. `checks/run.sh licences` writes this page
from the poms, and fails at a licence that is not known or that is copyleft without a choice.
EPL-2.0 alone comes only with `vault-testkit` and `vault-junit5`, which belong into tests.

| dependency | version | licence | modules |
|---|---|---|---|
TEXT
  sort "$rows" | awk -F'\t' '
    $1 != last { if (last != "") print row " " users " |"; split($1, c, ":"); row = "| `" c[1] ":" c[2] "` | " c[3] " | " $2 " |"; users = ""; last = $1 }
    { users = users (users == "" ? "" : ", ") "`" $3 "`" }
    END { print row " " users " |" }'
} > "$work/dependencies.md"
mv "$work/dependencies.md" "$page"
echo "licences: passed, $(cut -f1 "$rows" | sort -u | wc -l) dependencies in docs/dependencies.md"

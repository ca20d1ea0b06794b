#!/usr/bin/env bash
# Builds the published modules twice, from copies in two folders and with other settings of the machine, and compares the jars;
# then uses each of them alone, from a project of its own, on the class path and on the module path.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/.." && pwd)
users=${USERS_REPOSITORY:-$HOME/.m2/repository}
work=$here/target/jars
rm -rf "$work"
mkdir -p "$work"

mapfile -t modules < <("$here/modules.sh")
list=$(IFS=,; echo "${modules[*]},vault-bom")

for copy in first second; do
  mkdir "$work/$copy"
  (cd "$root" && git ls-files -z --cached --others --exclude-standard | tar -c --null -T - --ignore-failed-read) | tar -x -C "$work/$copy"
done

build() { # folder, goal and arguments
  local copy=$work/$1
  shift
  mvn -q -B -ntp -f "$copy/pom.xml" -pl "$list" -am -Dmaven.test.skip=true -Dspotless.check.skip "$@"
}

digests() { # folder
  (cd "$work/$1" && for module in "${modules[@]}"; do sha256sum "$module/target/$module"-*.jar; done)
}

echo "building ${#modules[@]} modules in two folders"
build first package
(umask 077; TZ=Pacific/Auckland LC_ALL=C build second package deploy:deploy -DaltDeploymentRepository="published::file://$work/published")
digests first > "$work/first.sha256"
digests second > "$work/second.sha256"
diff "$work/first.sha256" "$work/second.sha256" || { echo "jars: FAILED, they differ from build to build" >&2; exit 1; }
sed 's/^/  /' "$work/first.sha256"
echo "jars: the same from both builds"

project() { # module, class-path or module-path
  local folder=$work/alone/$1-$2 beside="" name
  mkdir -p "$folder/src/main/java/alone"
  cp "$here/alone/$1.java" "$folder/src/main/java/alone/Door.java"
  if [ "$1" = vault-junit5 ]; then # whoever tests brings a Jupiter
    beside="<dependency><groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter-api</artifactId><version>$(sed -n 's:.*<junit.version>\(.*\)</junit.version>.*:\1:p' "$root/pom.xml")</version></dependency>"
  fi
  sed -e "s:@project@:$1-$2:" -e "s:@module@:$1:" -e "s:@beside@:$beside:" "$here/alone/pom.xml" > "$folder/pom.xml"
  if [ "$2" = module-path ]; then
    name=$(sed -n 's/^module \([a-z0-9.]*\) {.*/\1/p' "$root/$1/src/main/java/module-info.java")
    echo "module alone { requires $name; }" > "$folder/src/main/java/module-info.java"
  fi
  echo "    <module>$1-$2</module>"
}

mkdir "$work/alone"
{
  echo '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
  echo '  <groupId>com.example</groupId><artifactId>alone</artifactId><version>1.0</version><packaging>pom</packaging>'
  echo '  <modules>'
  for module in "${modules[@]}"; do project "$module" class-path; project "$module" module-path; done
  echo '  </modules></project>'
} > "$work/alone/pom.xml"
sed -e "s:@published@:$work/published:" -e "s:@users@:$users:" "$here/alone/settings.xml" > "$work/settings.xml"
mvn -q -B -ntp -s "$work/settings.xml" -Dmaven.repo.local="$work/repository" -f "$work/alone/pom.xml" compile

run() { # module, path, arguments of java
  local log=$work/alone/$1-$2/log
  if ! java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "${@:3}" > "$log" 2>&1; then
    cat "$log" >&2
    echo "jars: FAILED, $1 does not run alone on the $2" >&2
    exit 1
  fi
  echo "  $1 alone on the $2"
}

for module in "${modules[@]}"; do
  for path in class-path module-path; do
    folder=$work/alone/$module-$path
    jars=$(cat "$folder/target/path")
    if [ "$path" = class-path ]; then
      run "$module" "$path" -cp "$folder/target/classes:$jars" alone.Door
    else
      run "$module" "$path" -p "$folder/target/classes:$jars" -m alone/alone.Door
    fi
    if [ "$module" = vault-cli ]; then
      if [ "$path" = class-path ]; then
        run "$module" "$path" -cp "$jars" dev.strongroom.cli.Strongroom --help
      else
        run "$module" "$path" -p "$jars" -m dev.strongroom.cli/dev.strongroom.cli.Strongroom --help
      fi
    fi
  done
done
echo "jars: passed"

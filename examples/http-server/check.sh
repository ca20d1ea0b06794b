#!/usr/bin/env bash
# Starts the server of run.sh at a free port, writes a secret and reads it again over HTTP, and stops it. Needs nothing but bash.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
output=$(mktemp)
"$here/run.sh" -dev -dev-root-token-id=root -dev-listen-address=127.0.0.1:0 > "$output" &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -f "$output"' EXIT

port=
for _ in $(seq 3000); do # five minutes: on a new machine it is built first
  port=$(sed -n 's|^Strongroom listens at http://127.0.0.1:||p' "$output")
  if [ -n "$port" ] || ! kill -0 "$server" 2>/dev/null; then break; fi
  sleep 0.1
done
[ -n "$port" ] || { echo "The server did not start." >&2; exit 1; }

call() { # method, path, body
  exec 3<> "/dev/tcp/127.0.0.1/$port"
  printf '%s /v1/%s HTTP/1.1\r\nHost: localhost\r\nX-Vault-Token: root\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s' \
    "$1" "$2" "${#3}" "$3" >&3
  cat <&3
  exec 3>&-
}
call PUT secret/data/app '{"data":{"password":"hunter2"}}' | grep -q '"version":1'
call GET secret/data/app '' | grep -q '"password":"hunter2"'

kill -TERM "$server"
status=0
wait "$server" || status=$?
[ "$status" -eq 143 ] || { echo "The server ended with $status." >&2; exit 1; } # as a JVM ends at SIGTERM
echo "The server of examples/http-server starts, answers and stops."

#!/usr/bin/env bash
# Runs one node in the foreground; the first one on this machine hosts uplink as well.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<EOF
Usage: dev.sh PORT NAME

Runs the node NAME on PORT of this machine, in the foreground; its Payara Micro listens on PORT+500.
Nodes that are started so find each other: when no uplink answers at UPLINK_URL (default: where an
earlier dev.sh hosts it), this one hosts the uplink WAR in the same Payara Micro, on PORT+500.
EOF
}

[ "${1:-}" != --help ] || { usage; exit 0; }
[ $# -eq 2 ] || { usage >&2; exit 2; }
port=$1 name=$2 run=$state/dev
[[ $port =~ ^[0-9]{1,5}$ ]] && [ "$port" -ge 1 ] && [ "$port" -le 65035 ] || fail "'$port' is no port: it must be a whole number from 1 to 65035"
server=$((port + 500))
[[ $name =~ ^[A-Za-z0-9._-]{1,64}$ ]] || fail "'$name' is no name: it must be 1 to 64 of A-Z a-z 0-9 . _ -"
need_jdk
need_curl
! port_taken "$port" || fail "port $port is taken; choose another"
! port_taken "$server" || fail "port $server, which the server needs, is taken; choose another PORT"
mkdir -p "$run"
build

# An earlier dev.sh wrote where it hosts uplink, and its process: it may still be starting.
if [ -z "${UPLINK_URL:-}" ] && [ -f "$run/uplink" ]; then
  read -r host_pid host_url <"$run/uplink"
  ! kill -0 "$host_pid" 2>/dev/null || UPLINK_URL=$host_url
fi
wars=("$node_war")
if [ -n "${host_url:-}" ] && [ "${UPLINK_URL:-}" = "${host_url:-}" ]; then
  echo "uplink: $UPLINK_URL"
elif [ -n "${UPLINK_URL:-}" ] && answers "${UPLINK_URL%/}/healthcheck"; then
  echo "uplink: $UPLINK_URL"
else
  [ -z "${UPLINK_URL:-}" ] || echo "no uplink answers at $UPLINK_URL"
  UPLINK_URL=http://127.0.0.1:$server/uplink
  echo "uplink: hosted here, $UPLINK_URL"
  echo "$$ $UPLINK_URL" >"$run/uplink"
  wars+=("$uplink_war")
fi
SMACHE_SECRET=${SMACHE_SECRET:-$(local_secret)}
export UPLINK_URL SMACHE_SECRET NODE_NAME=$name NODE_URL=http://127.0.0.1:$port SMACHE_PORT=$port
export SMACHE_LEASE_SECONDS=${SMACHE_LEASE_SECONDS:-3}
echo "node:   $name, $NODE_URL (Ctrl-C stops it)"
exec "$repo/payara-config/micro.sh" --port "$server" --root "$run/$name" "${wars[@]}"

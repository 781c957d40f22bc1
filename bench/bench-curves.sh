#!/usr/bin/env bash
# Measures a node with several numbers of shards, and with values of several sizes.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib.sh"

usage() {
  cat <<EOF
Usage: bench-curves.sh [OPTION...] [shards | values]

Starts nodes with SHARD_LIMIT 1, 4, 16, 64 and 256 and drives each with PUT over 100,000 keys and GET;
and one node with values of 10 B, 1 KB, 100 KB, 1 MB and 8 MB, over 64 keep-alive connections; or only one
of the two. All rows in turn, after warm-up. Needs wrk.

  --rounds N   rounds (default 3)
  --seconds N  seconds a row and round (default 4)
  --warmup N   seconds of warm-up a row (default 15)

The numbers go to target/bench/curves.csv and curves.svg.
EOF
}

rounds=3 seconds=4 warmup=15 curves='shards values'
while [ $# -gt 0 ]; do
  case $1 in
    shards | values) curves=$1; shift ;;
    *) number_option 'rounds seconds warmup' "$@" || fail "'$1' is no option and none of shards, values; see --help"; shift 2 ;;
  esac
done
need_jdk
need_curl
need_wrk
build
# shellcheck source=bench/bench-lib.sh
. "$repo/bench/bench-lib.sh"

echo "Starting the servers …"
port=19080 entry=/api/caches/bench/entries/KEY
shards() {
  local shards
  for shards in 1 4 16 64 256; do
    port=$(free_port $((port + 1)))
    begin "shards-$shards" env SHARD_LIMIT=$shards SMACHE_PORT="$port" payara-config/micro.sh --port $((port + 40)) --root "$work/root-$shards" "$node_war"
    await "shards-$shards" "http://127.0.0.1:$port/healthcheck/ready"
    fill "http://127.0.0.1:$port$entry"
    row "put-shards-$shards" "http://127.0.0.1:$port" PUT "$entry" "$value" 100000
    row "get-shards-$shards" "http://127.0.0.1:$port" GET "$entry" '' $few
  done
}

values() {
  local bytes text
  port=$(free_port $((port + 1)))
  begin values env SMACHE_HEAP=2g SMACHE_PORT="$port" payara-config/micro.sh --port $((port + 40)) --root "$work/root-values" "$node_war"
  await values "http://127.0.0.1:$port/healthcheck/ready"
  for bytes in 10 1000 100000 1000000 8000000; do
    text=\"$(head -c $((bytes - 2)) /dev/zero | tr '\0' v)\"
    row "put-bytes-$bytes" "http://127.0.0.1:$port" PUT "/api/caches/bytes-$bytes/entries/KEY" "$text" 2
    row "get-bytes-$bytes" "http://127.0.0.1:$port" GET "/api/caches/bytes-$bytes/entries/KEY" '' 2
  done
}

for curve in $curves; do
  "$curve"
done
warm "$warmup"
measure "$rounds" "$seconds"
bench/bench-table.sh "$work/raw.csv" "$out/curves"

#!/usr/bin/env bash
# Measures what could carry operations from node to node, inside the servers that nodes run on.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib.sh"

usage() {
  cat <<EOF
Usage: bench-transports.sh [OPTION...]

Starts two servers on loopback. The first sends messages of 250 and 5,000 bytes to the second (an
operation alone, and what gathers under load), one or two at a time as a node does, and each is
answered with the same bytes: by the JDK's HttpClient, by the Jakarta REST client of the server, and
by a WebSocket of the server. All in turn, after warm-up.

  --rounds N   rounds (default 5)
  --seconds N  seconds a row and round (default 3)
  --warmup N   seconds of warm-up a row (default 10)
  --wildfly    on WildFly instead of Payara Micro

The numbers go to target/bench/transports.csv and transports.svg.
EOF
}

rounds=5 seconds=3 warmup=10 server=payara-config/micro.sh profile=()
while [ $# -gt 0 ]; do
  case $1 in
    --wildfly) server=scripts/wildfly.sh profile=(-Pwildfly); shift ;;
    *) number_option 'rounds seconds warmup' "$@" || fail "unknown option $1; see --help"; shift 2 ;;
  esac
done
need_jdk
need_curl
# shellcheck source=bench/bench-lib.sh
. "$repo/bench/bench-lib.sh"
build_bench "$out/classes" "${profile[@]}"

echo "Starting the servers …"
bench_war transport "$out/classes"
asking=$(free_port 18080) asked=$(free_port 18180)
begin asking env SMACHE_HEAP=512m "$server" --port "$asking" --root "$work/asking" "$work/transport.war"
begin asked env SMACHE_HEAP=512m "$server" --port "$asked" --root "$work/asked" "$work/transport.war"

# carry TRANSPORT WAYS BYTES SECONDS: prints messages a second.
carry() {
  curl -sf "http://127.0.0.1:$asking/transport/drive?transport=$1&ways=$2&bytes=$3&seconds=$4&server=http://127.0.0.1:$asked/transport"
}

for name in asking asked; do
  await "$name" "http://127.0.0.1:${!name}/transport/up.txt"
done
each_row() {
  local transport ways bytes
  for transport in jdk rest socket; do
    for bytes in 250 5000; do
      for ways in 1 2; do
        "$@" "$transport" "$ways" "$bytes"
      done
    done
  done
}
warm_row() {
  carry "$1" "$2" "$3" "$warmup" >/dev/null || fail "$1 does not carry messages"
}
measure_transport() {
  echo "$1-$3B-$2way,$(carry "$1" "$2" "$3" "$seconds"),0,0" >>"$work/raw.csv"
}
echo "Warming up …"
each_row warm_row
for round in $(seq "$rounds"); do
  echo "Round $round of $rounds …"
  each_row measure_transport
done
bench/bench-table.sh "$work/raw.csv" "$out/transports" rest-250B-1way/jdk-250B-1way socket-250B-1way/jdk-250B-1way \
  rest-250B-2way/jdk-250B-2way socket-250B-2way/jdk-250B-2way rest-5000B-2way/jdk-5000B-2way socket-5000B-2way/jdk-5000B-2way

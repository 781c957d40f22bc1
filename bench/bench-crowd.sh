#!/usr/bin/env bash
# Measures what connections that do nothing, or little, cost those who ask for something.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib.sh"

usage() {
  cat <<EOF
Usage: bench-crowd.sh [OPTION...]

Starts a node on loopback and drives its front with GETs, in turn alone, beside many idle connections, and
beside as many slow ones as --slow says of each kind: heads that do not end, bodies that do not end, and
readers that ask for much and read nothing. All stand beside 64 busy connections, the slow ones also beside one
client that asks for one thing after the other. Prints the ratios and what an idle connection takes of
the node's memory. Needs wrk.

  --idle N     idle connections (default 10000)
  --slow N     slow connections of each kind (default 2000)
  --rounds N   rounds (default 3)
  --seconds N  seconds a row and round (default 5)
  --warmup N   seconds of warm-up (default 20)
  --wildfly    on WildFly instead of Payara Micro

The numbers go to target/bench/crowd.csv and crowd.svg.
EOF
}

idle=10000 slow=2000 rounds=3 seconds=5 warmup=20 server=payara-config/micro.sh profile=()
while [ $# -gt 0 ]; do
  case $1 in
    --wildfly) server=scripts/wildfly.sh profile=(-Pwildfly); shift ;;
    *) number_option 'idle slow rounds seconds warmup' "$@" || fail "unknown option $1; see --help"; shift 2 ;;
  esac
done
need_jdk
need_curl
need_wrk
# shellcheck source=bench/bench-lib.sh
. "$repo/bench/bench-lib.sh"
build_bench "$out/classes" "${profile[@]}"
ulimit -n "$(ulimit -H -n)"

port=$(free_port 18980)
begin_node node "$port" SMACHE_CONNECTIONS=$((idle + 3 * slow + 1000))
node_pid=${pids[-1]}
url=http://127.0.0.1:$port
await node "$url/healthcheck/ready"
entry=/api/caches/bench/entries/KEY
fill "$url$entry"
head -c 1000000 /dev/zero | curl -sf -X PUT -H 'Content-Type: text/plain' --data-binary @- "$url${entry/KEY/large}" >/dev/null
for each in busy busy-beside-idle busy-beside-slow one one-beside-slow; do
  row $each "$url" GET "$entry" '' $few
done
warm "$((warmup / 4 + 1))"

# beside COUNT KIND...: gathers so many connections of each kind.
beside() {
  program Crowd '^all are there' "$url" "$@"
  sleep 2
}
apart() {
  end_last
  sleep 2
}

# Memory of the node after a collection, in KB: of the process, and the part of its heap that is in use.
resident() {
  awk '/^VmRSS/ { print $2 }' "/proc/$node_pid/status"
}
used() {
  "${java}jcmd" "$node_pid" GC.run >/dev/null
  "${java}jcmd" "$node_pid" GC.heap_info | awk '/total .* used/ && !/Metaspace/ { sub(/.*used /, ""); sum += $0 } END { print sum }'
}

for round in $(seq "$rounds"); do
  echo "Round $round of $rounds …"
  load='-t2 -c64'
  measure_row busy "$seconds"
  used_before=$(used) resident_before=$(resident)
  beside "$idle" idle
  used_with=$(used) resident_with=$(resident)
  measure_row busy-beside-idle "$seconds"
  apart
  load='-t1 -c1'
  measure_row one "$seconds"
  beside "$slow" heads bodies readers
  measure_row one-beside-slow "$seconds"
  load='-t2 -c64'
  measure_row busy-beside-slow "$seconds"
  echo "Resident beside the slow ones: $(($(resident) / 1024)) MB, of the heap in use: $(($(used) / 1024)) MB"
  apart
  echo "An idle connection: $(((used_with - used_before) * 1024 / idle)) B of heap, $(((resident_with - resident_before) * 1024 / idle)) B of the process"
done
bench/bench-table.sh "$work/raw.csv" "$out/crowd" busy-beside-idle/busy=0.9 busy-beside-slow/busy one-beside-slow/one

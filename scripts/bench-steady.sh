#!/usr/bin/env bash
# Measures how long requests wait at a steady rate, with several garbage collectors.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<EOF
Usage: bench-steady.sh [OPTION...] [COLLECTOR...]

For each COLLECTOR (Parallel, G1, ZGC; default: Parallel G1) starts a node on Payara Micro, fills it to
80 % of its bound with entries of 16 + 100 bytes, and sends requests at a fixed rate, half of them
GETs and half PUTs, over 64 connections, whether or not they are answered in time. Prints
percentiles of the time from when each request was due. ZGC is the generational one, and needs
JAVA_HOME to be a JDK 21 or newer.

  --rate N     requests a second (default 10000)
  --seconds N  seconds to measure (default 180)
  --warmup N   seconds before that (default 60)
  --heap SIZE  heap of the node, in MB (default 2048)
EOF
}

rate=10000 seconds=180 warmup=60 heap=2048 collectors=()
while [ $# -gt 0 ]; do
  case $1 in
    --help) usage; exit 0 ;;
    --rate | --seconds | --warmup | --heap)
      [[ ${2:-} =~ ^[1-9][0-9]{0,5}$ ]] || fail "$1 takes a whole number from 1 to 999999, not '${2:-}'"
      declare "${1#--}=$2"
      shift 2
      ;;
    Parallel | G1 | ZGC) collectors+=("$1"); shift ;;
    *) fail "'$1' is no option and none of Parallel, G1, ZGC; see --help" ;;
  esac
done
[ ${#collectors[@]} -gt 0 ] || collectors=(Parallel G1)
need_jdk
need_curl
cd "$repo"
classes=$repo/target/bench/classes work=$(mktemp -d) pid=
stop() {
  [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
  wait 2>/dev/null || true
}
trap 'stop; rm -rf "$work"' EXIT
build_bench "$classes"

# The bound is 60 % of the heap (SMACHE_MAX_BYTES), and an entry of 16 + 100 bytes counts with about 340.
entries=$((heap * 1024 * 1024 * 60 / 100 * 80 / 100 / 340))
for collector in "${collectors[@]}"; do
  case $collector in
    Parallel) options= ;;
    G1) options="-XX:-UseParallelGC -XX:+UseG1GC" ;;
    ZGC) options="-XX:-UseParallelGC -XX:+UseZGC$([ "$(java_major)" -ge 24 ] || echo ' -XX:+ZGenerational')" ;;
  esac
  port=$(free_port 18980)
  NODE_NAME=steady SMACHE_HEAP=${heap}m SMACHE_JAVA_OPTS=$options payara-config/micro.sh --port "$port" --root "$work/$collector" "$node_war" \
    >"$work/$collector.log" 2>&1 &
  pid=$!
  for _ in $(seq 120); do
    ! answers "http://127.0.0.1:$port/healthcheck/ready" || break
    kill -0 "$pid" 2>/dev/null || { tail -n 5 "$work/$collector.log" >&2; fail "the node with $collector does not start"; }
    sleep 1
  done
  echo "$collector, heap $heap MB, $entries entries, $rate requests a second for $seconds s:"
  "${java}java" -Xmx512m -XX:+UseSerialGC -cp "$classes:$(cat "$bench_classpath")" io.smache.bench.OpenLoop \
    "http://127.0.0.1:$port" "$rate" "$warmup" "$seconds" "$entries"
  stop
  pid=
done

#!/usr/bin/env bash
# Measures how long requests wait at a steady rate, with several garbage collectors.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib.sh"

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

SMACHE_JAVA_OPTS are further options of the node's JVM.
EOF
}

rate=10000 seconds=180 warmup=60 heap=2048 collectors=()
while [ $# -gt 0 ]; do
  case $1 in
    Parallel | G1 | ZGC) collectors+=("$1"); shift ;;
    *) number_option 'rate seconds warmup heap' "$@" || fail "'$1' is no option and none of Parallel, G1, ZGC; see --help"; shift 2 ;;
  esac
done
[ ${#collectors[@]} -gt 0 ] || collectors=(Parallel G1)
need_jdk
need_curl
# shellcheck source=bench/bench-lib.sh
. "$repo/bench/bench-lib.sh"
build_bench "$out/classes"

# The bound is 60 % of the heap (SMACHE_MAX_BYTES), and an entry of 16 + 100 bytes counts with about 340.
entries=$((heap * 1024 * 1024 * 60 / 100 * 80 / 100 / 340))
for collector in "${collectors[@]}"; do
  case $collector in
    Parallel) options= ;;
    G1) options="-XX:-UseParallelGC -XX:+UseG1GC" ;;
    ZGC) options="-XX:-UseParallelGC -XX:+UseZGC$([ "$(java_major)" -ge 24 ] || echo ' -XX:+ZGenerational')" ;;
  esac
  port=$(free_port 18980)
  begin "$collector" env NODE_NAME=steady SMACHE_PORT="$port" SMACHE_HEAP="${heap}m" SMACHE_JAVA_OPTS="$options ${SMACHE_JAVA_OPTS:-}" \
    payara-config/micro.sh --port $((port + 40)) --root "$work/$collector" "$node_war"
  await "$collector" "http://127.0.0.1:$port/healthcheck/ready"
  echo "$collector, heap $heap MB, $entries entries, $rate requests a second for $seconds s:"
  "${java}java" -Xmx512m -XX:+UseSerialGC -cp "$(bench_path "$out/classes")" io.smache.bench.OpenLoop \
    "http://127.0.0.1:$port" "$rate" "$warmup" "$seconds" "$entries"
  end_last
done

#!/usr/bin/env bash
# Measures what many waiting requests and a peer that does not answer cost those who ask for something here.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib.sh"

usage() {
  cat <<EOF
Usage: bench-waiting.sh [OPTION...]

Starts a cluster of two on loopback and stops the second node in the middle of its work (SIGSTOP), so
that it neither answers nor refuses. Drives the first one with GETs of what is there, over 64
keep-alive connections, in turn alone and while many other connections wait with GETs of keys that
nobody writes, about half of which belong to the node that does not answer. Needs wrk.

  --waiting N  how many wait (default 5000)
  --rounds N   rounds (default 5)
  --seconds N  seconds a row and round (default 5)
  --warmup N   seconds of warm-up (default 60)
  --wildfly    on WildFly instead of Payara Micro

The numbers go to target/bench/waiting.csv and waiting.svg.
EOF
}

waiting=5000 rounds=5 seconds=5 warmup=60 server=payara-config/micro.sh profile=()
while [ $# -gt 0 ]; do
  case $1 in
    --wildfly) server=scripts/wildfly.sh profile=(-Pwildfly); shift ;;
    *) number_option 'waiting rounds seconds warmup' "$@" || fail "unknown option $1; see --help"; shift 2 ;;
  esac
done
need_jdk
need_curl
need_wrk
# shellcheck source=bench/bench-lib.sh
. "$repo/bench/bench-lib.sh"
build_bench "$out/classes" "${profile[@]}"
ulimit -n "$(ulimit -H -n)"

echo "Starting the servers …"
begin_two
entry=/api/caches/bench/entries/KEY
fill "http://127.0.0.1:$asked$entry"
owned_keys asked
row alone "http://127.0.0.1:$asked" GET "$entry" '' "$work/asked.keys"
row beside-waiting "http://127.0.0.1:$asked" GET "$entry" '' "$work/asked.keys"
warm "$((warmup / 2))"
kill -STOP "$owner_pid"
trap 'kill -CONT "$owner_pid"; stop_all' EXIT

# What it costs to begin to wait is not what it costs to wait; and nobody's wait ends while a row is measured.
settling=5
timeout=$((settling + seconds + 15))
begin_waiting() {
  program Waiters ' wait$' "http://127.0.0.1:$asked" "$waiting" "$entry?wait=${timeout}s"
  sleep $settling
}

for round in $(seq "$rounds"); do
  echo "Round $round of $rounds …"
  measure_row alone "$seconds"
  begin_waiting
  measure_row beside-waiting "$seconds"
  end_last
  sleep $((timeout + 10))
done
bench/bench-table.sh "$work/raw.csv" "$out/waiting" beside-waiting/alone=0.9

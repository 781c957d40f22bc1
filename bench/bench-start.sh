#!/usr/bin/env bash
# Measures how long a node takes from the start of its JVM to its first answer.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib.sh"

usage() {
  cat <<EOF
Usage: bench-start.sh [--rounds N] [--wildfly]

Starts a node alone again and again (default: 5 rounds), in turn as it is, with an archive of classes that
the JVM shares (CDS), and with the first compiler only, and prints after how many ms GET /healthcheck was
answered for the first time, and a GET of an entry. Then drives a new node at once with GETs for ten
seconds, and again when it is warm, and prints the requests a second of both. Needs wrk.

  --wildfly  on WildFly instead of Payara Micro

The numbers go to target/bench/start.csv and warm.csv.
EOF
}

rounds=5 server=payara-config/micro.sh profile=()
while [ $# -gt 0 ]; do
  case $1 in
    --wildfly) server=scripts/wildfly.sh profile=(-Pwildfly); shift ;;
    *) number_option 'rounds' "$@" || fail "unknown option $1; see --help"; shift 2 ;;
  esac
done
need_jdk
need_curl
need_wrk
echo "Building …"
./mvnw -q -B "${profile[@]}" package -DskipTests -pl smache-node-war,smache-uplink-war,payara-config -am
# shellcheck source=bench/bench-lib.sh
. "$repo/bench/bench-lib.sh"

port=$(free_port 19280)

# answered URL BEGAN: waits for the first answer and prints how many ms after that.
answered() {
  until curl -sf -m 2 -o /dev/null "$1"; do
    kill -0 "${pids[-1]}" || fail "the node died: $(tail -n 5 "$work/node.log")"
    sleep 0.02
  done
  echo $((($(date +%s%N) - $2) / 1000000))
}

# start_once NAME OPTIONS: starts a node, waits for its first answers and stops it.
start_once() {
  local began up entry
  began=$(date +%s%N)
  begin node env NODE_NAME=start SMACHE_PORT="$port" SMACHE_JAVA_OPTS="$2" "$server" --port $((port + 40)) --root "$work/root" "$node_war"
  up=$(answered "http://127.0.0.1:$port/healthcheck" "$began")
  entry=$(answered "http://127.0.0.1:$port/api?key=1" "$began")
  end_last
  echo "$1,$up,$entry" >>"$work/raw.csv"
}

archive=$work/classes.jsa
echo "Making an archive of classes …"
start_once archive "-XX:ArchiveClassesAtExit=$archive"
[ -f "$archive" ] || fail "the JVM wrote no archive"
rm "$work/raw.csv"
for round in $(seq "$rounds"); do
  echo "Round $round of $rounds …"
  start_once as-it-is ''
  start_once archive "-XX:SharedArchiveFile=$archive"
  start_once first-compiler -XX:TieredStopAtLevel=1
done
median() {
  sort -n | awk '{ all[NR] = $1 } END { print NR % 2 ? all[(NR + 1) / 2] : (all[NR / 2] + all[NR / 2 + 1]) / 2 }'
}
{
  echo row,healthcheck_ms,entry_ms
  for row in as-it-is archive first-compiler; do
    echo "$row,$(awk -F, -v row=$row '$1 == row { print $2 }' "$work/raw.csv" | median),$(awk -F, -v row=$row '$1 == row { print $3 }' "$work/raw.csv" | median)"
  done
} | tee "$out/start.csv"

warming=60
entry=/api/caches/bench/entries/KEY
row first-ten-seconds "http://127.0.0.1:$port" GET "$entry" '' $few
row warm "http://127.0.0.1:$port" GET "$entry" '' $few
rm "$work/raw.csv"
for round in $(seq "$rounds"); do
  echo "Warming a new node up, $round of $rounds …"
  begin_node warm "$port"
  await warm "http://127.0.0.1:$port/healthcheck/ready"
  fill "http://127.0.0.1:$port$entry"
  measure_row first-ten-seconds 10
  drive warm $warming
  measure_row warm 10
  end_last
done
bench/bench-table.sh "$work/raw.csv" "$out/warm" first-ten-seconds/warm=0.5

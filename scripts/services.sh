#!/usr/bin/env bash
# Runs a whole cluster on this machine: one uplink and some nodes, on Payara Micro.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

nodes=3 base_port=4000 server_offset=500 grid_offset=1000 detach='' timeout=300
run=$state/services

usage() {
  cat <<EOF
Usage: services.sh [--nodes N] [--base-port PORT] [--engine shards|grid] [--detach]
       services.sh add | stop [NODE] | status | --help

Builds what is not built, starts one uplink and N nodes, waits until all are ready, and stays in the
foreground until Ctrl-C, which stops them.

  --nodes N         how many nodes, 1 to 100 (default 3)
  --base-port PORT  nodes on PORT, PORT+1, …; their servers' own listeners, which serve the same API more
                    slowly, on PORT+500, PORT+501, …; uplink on PORT+900 (default 4000)
  --engine ENGINE   where the nodes keep entries: shards, or grid, whose members listen on PORT+1000, …
                    (default shards)
  --detach          return when all are ready; "services.sh stop" ends them
  add               starts one more node on the next port; it takes its share of the entries
  stop              stops everything that services.sh started
  stop NODE         lets one node hand its entries over to the others, then stops it
  status            shows what runs

What nodes are told (SHARD_LIMIT, SMACHE_MAX_BYTES, …) comes from the environment; README.md lists
it. SMACHE_HEAP (default 384m) and SMACHE_JAVA_OPTS are for nodes; uplink has a heap of 128m. Uplink's
SMACHE_LEASE_SECONDS is 5 here unless it is set. Logs and the generated secret are in target/smache/.
EOF
}

whole_number() {
  [[ $2 =~ ^[0-9]{1,5}$ ]] && [ "$2" -ge "$3" ] && [ "$2" -le "$4" ] || fail "$1 takes a whole number from $3 to $4, not '$2'"
}

names() {
  [ -d "$run" ] || return 0
  find "$run" -name '*.pid' | sed 's|.*/||; s|\.pid$||' | sort
}

alive() {
  kill -0 "$(cat "$run/$1.pid" 2>/dev/null)" 2>/dev/null
}

# stop NAME...: without uplink no node tries to hand over what it has, so uplink goes first.
stop() {
  local name pid waited most=$((${SMACHE_DRAIN_SECONDS:-30} + 15))
  for name in "$@"; do
    [ -f "$run/$name.pid" ] || continue
    pid=$(cat "$run/$name.pid")
    rm -f "$run/$name.pid"
    kill "$pid" 2>/dev/null || continue
    echo "Stopping $name …"
    waited=0
    while kill -0 "$pid" 2>/dev/null; do
      [ $waited -lt $((most * 10)) ] || kill -9 "$pid" 2>/dev/null || true
      sleep 0.1
      waited=$((waited + 1))
    done
  done
}

stop_all() {
  # shellcheck disable=SC2046 # names are words
  stop uplink $(names | grep -vx uplink)
}

# Lets a node hand over what it has before it is stopped.
stop_politely() {
  local name=$1 url
  [ -f "$run/$name.pid" ] && alive "$name" || fail "no node $name runs; \"services.sh status\" shows what does"
  [ "$name" != uplink ] || fail "uplink has no entries; \"services.sh stop\" ends everything"
  url=$(cat "$run/$name.url")
  SMACHE_SECRET=${SMACHE_SECRET:-$(local_secret)} "$repo/scripts/drain.sh" --port "${url##*:}" --name "$name" || true
  stop "$name"
}

# Starts one more node beside those that run.
add() {
  local port last why
  last=$(names | sed -n 's/^node-//p' | sort -n | tail -n 1)
  [ -n "$last" ] && alive uplink || fail "no cluster runs; services.sh starts one"
  port=$(free_port $((last + 1)))
  while port_taken $((port + server_offset)); do
    port=$(free_port $((port + 1)))
  done
  SMACHE_ENGINE=$(cat "$run/engine")
  export SMACHE_ENGINE
  join_environment "$(cat "$run/uplink.url")"
  trap 'stop "node-$port"; exit 130' INT TERM HUP
  start_node "$port"
  echo "Starting node-$port …"
  local began=$SECONDS
  until answers "$(cat "$run/node-$port.ready")"; do
    why=$(refusal "$run/node-$port.log")
    [ -z "$why" ] && alive "node-$port" || { stop "node-$port"; fail "node-$port does not start: ${why:-its log is $run/node-$port.log}"; }
    [ $((SECONDS - began)) -lt $timeout ] || { stop "node-$port"; fail "node-$port is not ready within $timeout s; its log is $run/node-$port.log"; }
    sleep 0.5
  done
  echo "node-$port is ready after $((SECONDS - began)) s at http://127.0.0.1:$port"
}

status() {
  local name found=''
  for name in $(names); do
    found=yes
    if ! alive "$name"; then
      echo "$name is gone; its log is $run/$name.log"
    elif answers "$(cat "$run/$name.ready")"; then
      echo "$name is ready at $(cat "$run/$name.url")$(server_url "$name"), process $(cat "$run/$name.pid")"
    else
      echo "$name is not ready, process $(cat "$run/$name.pid"); its log is $run/$name.log"
    fi
  done
  [ -n "$found" ] || echo "nothing runs"
}

# Tells where the server of a node listens.
server_url() {
  [ ! -f "$run/$1.server" ] || echo " (Jakarta REST at $(cat "$run/$1.server"))"
}

# start NAME PORT URL READY_URL WAR
start() {
  ! port_taken "$2" || fail_stopping "port $2, which $1 needs, is taken; free it or choose another --base-port"
  echo "$3" >"$run/$1.url"
  echo "$4" >"$run/$1.ready"
  nohup "$repo/payara-config/micro.sh" --port "$2" --root "$run/$1" "$5" >"$run/$1.log" 2>&1 </dev/null &
  echo $! >"$run/$1.pid"
  disown
}

fail_stopping() {
  stop_all >&2
  fail "$@"
}

check() {
  local why
  why=$(refusal "$run/$1.log")
  [ -z "$why" ] || fail_stopping "$1 does not start: $why"
  alive "$1" || fail_stopping "$1 died while starting; its log is $run/$1.log"
}

ready() {
  [ ! -f "$run/$1.answered" ] || return 0
  answers "$(cat "$run/$1.ready")" || return 1
  touch "$run/$1.answered"
  echo "  $1 answers after $((SECONDS - began)) s"
}

# All nodes are in one table, and nothing moves.
agreed() {
  call -sf -m 5 "http://127.0.0.1:$base_port/api/cluster/safe" >/dev/null &&
    [ "$(call -sf -m 5 "http://127.0.0.1:$base_port/api/cluster" | grep -o '"active"' | wc -l)" -eq "$nodes" ]
}

wait_ready() {
  local name missing began=$SECONDS
  while :; do
    missing=''
    for name in $(names); do
      check "$name"
      ready "$name" || missing+=" $name"
    done
    [ -n "$missing" ] || ! agreed || break
    [ $((SECONDS - began)) -lt $timeout ] || fail_stopping "not ready within $timeout s:${missing:- the nodes do not agree on a table}; logs are in $run/"
    sleep 0.5
  done
  echo "All $nodes nodes are ready after $((SECONDS - began)) s."
}

parse() {
  while [ $# -gt 0 ]; do
    case $1 in
      --help) usage; exit 0 ;;
      --detach) detach=yes; shift ;;
      --nodes) whole_number --nodes "${2:-}" 1 100; nodes=$2; shift 2 ;;
      --base-port) whole_number --base-port "${2:-}" 1024 64000; base_port=$2; shift 2 ;;
      --engine)
        [[ ${2:-} =~ ^(shards|grid)$ ]] || fail "--engine takes shards or grid, not '${2:-}'"
        export SMACHE_ENGINE=$2
        shift 2
        ;;
      *) fail "unknown argument $1; see --help" ;;
    esac
  done
}

# What every server of this machine is told: join_environment UPLINK_URL
join_environment() {
  SMACHE_SECRET=${SMACHE_SECRET:-$(local_secret)}
  export SMACHE_SECRET UPLINK_URL=$1
}

start_node() {
  local server=$(($1 + server_offset))
  ! port_taken "$1" || fail_stopping "port $1, which node-$1 needs, is taken; free it or choose another --base-port"
  echo "http://127.0.0.1:$server" >"$run/node-$1.server"
  NODE_NAME=node-$1 NODE_URL=http://127.0.0.1:$1 SMACHE_PORT=$1 SMACHE_GRID_PORT=$(($1 + grid_offset)) \
    start "node-$1" "$server" "http://127.0.0.1:$1" "http://127.0.0.1:$1/healthcheck/ready" "$node_war"
}

start_all() {
  local uplink_port=$((base_port + 900)) port
  join_environment "http://127.0.0.1:$uplink_port/uplink"
  echo "${SMACHE_ENGINE:-shards}" >"$run/engine"
  echo "Starting uplink and $nodes nodes …"
  # A new cluster waits for one lease; on one machine no network can delay a sign of life for long.
  SMACHE_LEASE_SECONDS=${SMACHE_LEASE_SECONDS:-5}
  export SMACHE_LEASE_SECONDS
  # Uplink answers a few small requests a second: a small heap, and no second compiler.
  SMACHE_HEAP=128m SMACHE_JAVA_OPTS=-XX:TieredStopAtLevel=1 \
    start uplink $uplink_port "$UPLINK_URL" "$UPLINK_URL/healthcheck" "$uplink_war"
  for ((port = base_port; port < base_port + nodes; port++)); do
    start_node "$port"
  done
}

tell() {
  local name
  for name in $(names); do
    echo "  $name  $(cat "$run/$name.url")$(server_url "$name")"
  done
  cat <<EOF
Try:
  curl http://127.0.0.1:$base_port/api -H 'Content-Type: application/json' -d '{"key":"1","data":{"color":"blue"}}'
  curl 'http://127.0.0.1:$((base_port + nodes - 1))/api?key=1'
EOF
}

case ${1:-} in
  add) need_jdk; need_curl; add; exit 0 ;;
  stop) if [ $# -gt 1 ]; then stop_politely "$2"; else stop_all; fi; exit 0 ;;
  status) status; exit 0 ;;
esac
parse "$@"
need_jdk
need_curl
mkdir -p "$run"
for name in $(names); do
  ! alive "$name" || fail "$name runs already; \"services.sh stop\" ends it"
done
rm -rf "$run"
mkdir -p "$run"
build
trap 'stop_all; exit 130' INT TERM HUP
start_all
wait_ready
tell
[ -z "$detach" ] || exit 0
echo "Ctrl-C stops them."
# Another services.sh may stop one of them, or all.
while [ -n "$(names)" ]; do
  for name in $(names); do
    alive "$name" || [ ! -f "$run/$name.pid" ] || fail_stopping "$name died; its log is $run/$name.log"
  done
  sleep 1
done

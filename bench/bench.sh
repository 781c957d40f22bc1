#!/usr/bin/env bash
# Measures a node that runs on this machine, with wrk.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib.sh"

usage() {
  cat <<EOF
Usage: bench.sh PORT [SECONDS]

Drives GET and POST on the node at PORT of this machine with wrk, SECONDS each (default 10), over 64
keep-alive connections, and prints requests/s, p50 and p99. Before it measures, it drives every row
once to warm the JVM up: measured cold, the first row would be at half of its speed.

  BENCH_WARMUP  seconds of warm-up for each row (default 20)
EOF
}

[ "${1:-}" != --help ] || { usage; exit 0; }
[ $# -ge 1 ] || { usage >&2; exit 2; }
port=$1 seconds=${2:-10} warmup=${BENCH_WARMUP:-20}
url=http://127.0.0.1:$port
[[ $port =~ ^[0-9]{1,5}$ ]] || fail "'$port' is no port"
[[ $seconds =~ ^[1-9][0-9]{0,3}$ ]] || fail "'$seconds' is no number of seconds from 1 to 9999"
need_wrk
answers "$url/healthcheck/ready" || fail "no ready node at $url; ./scripts/services.sh starts some"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Prints the name of the node at this port, by its URL in the cluster's view.
own_name() {
  curl -sf "$url/api/cluster" | tr '{' '\n' | sed -n "s|.*\"name\":\"\([^\"]*\)\",\"url\":\"[^\"]*:$port\".*|\1|p"
}

# key_owned yes|no NAME: prints a key that the node NAME owns, or does not own; nothing if there is none.
key_owned() {
  local i key owner owned
  for i in $(seq 100); do
    key=hot-$i
    owner=$(curl -sf "$url/api/placement?key=$key" | sed 's/.*"node":"\([^"]*\)".*/\1/')
    owned=no
    [ "$owner" != "$2" ] || owned=yes
    if [ $owned = "$1" ]; then
      echo "$key"
      return
    fi
  done
}

script() {
  cat >"$work/$1.lua"
}

# drive SECONDS LUA
drive() {
  wrk -t2 -c64 -d"$1s" --latency -s "$work/$2.lua" "$url"
}

# row LABEL LUA
row() {
  drive "$seconds" "$2" >"$work/out"
  awk -v label="$1" '
    /50%/ { p50 = $2 } /99%/ { p99 = $2 } /Requests\/sec/ { rate = $2 }
    /Non-2xx/ { bad = $NF } /Socket errors/ { bad = bad " " $0 }
    END { printf "%-32s %10.0f req/s   p50 %8s   p99 %8s%s\n", label, rate, p50, p99, bad ? "   failed: " bad : "" }
  ' "$work/out"
}

name=$(own_name)
[ -n "$name" ] || name=$(curl -sf "$url/api/placement?key=hot-1" | sed 's/.*"node":"\([^"]*\)".*/\1/')
hot=$(key_owned yes "$name")
away=$(key_owned no "$name")
body='{\"key\":\"%s\",\"data\":{\"color\":\"blue\",\"size\":42}}'
for key in $hot $away; do
  curl -sf -o /dev/null "$url/api" -H 'Content-Type: application/json' \
    -d "{\"key\":\"$key\",\"data\":{\"color\":\"blue\",\"size\":42}}" || fail "the node at $url does not take a write"
done

script get <<EOF
request = function() return wrk.format("GET", "/api?key=$hot") end
EOF
script post-hot <<EOF
wrk.headers["Content-Type"] = "application/json"
local body = string.format("$body", "$hot")
request = function() return wrk.format("POST", "/api", nil, body) end
EOF
script post-spread <<EOF
wrk.headers["Content-Type"] = "application/json"
request = function()
  return wrk.format("POST", "/api", nil, string.format("$body", "key-" .. math.random(100000)))
end
EOF
script get-away <<EOF
request = function() return wrk.format("GET", "/api?key=$away") end
EOF

rows=(get post-hot post-spread)
[ -z "$away" ] || rows+=(get-away)
echo "Warming up, ${#rows[@]} times $warmup s …"
for each in "${rows[@]}"; do
  drive "$warmup" "$each" >/dev/null
done

echo "$url, 64 connections, $seconds s a row"
row "GET of one key" get
row "POST of one hot key" post-hot
row "POST over 100,000 keys" post-spread
[ -z "$away" ] || row "GET of a key of another node" get-away

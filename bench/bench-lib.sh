# shellcheck shell=bash
# What the scripts share that start servers and drive them with wrk. Sourced after lib.sh, not run.
# shellcheck disable=SC2034,SC2154 # some are for who sources it, some come from there

cd "$repo"
out=$repo/target/bench work=$(mktemp -d) pids=() rows=()
declare -A urls started
mkdir -p "$out"
stop_all() {
  [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap stop_all EXIT

# begin NAME COMMAND...: starts a server in the background, its output in a file.
begin() {
  local name=$1
  shift
  "$@" >"$work/$name.log" 2>&1 &
  pids+=($!)
  started[$name]=$!
}

# end_last: ends what was started last.
end_last() {
  kill "${pids[-1]}"
  wait "${pids[-1]}" || true
  unset 'pids[-1]'
}

# program CLASS SIGN ARGUMENT...: starts a program of the bench in the background and waits until it says SIGN.
# It gets what is left of the cores: clients are elsewhere, and what they do there takes nothing from a node.
program() {
  local class=$1 sign=$2
  shift 2
  begin "$class" nice -n 19 "${java}java" -Xmx256m -XX:+UseSerialGC -cp "$(bench_path "$out/classes")" "io.smache.bench.$class" "$@"
  until grep -qs "$sign" "$work/$class.log"; do
    kill -0 "${pids[-1]}" || { cat "$work/$class.log" >&2; fail "$class has ended"; }
    sleep 0.2
  done
}

# await NAME URL: waits until the server answers there.
await() {
  local i
  for i in $(seq 180); do
    if answers "$2"; then
      return
    fi
    kill -0 "${started[$1]}" 2>/dev/null || break
    sleep 1
  done
  tail -n 20 "$work/$1.log" >&2
  fail "$1 does not answer at $2"
}

# bench_war NAME CLASSES: packs the package NAME of the compiled bench into $work/NAME.war, which servers
# have at /NAME.
bench_war() {
  local package=io/smache/bench/$1 root=$work/war/$1
  mkdir -p "$root/WEB-INF/classes/$package"
  cp -r "$2/$package/." "$root/WEB-INF/classes/$package/"
  echo up >"$root/up.txt"
  "${java}jar" --create --file "$work/$1.war" -C "$root" .
}

# row NAME URL METHOD TARGET BODY KEYS [MANY [DEPTH]]: KEY in target and body stands for one of the keys of a
# file, or of so many keys of 16 bytes; a body with MANY is an array of that for so many keys. With DEPTH so
# many requests are sent at a time. A request is made once, and cheaply, and of those with MANY or DEPTH a
# few hundred: what wrk spends on it is not the server's. It is not made in init: wrk lets its first thread
# begin while the second one is in there, and counts what that does, but not the time.
row() {
  urls[$1]=$2
  rows+=("$1")
  cat >"$work/$1.lua" <<EOF
local hole, many, depth = string.rep("?", 16), ${7:-1}, ${8:-1}
local ready, keys, most, threads, parts = {}, {}, tonumber("$6"), 0, nil
function setup(thread)
  threads = threads + 1
  thread:set("seed", threads)
end
function init()
  math.randomseed(seed)
  wrk.headers["Content-Type"] = "application/json"
  if most then return end
  for line in io.lines("$6") do keys[#keys + 1] = line end
  most = #keys
end
local function key(i) return keys[i] or string.format("key-%012d", i) end
local function filled(template, key) return (template:gsub("KEY", key)) end
local function array()
  local items = {}
  for i = 1, many do items[i] = filled('$5', key(math.random(most))) end
  return wrk.format("$3", "$4", nil, "[" .. table.concat(items, ",") .. "]")
end
local function cut()
  local body, parts, from = filled('$5', hole), {}, 1
  local whole = wrk.format("$3", filled("$4", hole), nil, body ~= "" and body or nil)
  for at in whole:gmatch("()" .. hole:gsub("?", "%%?")) do
    parts[#parts + 1] = whole:sub(from, at - 1)
    from = at + #hole
  end
  parts[#parts + 1] = whole:sub(from)
  return parts
end
local function made(i)
  if many > 1 then return array() end
  parts = parts or cut()
  local requests = { table.concat(parts, key(i)) }
  for more = 2, depth do requests[more] = table.concat(parts, key(math.random(most))) end
  return table.concat(requests)
end
function request()
  local i = math.random((many > 1 or depth > 1) and math.min(200, most) or most)
  ready[i] = ready[i] or made(i)
  return ready[i]
end
EOF
}

# drive ROW SECONDS
drive() {
  # shellcheck disable=SC2086 # several options
  wrk ${load:--t2 -c64} -d"$2s" --latency -s "$work/$1.lua" "${urls[$1]}" >"$work/out"
}

# warm SECONDS: drives every row once, unmeasured.
warm() {
  local each
  echo "Warming up, ${#rows[@]} rows of $1 s …"
  for each in "${rows[@]}"; do
    drive "$each" "$1"
  done
}

# measure_row ROW SECONDS: what was seen goes to $work/raw.csv.
measure_row() {
  drive "$1" "$2"
  awk -v row="$1" '
    function us(t) { return t ~ /us$/ ? t + 0 : t ~ /ms$/ ? t * 1000 : t * 1000000 }
    /99%/ { p99 = us($2) } /Requests\/sec/ { rate = $2 } /Non-2xx/ { bad += $NF } /Socket errors/ { bad += $4 + $6 + $8 + $10 }
    END { printf "%s,%.0f,%.0f,%d\n", row, rate, p99, bad }' "$work/out" >>"$work/raw.csv"
}

# measure ROUNDS SECONDS: drives all rows in turn.
measure() {
  local round each
  for round in $(seq "$1"); do
    echo "Round $round of $1 …"
    for each in "${rows[@]}"; do
      measure_row "$each" "$2"
    done
  done
}

# begin_node NAME PORT [VARIABLE=VALUE...]: starts a node with $server, its front at PORT, the server itself at
# PORT + $server_offset.
server_offset=40
begin_node() {
  local name=$1 port=$2
  shift 2
  begin "$name" env NODE_NAME="$name" SMACHE_PORT="$port" SMACHE_HEAP=1g "$@" \
    "$server" --port $((port + server_offset)) --root "$work/$name" "$node_war"
}

# begin_grid NAME NAME: starts uplink and two nodes that keep entries in a grid, one copy of each beside the
# owner's; their ports are in the variables of their names. Each has its share of the cores.
begin_grid() {
  local uplink secret node port share=$(($(getconf _NPROCESSORS_ONLN) / 2))
  uplink=$(free_port 19680) secret=$(new_secret)
  begin grid-uplink env SMACHE_SECRET="$secret" SMACHE_HEAP=256m "$server" --port "$uplink" --root "$work/grid-uplink" "$uplink_war"
  port=19780
  for node in "$@"; do
    printf -v "$node" %s "$(free_port "$port")"
    begin_node "$node" "${!node}" SMACHE_SECRET="$secret" NODE_URL="http://127.0.0.1:${!node}" \
      SMACHE_ENGINE=grid SMACHE_GRID_PORT="$(free_port $((port + 20)))" SMACHE_LOOPS=$((share > 0 ? share : 1)) \
      UPLINK_URL="http://127.0.0.1:$uplink/uplink"
    port=$((port + 250)) # the grid listens 20 and 120 above
  done
  for node in "$@"; do
    await "$node" "http://127.0.0.1:${!node}/healthcheck/ready"
    await "$node" "http://127.0.0.1:${!node}/api/cluster/safe"
  done
}

# begin_two: starts uplink and a cluster of two with $server; their ports are $asked and $owner. Each has as
# many event loops as its share of the cores.
begin_two() {
  local uplink secret node share=$(($(getconf _NPROCESSORS_ONLN) / 2))
  uplink=$(free_port 18680) asked=$(free_port 18780) owner=$(free_port 18880)
  secret=$(new_secret)
  begin uplink env SMACHE_SECRET="$secret" SMACHE_CLUSTER=static:2 SMACHE_HEAP=256m "$server" --port "$uplink" --root "$work/uplink" "$uplink_war"
  for node in asked owner; do
    begin_node $node "${!node}" SMACHE_SECRET="$secret" NODE_URL="http://127.0.0.1:${!node}" \
      SMACHE_LOOPS=$((share > 0 ? share : 1)) \
      UPLINK_URL="http://127.0.0.1:$uplink/uplink"
  done
  owner_pid=${pids[-1]}
  await asked "http://127.0.0.1:$asked/healthcheck/ready"
  await owner "http://127.0.0.1:$owner/healthcheck/ready"
}

# What the rows write, and how many keys those have that read.
value='{"color":"blue","size":42,"tags":["a","b","c"]}'
few=1000

# owned_keys NODE: writes those of the few keys that belong to a node of the two to $work/NODE.keys.
owned_keys() {
  curl -sf "http://127.0.0.1:$asked/api/placement?key=key-[000000000001-00000000$few]" | grep -o '{[^}]*"node":"'"$1"'"[^}]*}' |
    sed 's/.*"key":"\([^"]*\)".*/\1/' >"$work/$1.keys"
  [ -s "$work/$1.keys" ] || fail "the node $1 owns no key"
}

# fill URL [METHOD]: writes the few; KEY stands for the keys.
fill() {
  curl -sf -X "${2:-PUT}" -H 'Content-Type: application/json' -d "$value" "${1/KEY/key-[000000000001-00000000$few]}" >/dev/null ||
    fail "$1 does not take a write"
}

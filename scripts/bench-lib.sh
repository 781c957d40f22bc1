# shellcheck shell=bash
# What the scripts share that start servers and drive them with wrk. Sourced after lib.sh, not run.
# shellcheck disable=SC2034,SC2154 # some are for who sources it, some come from there

cd "$repo"
out=$repo/target/bench work=$(mktemp -d) pids=() rows=()
declare -A urls
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
}

# await NAME URL: waits until the server answers there.
await() {
  local i
  for i in $(seq 180); do
    if answers "$2"; then
      return
    fi
    sleep 1
  done
  tail -n 20 "$work/$1.log" >&2
  fail "$1 does not answer at $2"
}

# row NAME URL METHOD TARGET BODY KEYS [MANY]: KEY in target and body stands for one of the keys of a
# file, or of so many keys of 16 bytes; a body with MANY is an array of that for so many keys. Requests
# are made before the measure begins: what wrk spends on them is not the server's.
row() {
  urls[$1]=$2
  rows+=("$1")
  cat >"$work/$1.lua" <<EOF
local ready, keys, threads = {}, {}, 0
function setup(thread)
  threads = threads + 1
  thread:set("seed", threads)
end
local function filled(template, key) return (template:gsub("KEY", key)) end
function init()
  math.randomseed(seed)
  if tonumber("$6") then
    for i = 1, $6 do keys[i] = string.format("key-%012d", i) end
  else
    for line in io.lines("$6") do keys[#keys + 1] = line end
  end
  wrk.headers["Content-Type"] = "application/json"
  for i, key in ipairs(keys) do
    local body = filled('$5', key)
    if ${7:-1} > 1 then
      for more = 2, ${7:-1} do body = body .. "," .. filled('$5', keys[math.random(#keys)]) end
      body = "[" .. body .. "]"
    end
    ready[i] = wrk.format("$3", filled("$4", key), nil, body ~= "" and body or nil)
  end
end
function request() return ready[math.random(#ready)] end
EOF
}

# drive ROW SECONDS
drive() {
  wrk -t2 -c64 -d"$2s" --latency -s "$work/$1.lua" "${urls[$1]}" >"$work/out"
}

# warm SECONDS: drives every row once, unmeasured.
warm() {
  local each
  echo "Warming up, ${#rows[@]} rows of $1 s …"
  for each in "${rows[@]}"; do
    drive "$each" "$1"
  done
}

# measure ROUNDS SECONDS: drives all rows in turn; what was seen goes to $work/raw.csv.
measure() {
  local round each
  for round in $(seq "$1"); do
    echo "Round $round of $1 …"
    for each in "${rows[@]}"; do
      drive "$each" "$2"
      awk -v row="$each" '
        function us(t) { return t ~ /us$/ ? t + 0 : t ~ /ms$/ ? t * 1000 : t * 1000000 }
        /99%/ { p99 = us($2) } /Requests\/sec/ { rate = $2 } /Non-2xx/ { bad += $NF } /Socket errors/ { bad += $4 + $6 + $8 + $10 }
        END { printf "%s,%.0f,%.0f,%d\n", row, rate, p99, bad }' "$work/out" >>"$work/raw.csv"
    done
  done
}

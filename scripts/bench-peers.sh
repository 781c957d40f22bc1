#!/usr/bin/env bash
# Measures a node beside other caches that are reached over HTTP, all on this machine.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<EOF
Usage: bench-peers.sh [OPTION...]

Starts a Smache node alone, one without its lane, a cluster of two, a bare servlet on the same kind of
server, webdis in front of Redis, and Infinispan's REST server around a local cache, all on loopback;
warms every row up; measures all rows in turn, several rounds, with wrk over 64 keep-alive
connections; prints the median, the spread and the ratio of each, and stops all that it has started.
On Debian, as root, it installs what is missing (wrk, webdis, redis-server); the rest comes from Maven
Central.

  --rounds N       rounds (default 5)
  --seconds N      seconds a row and round (default 5)
  --warmup N       seconds of warm-up a row (default 20)
  --wildfly        the nodes and the bare servlet on WildFly instead of Payara Micro
  --without NAME   leaves something out: webdis, infinispan, servlet, slow (the node without its lane)
                   or cluster; may be repeated
  --peer NAME=URL  measures one more server with the seed's API; may be repeated

The numbers go to target/bench/peers.csv and peers.svg.
EOF
}

rounds=5 seconds=5 warmup=20 without=' ' peers=() server=payara-config/micro.sh profile=()
while [ $# -gt 0 ]; do
  case $1 in
    --help) usage; exit 0 ;;
    --rounds | --seconds | --warmup)
      need_number "$1" "${2:-}"
      declare "${1#--}=$2"
      shift 2
      ;;
    --wildfly) server=scripts/wildfly.sh profile=(-Pwildfly); shift ;;
    --without)
      [[ ${2:-} =~ ^(webdis|infinispan|servlet|slow|cluster)$ ]] || fail "--without takes webdis, infinispan, servlet, slow or cluster, not '${2:-}'"
      without+="$2 "
      shift 2
      ;;
    --peer)
      [[ ${2:-} =~ ^[a-z0-9-]+=https?:// ]] || fail "--peer takes NAME=URL, not '${2:-}'"
      peers+=("$2")
      shift 2
      ;;
    *) fail "unknown option $1; see --help" ;;
  esac
done
has() {
  [[ $without != *" $1 "* ]]
}

install_missing() {
  local missing=()
  command -v wrk >/dev/null || missing+=(wrk)
  ! has webdis || command -v webdis >/dev/null || missing+=(webdis)
  ! has webdis || command -v redis-server >/dev/null || missing+=(redis-server)
  [ ${#missing[@]} -gt 0 ] || return 0
  [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null ||
    fail "missing: ${missing[*]}; install them (on Debian as root this script does), or leave peers out with --without"
  echo "Installing ${missing[*]} …"
  # Only the programs are wanted, not the services that come with them.
  apt-get update -q >/dev/null
  RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -q "${missing[@]}" >/dev/null
}

need_jdk
need_curl
install_missing
# shellcheck source=scripts/bench-lib.sh
. "$repo/scripts/bench-lib.sh"
classes=$out/classes
if has infinispan || has servlet; then
  build_bench "$classes" "${profile[@]}"
else
  echo "Building …"
  ./mvnw -q -B "${profile[@]}" package -DskipTests -pl smache-node-war,smache-uplink-war -am
fi

echo "Starting the servers …"
smache=$(free_port 18080)
begin smache env NODE_NAME=bench SMACHE_HEAP=1g "$server" --port "$smache" --root "$work/smache" "$node_war"
await smache "http://127.0.0.1:$smache/healthcheck/ready"
if has slow; then
  slow=$(free_port 18580)
  begin slow env NODE_NAME=slow SMACHE_LANE=false SMACHE_HEAP=1g "$server" --port "$slow" --root "$work/slow" "$node_war"
  await slow "http://127.0.0.1:$slow/healthcheck/ready"
fi
if has cluster; then
  uplink=$(free_port 18680) asked=$(free_port 18780) owner=$(free_port 18880)
  secret=$(new_secret)
  begin uplink env SMACHE_SECRET="$secret" SMACHE_CLUSTER=static:2 SMACHE_HEAP=256m "$server" --port "$uplink" --root "$work/uplink" "$uplink_war"
  for node in asked owner; do
    begin $node env SMACHE_SECRET="$secret" NODE_NAME=$node NODE_URL="http://127.0.0.1:${!node}" UPLINK_URL="http://127.0.0.1:$uplink/uplink" \
      SMACHE_HEAP=1g "$server" --port "${!node}" --root "$work/$node" "$node_war"
  done
  await asked "http://127.0.0.1:$asked/healthcheck/ready"
  await owner "http://127.0.0.1:$owner/healthcheck/ready"
fi
if has servlet; then
  servlet=$(free_port 18180)
  mkdir -p "$work/war/WEB-INF/classes/io/smache/bench"
  cp "$classes/io/smache/bench/BareServlet.class" "$work/war/WEB-INF/classes/io/smache/bench/"
  "${java}jar" --create --file "$work/bare.war" -C "$work/war" .
  begin servlet env SMACHE_HEAP=1g "$server" --port "$servlet" --root "$work/servlet" "$work/bare.war"
  await servlet "http://127.0.0.1:$servlet/bare/value"
fi
if has webdis; then
  redis=$(free_port 18280)
  begin redis redis-server --port "$redis" --bind 127.0.0.1 --save '' --appendonly no
  webdis=$(free_port 18380)
  cat >"$work/webdis.json" <<EOF
{"redis_host":"127.0.0.1","redis_port":$redis,"http_host":"127.0.0.1","http_port":$webdis,"threads":2,"pool_size":20,
 "daemonize":false,"websockets":false,"verbosity":0,"logfile":"$work/webdis-own.log"}
EOF
  begin webdis webdis "$work/webdis.json"
  await webdis "http://127.0.0.1:$webdis/PING"
fi
if has infinispan; then
  infinispan=$(free_port 18480)
  begin infinispan "${java}java" -Xmx1g -XX:+UseParallelGC -cp "$(bench_path "$classes")" io.smache.bench.InfinispanRest "$infinispan"
  await infinispan "http://127.0.0.1:$infinispan/rest/v2/caches"
fi

value='{"color":"blue","size":42,"tags":["a","b","c"]}'
many=100000 few=1000
url=http://127.0.0.1
entry=/api/caches/bench/entries/KEY
row put "$url:$smache" PUT "$entry" "$value" $many
row put-hot "$url:$smache" PUT "$entry" "$value" 1
row get "$url:$smache" GET "$entry" '' $few
row seed-post "$url:$smache" POST /api "{\"key\":\"KEY\",\"data\":$value}" $many
row seed-get "$url:$smache" GET '/api?key=KEY' '' $few
batch=/api/caches/bench/batch
row batch-get "$url:$smache" POST $batch '{"op":"get","key":"KEY"}' $few 100
row batch-put "$url:$smache" POST $batch "{\"op\":\"put\",\"key\":\"KEY\",\"value\":$value}" 10000 100
! has slow || row slow-get "$url:$slow" GET "$entry" '' $few
if has cluster; then
  for node in asked owner; do
    curl -sf "$url:$asked/api/placement?key=key-[000000000001-00000000$few]" | grep -o '{[^}]*"node":"'$node'"[^}]*}' |
      sed 's/.*"key":"\([^"]*\)".*/\1/' >"$work/$node.keys"
    [ -s "$work/$node.keys" ] || fail "the node $node owns no key"
  done
  row local-get "$url:$asked" GET "$entry" '' "$work/asked.keys"
  row remote-get "$url:$asked" GET "$entry" '' "$work/owner.keys"
  row remote-put "$url:$asked" PUT "$entry" "$value" "$work/owner.keys"
fi
! has servlet || row servlet-get "$url:$servlet" GET /bare/value '' 1
if has webdis; then
  row webdis-set "$url:$webdis" PUT /SET/KEY "$value" $many
  row webdis-get "$url:$webdis" GET /GET/KEY '' $few
fi
if has infinispan; then
  row infinispan-put "$url:$infinispan" PUT /rest/v2/caches/bench/KEY "$value" $many
  row infinispan-get "$url:$infinispan" GET /rest/v2/caches/bench/KEY '' $few
fi
for peer in "${peers[@]}"; do
  row "${peer%%=*}-post" "${peer#*=}" POST /api "{\"key\":\"KEY\",\"data\":$value}" $many
  row "${peer%%=*}-get" "${peer#*=}" GET '/api?key=KEY' '' $many
done

# fill URL: writes what the rows that read will ask for; KEY stands for the keys.
fill() {
  curl -sf -X PUT -H 'Content-Type: application/json' -d "$value" "${1/KEY/key-[000000000001-00000000$few]}" >/dev/null ||
    fail "$1 does not take a write"
}
fill "$url:$smache$entry"
fill "$url:$smache/api/caches/default/entries/KEY"
! has slow || fill "$url:$slow$entry"
! has cluster || fill "$url:$asked$entry"
! has webdis || fill "$url:$webdis/SET/KEY"
! has infinispan || fill "$url:$infinispan/rest/v2/caches/bench/KEY"

warm "$warmup"
measure "$rounds" "$seconds"
scripts/bench-table.sh "$work/raw.csv" "$out/peers" \
  get/webdis-get=1.15 get/infinispan-get=1.0 put/infinispan-put=1.6 put/webdis-set=1.0 put-hot/put=0.85 \
  get/servlet-get=$([[ $server == *wildfly* ]] && echo 0.85 || echo 0.9) seed-get/webdis-get=1.05 seed-post/webdis-set=0.9 \
  remote-get/local-get=0.5 batch-get/get=0.12 batch-put/put=0.12 slow-get/servlet-get=0.38
echo "A batch has 100 keys: a ratio of 0.12 is 12 times as many keys a second."

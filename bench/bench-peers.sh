#!/usr/bin/env bash
# Measures a node beside other caches that are reached over HTTP, all on this machine.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib.sh"

usage() {
  cat <<EOF
Usage: bench-peers.sh [OPTION...]

Starts a Smache node alone, which is measured at its front and (rest) at its server's listener, one without
front and fast path, a cluster of two, a bare servlet on the same kind of server, the least cache that
Jakarta REST and a locked singleton make there (prototype), webdis in front of Redis, Infinispan's REST
server around a local cache, Hazelcast's REST API at one member, nginx with an answer of its own (static, one
worker), and nginx as a balancer in front of the node and in front of that, all on loopback; warms every row
up; measures all rows in turn, several rounds, with wrk over 64 keep-alive connections; prints the median, the
spread and the ratio of each, and stops all that it has started. On Debian, as root, it installs what is
missing (wrk, webdis, redis-server, nginx); the rest comes from Maven Central.

  --rounds N       rounds (default 5)
  --seconds N      seconds a row and round (default 5)
  --warmup N       seconds of warm-up a row (default 20)
  --wildfly        the nodes, the bare servlet and the prototype on WildFly instead of Payara Micro
  --without NAME   leaves something out: webdis, infinispan, hazelcast, nginx, servlet, prototype, slow (the
                   node without its fast path) or cluster; may be repeated
  --peer NAME=URL  measures one more server with the simple API; may be repeated

The numbers go to target/bench/peers.csv and peers.svg.
EOF
}

rounds=5 seconds=5 warmup=20 without=' ' peers=() server=payara-config/micro.sh profile=()
while [ $# -gt 0 ]; do
  case $1 in
    --wildfly) server=scripts/wildfly.sh profile=(-Pwildfly); shift ;;
    --without)
      [[ ${2:-} =~ ^(webdis|infinispan|hazelcast|nginx|servlet|prototype|slow|cluster)$ ]] ||
        fail "--without takes webdis, infinispan, hazelcast, nginx, servlet, prototype, slow or cluster, not '${2:-}'"
      without+="$2 "
      shift 2
      ;;
    --peer)
      [[ ${2:-} =~ ^[a-z0-9-]+=https?:// ]] || fail "--peer takes NAME=URL, not '${2:-}'"
      peers+=("$2")
      shift 2
      ;;
    *) number_option 'rounds seconds warmup' "$@" || fail "unknown option $1; see --help"; shift 2 ;;
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
  ! has nginx || command -v nginx >/dev/null || missing+=(nginx)
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
# shellcheck source=bench/bench-lib.sh
. "$repo/bench/bench-lib.sh"
classes=$out/classes
if has infinispan || has hazelcast || has servlet || has prototype; then
  build_bench "$classes" "${profile[@]}"
else
  echo "Building …"
  ./mvnw -q -B "${profile[@]}" package -DskipTests -pl smache-node-war,smache-uplink-war -am
fi

echo "Starting the servers …"
smache=$(free_port 18080)
begin_node smache "$smache"
await smache "http://127.0.0.1:$smache/healthcheck/ready"
if has slow; then
  slow=$(free_port 18580)
  begin slow env NODE_NAME=slow SMACHE_FAST_PATH=false SMACHE_HEAP=1g "$server" --port "$slow" --root "$work/slow" "$node_war"
  await slow "http://127.0.0.1:$slow/healthcheck/ready"
fi
if has cluster; then
  begin_two
fi
if has servlet; then
  servlet=$(free_port 18180)
  bench_war bare "$classes"
  begin servlet env SMACHE_HEAP=1g "$server" --port "$servlet" --root "$work/servlet" "$work/bare.war"
  await servlet "http://127.0.0.1:$servlet/bare/value"
fi
if has prototype; then
  prototype=$(free_port 18980)
  bench_war prototype "$classes"
  begin prototype env SMACHE_HEAP=1g "$server" --port "$prototype" --root "$work/prototype" "$work/prototype.war"
  await prototype "http://127.0.0.1:$prototype/prototype/up.txt"
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
if has hazelcast; then
  hazelcast=$(free_port 18580)
  begin hazelcast "${java}java" -Xmx1g -XX:+UseParallelGC -cp "$(bench_path "$classes")" io.smache.bench.HazelcastRest "$hazelcast"
  await hazelcast "http://127.0.0.1:$hazelcast/hazelcast/health/ready"
fi
if has nginx; then
  nginx=$(free_port 18280)
  sed -e "s|listen 4000|listen 127.0.0.1:$nginx|" -e '/server node-[23]/d' -e "s|node-1:8080|127.0.0.1:$smache|" docker/nginx.conf >"$work/nginx.conf"
  static=$(free_port 18380) between=$(free_port 18480)
  sed -e "s|127.0.0.1:$nginx|127.0.0.1:$between|" -e "s|127.0.0.1:$smache|127.0.0.1:$static|" "$work/nginx.conf" >"$work/between.conf"
  cat >"$work/static.conf" <<EOF
worker_processes 1;
events { worker_connections 4096; }
http {
  access_log off;
  default_type application/json;
  keepalive_requests 1000000000;
  server {
    listen 127.0.0.1:$static;
    location / { return 200 '$value'; }
  }
}
EOF
  for each in static nginx between; do
    begin $each nginx -p "$work" -c "$work/$each.conf" -e "$work/$each-own.log" -g "daemon off; pid $work/$each.pid;"
    await $each "http://127.0.0.1:${!each}/healthcheck/ready"
  done
fi

many=100000
url=http://127.0.0.1
entry=/api/caches/bench/entries/KEY
row put "$url:$smache" PUT "$entry" "$value" $many
row put-hot "$url:$smache" PUT "$entry" "$value" 1
row get "$url:$smache" GET "$entry" '' $few
row pipelined-get "$url:$smache" GET "$entry" '' $few 1 16
row simple-post "$url:$smache" POST /api "{\"key\":\"KEY\",\"data\":$value}" $many
row simple-get "$url:$smache" GET '/api?key=KEY' '' $few
batch=/api/caches/bench/batch
row batch-get "$url:$smache" POST $batch '{"op":"get","key":"KEY"}' $few 100
row batch-put "$url:$smache" POST $batch "{\"op\":\"put\",\"key\":\"KEY\",\"value\":$value}" 10000 100
rest=$((smache + server_offset))
row rest-put "$url:$rest" PUT "$entry" "$value" $many
row rest-get "$url:$rest" GET "$entry" '' $few
! has slow || row slow-get "$url:$slow" GET "$entry" '' $few
if has cluster; then
  owned_keys asked
  owned_keys owner
  row local-get "$url:$asked" GET "$entry" '' "$work/asked.keys"
  row remote-get "$url:$asked" GET "$entry" '' "$work/owner.keys"
  row remote-put "$url:$asked" PUT "$entry" "$value" "$work/owner.keys"
fi
! has servlet || row servlet-get "$url:$servlet" GET /bare/value '' 1
if has prototype; then
  row prototype-put "$url:$prototype" PUT /prototype/rest/KEY "$value" $many
  row prototype-get "$url:$prototype" GET /prototype/rest/KEY '' $few
fi
if has webdis; then
  row webdis-set "$url:$webdis" PUT /SET/KEY "$value" $many
  row webdis-get "$url:$webdis" GET /GET/KEY '' $few
fi
if has infinispan; then
  row infinispan-put "$url:$infinispan" PUT /rest/v2/caches/bench/KEY "$value" $many
  row infinispan-get "$url:$infinispan" GET /rest/v2/caches/bench/KEY '' $few
fi
if has hazelcast; then
  row hazelcast-put "$url:$hazelcast" POST /hazelcast/rest/maps/bench/KEY "$value" $many
  row hazelcast-get "$url:$hazelcast" GET /hazelcast/rest/maps/bench/KEY '' $few
fi
if has nginx; then
  row static-get "$url:$static" GET "$entry" '' $few
  row nginx-get "$url:$nginx" GET "$entry" '' $few
  row nginx-static-get "$url:$between" GET "$entry" '' $few
fi
for peer in "${peers[@]}"; do
  row "${peer%%=*}-post" "${peer#*=}" POST /api "{\"key\":\"KEY\",\"data\":$value}" $many
  row "${peer%%=*}-get" "${peer#*=}" GET '/api?key=KEY' '' $few
done

fill "$url:$smache$entry"
fill "$url:$smache/api/caches/default/entries/KEY"
! has slow || fill "$url:$slow$entry"
! has cluster || fill "$url:$asked$entry"
! has prototype || fill "$url:$prototype/prototype/rest/KEY"
! has webdis || fill "$url:$webdis/SET/KEY"
! has infinispan || fill "$url:$infinispan/rest/v2/caches/bench/KEY"
! has hazelcast || fill "$url:$hazelcast/hazelcast/rest/maps/bench/KEY" POST

warm "$warmup"
measure "$rounds" "$seconds"
bench/bench-table.sh "$work/raw.csv" "$out/peers" \
  get/webdis-get=2.0 get/infinispan-get=1.35 get/static-get=0.75 get/hazelcast-get put/hazelcast-put nginx-get/get nginx-get/nginx-static-get=0.7 pipelined-get/get=4 put/infinispan-put=1.2 put/webdis-set=1.6 put-hot/put=0.9 \
  get/servlet-get rest-get/servlet-get get/rest-get put/rest-put simple-get/webdis-get=1.9 simple-post/webdis-set=1.5 \
  remote-get/local-get=0.6 remote-put/put=0.6 batch-get/get=0.15 batch-put/put=0.15 slow-get/servlet-get prototype-get/servlet-get slow-get/prototype-get
echo "A batch has 100 keys: a ratio of 0.15 is 15 times as many keys a second."

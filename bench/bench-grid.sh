#!/usr/bin/env bash
# Compares a grid of two nodes with two nodes that keep entries in shards, and with Infinispan's own REST server
# clustered alike: two members, each entry at both.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib.sh"

rounds=5 seconds=6 warmup=40 server=payara-config/micro.sh
usage() {
  cat <<EOF
Usage: bench-grid.sh [--rounds N] [--seconds N] [--warmup N]

Starts two nodes with SMACHE_ENGINE=grid and one backup, two with shards, and two members of Infinispan's REST
server with two owners of each entry, all on this machine, and drives them in turn with wrk. Prints medians and
ratios; target/bench/grid.csv and grid.svg have them, too.

  --rounds N   how often each row is driven (default 5)
  --seconds N  for how long each time (default 6)
  --warmup N   for how long before, unmeasured (default 40: a write runs through much code, which is compiled late)
EOF
}
while [ $# -gt 0 ]; do
  number_option "rounds seconds warmup" "$@" || fail "there is no option '$1'; see --help"
  shift 2
done
need_jdk
need_curl
need_wrk
# shellcheck source=bench/bench-lib.sh
. "$repo/bench/bench-lib.sh"
classes=$out/classes
build_bench "$classes"

echo "Starting the servers …"
begin_grid one other
begin_two
# The stack that Infinispan brings, but with the two addresses in place of a search by multicast.
first=$(free_port 20080) second=$(free_port 20180)
core=$(tr ':' '\n' <"$bench_classpath" | grep '/infinispan-core-[^/]*\.jar$')
for each in first second; do
  grid=$((${!each} + 20))
  unzip -p "$core" default-configs/default-jgroups-tcp.xml |
    sed -e '/<MPING/,/\/>/d' -e "s|SITE_LOCAL|127.0.0.1|" -e "s|jgroups.tcp.port:7800|jgroups.tcp.port:$grid|" \
      -e "s|<RED/>|<TCPPING initial_hosts=\"127.0.0.1[$((first + 20))],127.0.0.1[$((second + 20))]\" port_range=\"0\"/>|" \
      -e '/jgroups.fd.port-offset/s|50000|100|' >"$work/$each.xml"
  begin "infinispan-$each" "${java}java" -Xmx1g -XX:+UseParallelGC -cp "$(bench_path "$classes")" io.smache.bench.InfinispanRest "${!each}" "$work/$each.xml"
  await "infinispan-$each" "http://127.0.0.1:${!each}/rest/v2/caches"
done
grep -q '(2)' "$work/infinispan-second.log" || fail "the two members of Infinispan have not met: $work/infinispan-second.log"

many=100000
url=http://127.0.0.1
entry=/api/caches/bench/entries/KEY
batch=/api/caches/bench/batch
rest=/rest/v2/caches/bench/KEY
owned_keys asked
row grid-get "$url:$one" GET "$entry" '' $few
row grid-put "$url:$one" PUT "$entry" "$value" $many
row grid-batch-get "$url:$one" POST $batch '{"op":"get","key":"KEY"}' $few 100
row grid-batch-put "$url:$one" POST $batch "{\"op\":\"put\",\"key\":\"KEY\",\"value\":$value}" 10000 100
row local-get "$url:$asked" GET "$entry" '' "$work/asked.keys"
row shards-put "$url:$asked" PUT "$entry" "$value" $many
row infinispan-get "$url:$first" GET "$rest" '' $few
row infinispan-put "$url:$first" PUT "$rest" "$value" $many
fill "$url:$one$entry"
fill "$url:$asked$entry"
fill "$url:$first$rest"
warm "$warmup"
measure "$rounds" "$seconds"
bench/bench-table.sh "$work/raw.csv" "$out/grid" \
  grid-get/local-get=0.8 grid-put/infinispan-put=1.2 grid-get/infinispan-get grid-put/shards-put grid-batch-put/grid-put=0.05
echo "A batch has 100 keys: a ratio of 0.05 is 5 times as many keys a second."

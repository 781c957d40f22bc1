#!/usr/bin/env bash
# Runs all tests: unit, in the container and black box, on Payara Micro and on WildFly.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [ "${1:-}" = --help ]; then
  echo "Usage: test.sh [MAVEN_ARGUMENT...]"
  echo "Builds everything and runs every test on Payara Micro, then the in-container and black-box"
  echo "tests on WildFly, and the bench for a moment. Needs root and iproute2 (some tests cut networks),"
  echo "nginx, HAProxy, Varnish, Chromium with its driver, and wrk. Arguments go to Maven."
  exit 0
fi
need_jdk
need_curl
need_namespaces
need_proxies
need_browser
need_wrk
cd "$repo"
# Servers start and stop all the time here: they begin to work sooner with the simple compiler alone.
servers=-Dserver.options=-XX:TieredStopAtLevel=1
# What the first run has compiled is not compiled again because a profile brings other libraries for tests.
compiled=-Dmaven.compiler.useIncrementalCompilation=false
echo "Unit tests, and all tests on Payara Micro"
./mvnw -B -ntp verify "$servers" "$@"
echo "In-container and black-box tests on WildFly"
./mvnw -B -ntp verify -Pwildfly -Dskip.unit.tests=true "$compiled" "$servers" "$@"
echo "The contract on three nodes that keep entries in a grid; crashes, restarts and cuts of such"
./mvnw -B -ntp verify -Dskip.unit.tests=true "$compiled" "$servers" -Dsmache.engine=grid -Dexcluded.engine=shards \
  -Dit.test='EntriesIT,GroupsIT,SimpleApiIT,LifetimeIT,GridIT,GridCutIT' \
  -Dfailsafe.failIfNoSpecifiedTests=false -pl smache-tests -am "$@"
echo "The bench in a smoke form: whether it runs and what it writes, not how fast anything is"
./bench/bench-peers.sh --rounds 1 --seconds 1 --warmup 1 \
  --without webdis --without infinispan --without hazelcast --without nginx --without prototype --without slow --without cluster
awk -F, 'NR > 1 { rows++; if ($2 <= 0 || $6 > 0) bad++ } END { exit rows != 11 || bad > 0 }' target/bench/peers.csv ||
  fail "target/bench/peers.csv has other rows than it should, or failed requests"

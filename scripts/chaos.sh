#!/usr/bin/env bash
# Lets members of a cluster join, drain, stop, die, stand still and be cut off while clients work, and checks
# that every history of a key is linearizable.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<EOF
Usage: chaos.sh MINUTES [--seed N] [--wildfly] [--engine shards|grid]

Starts uplink and two nodes, each in a network namespace of its own (for which it has to be root, and
iproute2 there), lets a third come and go and cuts links in an order that the seed decides, half of the
time by planned changes only and half of it with crashes, and prints what was seen. A history that is
not linearizable fails, and is named by its key. Besides, it puts 1,000,000 entries into one node, grows
to four nodes, shrinks to two, and reads all back. Servers and logs: smache-tests/target/servers/.

With a grid, there are three nodes to begin with; and instead of growing and shrinking, 1,000,000 entries are
put into three nodes, one of which is killed ten times while eight writers work, and all are read back each time.

  --seed N         the same order again (default 7)
  --wildfly        on WildFly instead of Payara Micro
  --engine ENGINE  where the nodes keep entries: shards or grid (default shards)
EOF
}

[ $# -gt 0 ] || { usage >&2; exit 2; }
minutes='' seed=7 profile=() engine=shards
while [ $# -gt 0 ]; do
  case $1 in
    --help) usage; exit 0 ;;
    --seed) [[ ${2:-} =~ ^[0-9]{1,18}$ ]] || fail "--seed takes a whole number, not '${2:-}'"; seed=$2; shift 2 ;;
    --engine) [[ ${2:-} =~ ^(shards|grid)$ ]] || fail "--engine takes shards or grid, not '${2:-}'"; engine=$2; shift 2 ;;
    --wildfly) profile=(-Pwildfly); shift ;;
    *) [[ $1 =~ ^[1-9][0-9]{0,3}$ ]] || fail "'$1' is no number of minutes from 1 to 9999"; minutes=$1; shift ;;
  esac
done
[ -n "$minutes" ] || fail "for how many minutes? see --help"
need_jdk
need_namespaces
cd "$repo"
tests=(-Dit.test=ChaosIT,GrowIT)
[ $engine = shards ] || tests=(-Dit.test=ChaosIT,KillIT -Dsmache.engine=grid -Dexcluded.engine=shards -Dsmache.kill.entries=1000000 -Dsmache.kill.times=10)
./mvnw -B -ntp verify "${profile[@]}" -Dskip.unit.tests=true "${tests[@]}" -Dsmache.grow.entries=1000000 -Dfailsafe.failIfNoSpecifiedTests=false \
  -Dsmache.chaos.seed="$seed" -Dsmache.chaos.seconds=$((minutes * 30))

#!/usr/bin/env bash
# Lets members of a cluster join, drain, stop, die, stand still and be cut off while clients work, and checks
# that every history of a key is linearizable.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<EOF
Usage: chaos.sh MINUTES [--seed N] [--wildfly]

Starts uplink and two nodes, each in a network namespace of its own (for which it has to be root, and
iproute2 there), lets a third come and go and cuts links in an order that the seed decides, half of the
time by planned changes only and half of it with crashes, and prints what was seen. A history that is
not linearizable fails, and is named by its key. Besides, it puts 1,000,000 entries into one node, grows
to four nodes, shrinks to two, and reads all back. Servers and logs: smache-tests/target/servers/.

  --seed N   the same order again (default 7)
  --wildfly  on WildFly instead of Payara Micro
EOF
}

[ $# -gt 0 ] || { usage >&2; exit 2; }
minutes='' seed=7 profile=()
while [ $# -gt 0 ]; do
  case $1 in
    --help) usage; exit 0 ;;
    --seed) [[ ${2:-} =~ ^[0-9]{1,18}$ ]] || fail "--seed takes a whole number, not '${2:-}'"; seed=$2; shift 2 ;;
    --wildfly) profile=(-Pwildfly); shift ;;
    *) [[ $1 =~ ^[1-9][0-9]{0,3}$ ]] || fail "'$1' is no number of minutes from 1 to 9999"; minutes=$1; shift ;;
  esac
done
[ -n "$minutes" ] || fail "for how many minutes? see --help"
need_jdk
need_namespaces
cd "$repo"
./mvnw -B -ntp verify "${profile[@]}" -Dskip.unit.tests=true -Dit.test='ChaosIT,GrowIT' -Dsmache.grow.entries=1000000 -Dfailsafe.failIfNoSpecifiedTests=false \
  -Dsmache.chaos.seed="$seed" -Dsmache.chaos.seconds=$((minutes * 30))

#!/usr/bin/env bash
# Runs all tests: unit, in the container and black box, on Payara Micro and on WildFly.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [ "${1:-}" = --help ]; then
  echo "Usage: test.sh [MAVEN_ARGUMENT...]"
  echo "Builds everything and runs every test on Payara Micro, then the in-container and black-box"
  echo "tests on WildFly. Arguments go to Maven."
  exit 0
fi
need_jdk
cd "$repo"
# Servers start and stop all the time here: they begin to work sooner with the simple compiler alone.
servers=-Dserver.options=-XX:TieredStopAtLevel=1
echo "Unit tests, and all tests on Payara Micro"
./mvnw -B -ntp verify "$servers" "$@"
echo "In-container and black-box tests on WildFly"
./mvnw -B -ntp verify -Pwildfly -Dskip.unit.tests=true "$servers" "$@"

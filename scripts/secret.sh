#!/usr/bin/env bash
# Prints a strong cluster secret.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [ "${1:-}" = --help ]; then
  echo "Usage: secret.sh"
  echo "Prints a new cluster secret: 256 random bits as 64 characters. All nodes and uplink of one"
  echo "cluster get the same one, as SMACHE_SECRET."
  exit 0
fi
[ $# -eq 0 ] || fail "unknown argument $1; see --help"
new_secret

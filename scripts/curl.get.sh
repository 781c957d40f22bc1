#!/usr/bin/env bash
# Reads the seven entries of curl.post.sh through one node.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [ "${1:-}" = --help ] || [ $# -ne 1 ]; then
  echo "Usage: curl.get.sh PORT"
  echo "Reads the seven entries of curl.post.sh through the node on PORT of this machine."
  [ "${1:-}" = --help ] && exit 0 || exit 2
fi

for key in 1 2 aa aaa abcd user-7 💥; do
  call -sS --fail-with-body -G "http://127.0.0.1:$1/api" --data-urlencode "key=$key" ||
    fail "the node on port $1 did not answer for key $key"
  echo
done

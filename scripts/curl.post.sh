#!/usr/bin/env bash
# Writes seven entries through one node.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [ "${1:-}" = --help ] || [ $# -ne 1 ]; then
  echo "Usage: curl.post.sh PORT"
  echo "Writes seven entries through the node on PORT of this machine."
  [ "${1:-}" = --help ] && exit 0 || exit 2
fi

post() {
  call -sS --fail-with-body "http://127.0.0.1:$port/api" -H 'Content-Type: application/json' -d "$1" ||
    fail "the node on port $port did not take $1"
  echo
}

port=$1
post '{"key":1,"data":{"color":"blue"}}'
post '{"key":"2","data":{"color":"red","cool":true}}'
post '{"key":"aa","data":[1,2,3]}'
post '{"key":"aaa","data":"some text"}'
post '{"key":"abcd","data":12345678901234567890123}'
post '{"key":"user-7","data":null}'
post '{"key":"💥","data":{"boom":"💥"}}'

#!/usr/bin/env bash
# Makes a token for a client, and prints it once.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<EOF
Usage: token.sh NAME RIGHTS [CACHES]

Makes a token of 256 random bits and prints it, once: nothing keeps it but the client. With
SMACHE_TOKENS_FILE set, its line is appended to that file, which nodes read again within a second;
else the line is printed as well, for the file of the nodes.

  NAME    for logs and errors: 1 to 64 of A-Z a-z 0-9 . _ -
  RIGHTS  one or more of read, write and admin, separated by commas; none includes another
  CACHES  names of caches, separated by commas; * stands for any characters; without it, all

  SMACHE_TOKENS_FILE=tokens ./scripts/token.sh web read,write 'pages,session-*'
EOF
}

[ "${1:-}" != --help ] || { usage; exit 0; }
[ $# -eq 2 ] || [ $# -eq 3 ] || { usage >&2; exit 2; }
[[ $1 =~ ^[A-Za-z0-9._-]{1,64}$ ]] || fail "the name is '$1' but must be 1 to 64 of A-Z a-z 0-9 . _ -"
[[ $2 =~ ^(read|write|admin)(,(read|write|admin))*$ ]] ||
  fail "the rights are '$2' but must be some of read, write and admin, separated by commas"
[[ ${3:-*} =~ ^[A-Za-z0-9._*-]{1,64}(,[A-Za-z0-9._*-]{1,64})*$ ]] ||
  fail "the caches are '$3' but must be names, with * for any characters, separated by commas"

token=$(new_secret)
if command -v sha256sum >/dev/null; then
  hash=$(printf %s "$token" | sha256sum)
else
  hash=$(printf %s "$token" | shasum -a 256)
fi
line="$1 ${hash%% *} $2 ${3:-*}"
if [ -n "${SMACHE_TOKENS_FILE:-}" ]; then
  (umask 077 && echo "$line" >>"$SMACHE_TOKENS_FILE") || fail "cannot write to $SMACHE_TOKENS_FILE"
else
  echo "add to the file that SMACHE_TOKENS_FILE of the nodes names: $line" >&2
fi
echo "$token"

#!/usr/bin/env bash
# Puts the entries that export.sh wrote into a cluster.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<EOF
Usage: import.sh URL [--skip LINES] < FILE

Puts the entries of an export into the cluster that the node at URL belongs to, and configures the
caches as they were; what is there already under the same keys is replaced. Times go on from now. In a cache
that has a time to live or an idle time already, entries without one get it.
Progress goes to the terminal.

  --skip LINES  goes on behind so many lines of the file, as an import that failed says

Configurations need the cluster's secret, SMACHE_SECRET. An entry that the cluster does not take, for
instance because it is longer than it allows, ends the import with a word why.
EOF
}

url='' skip=0
while [ $# -gt 0 ]; do
  case $1 in
    --help) usage; exit 0 ;;
    --skip) [[ ${2:-} =~ ^[0-9]{1,12}$ ]] || fail "--skip takes a number of lines, not '${2:-}'"; skip=$2; shift ;;
    -*) fail "there is no option '$1'; import.sh --help tells which there are" ;;
    *) url=${1%/} ;;
  esac
  shift
done
[ -n "$url" ] || { usage >&2; exit 2; }
need_curl
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C

# try COMMAND...: what a cluster refuses while it starts or changes is sent again, as it does no harm twice; not
# when it ends with 2.
try() {
  local attempt code
  for attempt in 1 2 3 4 5 6 7 8; do
    code=0
    "$@" || code=$?
    [ $code -ne 0 ] || return 0
    [ $code -ne 2 ] || return 1
    sleep "$attempt"
  done
  return 1
}

send_puts() {
  call -sS -f -m 120 -o "$work/answers" -H 'Content-Type: application/x-ndjson' --data-binary "@$work/puts" \
    "$url/api/caches/$1/batch" 2>"$work/error" || return 1
  if grep -q -v '^{"status":20[14],' "$work/answers"; then
    grep -m 1 -v '^{"status":20[14],' "$work/answers" | cut -c 1-300 >"$work/error"
    ! grep -q '^{"status":4' "$work/answers" || return 2
    return 1
  fi
  [ "$(wc -l <"$work/answers")" -eq "$(wc -l <"$work/puts")" ] || {
    echo "answers are missing" >"$work/error"
    return 1
  }
}

configure() {
  SMACHE_TOKEN=${SMACHE_TOKEN:-${SMACHE_SECRET:-}} call -sS -f -m 30 -o /dev/null -X PUT -H 'Content-Type: application/json' \
    --data-binary "@$work/configuration" "$url/api/caches/$1" 2>"$work/error"
}

# Lines of one cache that follow each other are a part, of 2,000 lines or 8 MB at most; a configuration is one
# of its own. Each comes as a line "CACHE KIND LINES", with its content in a file of that number.
part=0 lines=$skip entries=0
again() {
  fail "$1: $(cat "$work/error")
go on with: import.sh $url --skip $lines"
}

mkfifo "$work/parts"
tail -n "+$((skip + 1))" | awk -v to="$work/part-" '
  function flush() { if (n) { close(to part); print cache, kind, n; fflush(); n = 0; bytes = 0; part++ } }
  BEGIN { part = 0 }
  {
    if (!match($0, /^[{]"cache":"[A-Za-z0-9._-]*",/)) { flush(); print "- wrong 1"; fflush(); exit }
    name = substr($0, 11, RLENGTH - 12); rest = substr($0, RLENGTH + 1)
    configures = rest ~ /^"configuration":/
    if (configures || name != cache || n >= 2000 || bytes > 8388608) flush()
    cache = name
    if (configures) { kind = "configuration"; printf "%s", substr(rest, 17, length(rest) - 17) > (to part); n = 1; flush(); next }
    kind = "puts"; print "{\"op\":\"put\"," rest > (to part); n++; bytes += length($0)
  }
  END { flush() }' >"$work/parts" &
while read -r cache kind count; do
  case $kind in
    wrong)
      echo "line $((lines + 1)) is no line of an export" >"$work/error"
      again "nothing more is imported"
      ;;
    configuration)
      mv "$work/part-$part" "$work/configuration"
      try configure "$cache" || again "the cache $cache cannot be configured (is SMACHE_SECRET the cluster's?)"
      ;;
    puts)
      mv "$work/part-$part" "$work/puts"
      try send_puts "$cache" || again "entries of the cache $cache cannot be put"
      entries=$((entries + count))
      echo "$entries entries" >&2
      ;;
  esac
  part=$((part + 1)) lines=$((lines + count))
done <"$work/parts"
echo "imported $entries entries" >&2

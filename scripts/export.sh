#!/usr/bin/env bash
# Writes all entries of a cluster as lines, from which import.sh makes them anew anywhere.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<EOF
Usage: export.sh URL [--cache CACHE [--cursor CURSOR]] > FILE

Writes the entries and the configurations of all caches of the cluster that the node at URL belongs
to, one to a line (JSON): value, media type, groups, and what is left of their times. It may be any
version and either engine. Progress goes to the terminal.

  --cache CACHE    only this one
  --cursor CURSOR  goes on where an export of this cache ended: append to its file

An entry that is there all the while is written once; what is written meanwhile may be missing. Being
exported is a use of an entry: it renews its idle time. A stale entry, a claim to compute a missing
value, and the ETags are not exported. Line breaks between the tokens of a JSON value become spaces.
EOF
}

url='' cache='' cursor=''
while [ $# -gt 0 ]; do
  case $1 in
    --help) usage; exit 0 ;;
    --cache) cache=${2:-}; shift ;;
    --cursor) cursor=${2:-}; shift ;;
    -*) fail "there is no option '$1'; export.sh --help tells which there are" ;;
    *) url=${1%/} ;;
  esac
  shift
done
[ -n "$url" ] || { usage >&2; exit 2; }
[ -z "$cursor" ] || [ -n "$cache" ] || fail "--cursor belongs to a cache: name it with --cache"
need_curl
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C

# Entries of these bytes together travel in one answer.
most_bytes=8388608

# Entries of a page as lines: bytes, key as JSON, and the times that a put takes.
# In a JSON string no quote stands without a backslash, so what is between entries is never within one.
entries() {
  sed -e 's/^[{]"entries":\[//' -e 's/\],"cursor":"[A-Za-z0-9_-]*"}$//' -e 's/\]}$//' -e 's/},{"key":/}\n{"key":/g' "$work/page" |
    awk '
      function time(name, rest) {
        return match(rest, "\"" name "\":[0-9.E+-]+") ? substr(rest, RSTART + length(name) + 3, RLENGTH - length(name) - 3) : ""
      }
      function span(name, seconds) {
        return seconds == "" ? "" : sprintf(",\"%s\":\"%.0fms\"", name, seconds * 1000 < 1 ? 1 : seconds * 1000)
      }
      /^[{]"key":/ {
        at = index($0, ",\"bytes\":")
        rest = substr($0, at)
        ttl = time("ttl", rest); idle = time("idle", rest); stale = time("stale", rest); expires = time("expires", rest)
        if (idle != "") ttl = expires
        times = span("ttl", ttl) span("idle", idle) span("stale", stale)
        print time("bytes", rest) "\t" substr($0, 8, at - 8) "\t" times
      }'
}

# Writes the entries of a part of a page: the answers come in the order of what was asked.
write_part() {
  awk -F '\t' '{ print "{\"op\":\"get\",\"key\":" $2 "}" }' "$work/part" >"$work/gets"
  try call -sS -f -m 120 -o "$work/answers" -H 'Content-Type: application/x-ndjson' --data-binary "@$work/gets" \
    "$url/api/caches/$cache/batch"
  awk -F '\t' -v cache="$cache" -v answers="$work/answers" '
    {
      if ((getline answer < answers) <= 0) { print "answers are missing" > "/dev/stderr"; exit 1 }
      if (answer ~ /^[{]"status":404,/) next
      if (!match(answer, /^[{]"status":200,"etag":"(\\.|[^"\\])*",/)) { print "an entry cannot be read: " substr(answer, 1, 300) > "/dev/stderr"; exit 1 }
      rest = substr(answer, RLENGTH + 1)
      # The type comes first; the ttl of the list is the one to keep.
      if (match(rest, /^"type":"(\\.|[^"\\])*",/)) { type = substr(rest, 1, RLENGTH); rest = substr(rest, RLENGTH + 1) } else type = ""
      if (match(rest, /^"ttl":[0-9.E+-]+,/)) rest = substr(rest, RLENGTH + 1)
      print "{\"cache\":\"" cache "\",\"key\":" $2 $3 "," type rest
    }' "$work/part" >"$work/lines" || fail "an entry of the cache $cache could not be exported; $again"
  cat "$work/lines"
  done_entries=$((done_entries + $(wc -l <"$work/lines")))
}

# Splits a page so that each part has at most so many bytes, and writes them.
write_page() {
  entries >"$work/all"
  local parts
  parts=$(awk -F '\t' -v most=$most_bytes -v to="$work/part-" '
    { if (!n || sum + $1 > most) { n++; sum = 0 } sum += $1; print > (to n) } END { print n + 0 }' "$work/all")
  for ((part = 1; part <= parts; part++)); do
    mv "$work/part-$part" "$work/part"
    write_part
  done
}

# try COMMAND...: a node that is starting, or a page that a member could not list, is asked again.
try() {
  local attempt
  for attempt in 1 2 3 4 5 6 7 8; do
    "$@" 2>"$work/error" && return
    sleep "$attempt"
  done
  fail "$(cat "$work/error")
$again"
}

export_cache() {
  local before=$done_entries
  while true; do
    again="go on with: export.sh $url --cache $cache${cursor:+ --cursor $cursor} >> FILE"
    again+=${behind:+, then the same with --cache and each of: $behind}
    try call -sS -f -m 120 -o "$work/page" "$url/api/caches/$cache/entries?limit=1000${cursor:+&cursor=$cursor}"
    write_page
    cursor=$(sed -n 's/.*\],"cursor":"\([A-Za-z0-9_-]*\)"}$/\1/p' "$work/page")
    echo "$cache: $((done_entries - before)) entries" >&2
    [ -n "$cursor" ] || break
  done
  # Behind the entries: those without a time to live would get that of the configuration.
  if call -sS -f -m 30 -o "$work/configuration" "$url/api/caches/$cache" 2>"$work/error"; then
    printf '{"cache":"%s","configuration":%s}\n' "$cache" "$(cat "$work/configuration")"
  fi
}

done_entries=0 again="nothing is exported yet" behind=''
if [ -n "$cache" ]; then
  export_cache
else
  try call -sS -f -m 30 -o "$work/caches" "$url/api/caches"
  mapfile -t caches < <(grep -o '"cache":"[^"]*"' "$work/caches" | sed 's/"cache":"\(.*\)"/\1/')
  for i in "${!caches[@]}"; do
    cache=${caches[i]} cursor='' behind=${caches[*]:i+1}
    export_cache
  done
fi
echo "exported $done_entries entries" >&2

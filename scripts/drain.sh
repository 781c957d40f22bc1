#!/usr/bin/env bash
# Lets a node of this machine hand its entries over to the others, and waits until it has.
set -euo pipefail

port=8080 name=${NODE_NAME:-$HOSTNAME} seconds=${SMACHE_DRAIN_SECONDS:-30}

usage() {
  cat <<EOT
Usage: drain.sh [--port PORT] [--name NAME] [--seconds N]

Asks the node on PORT of this machine to leave its cluster and waits until it has handed everything
over: what is to run in a container before it is stopped. Needs nothing but bash.

  --port PORT  where the node listens (default 8080)
  --name NAME  its name (default: NODE_NAME or else the host's name)
  --seconds N  how long to wait (default: SMACHE_DRAIN_SECONDS or else 30)

The cluster's secret is taken from SMACHE_SECRET.

Ends with 0 when everything is handed over, or nobody is left who could take it; else with 1 and a
word why.
EOT
}

while [ $# -gt 0 ]; do
  case $1 in
    --help) usage; exit 0 ;;
    --port | --seconds)
      [[ ${2:-} =~ ^[0-9]{1,5}$ ]] || { echo "drain.sh: $1 takes a whole number, not '${2:-}'" >&2; exit 2; }
      declare "${1#--}=$2"
      shift 2
      ;;
    --name) name=${2:?}; shift 2 ;;
    *) echo "drain.sh: unknown argument $1; see --help" >&2; exit 2 ;;
  esac
done

# While the secret is replaced there are two words, of which the first is shown.
read -r secret _ <<<"${SMACHE_SECRET:-}"
authorization=''
[ -z "$secret" ] || printf -v authorization 'Authorization: Bearer %s\r\n' "$secret"

# ask METHOD PATH: prints the whole answer; the node ends the connection behind it.
ask() (
  exec 3<>"/dev/tcp/127.0.0.1/$port" || exit 1
  printf '%s %s HTTP/1.0\r\nHost: localhost\r\n%sContent-Length: 0\r\n\r\n' "$1" "$2" "$authorization" >&3
  while IFS= read -r -t 5 line <&3 || [ -n "$line" ]; do
    echo "$line"
  done
) 2>/dev/null

give_up() {
  echo "drain.sh: $*" >&2
  exit 1
}

# A node that has left says so of itself.
gone() {
  [[ $(ask GET /api/cluster) =~ \"name\":\""$name"\"[^}]*\"gone\" ]]
}

answer=$(ask POST "/api/cluster/members/$name/drain") || give_up "no node answers on port $port"
if [[ $answer == *'no other member is left'* ]]; then
  echo "$name is the last one; what it has ends with it"
  exit 0
fi
[[ $answer != HTTP/1.?' '401* ]] || give_up "the node does not know this SMACHE_SECRET; set it to the cluster's secret"
[[ $answer == HTTP/1.?' '202* ]] || gone || give_up "$name cannot hand its entries over: ${answer##*$'\n'}"
echo "$name hands its entries over …"
end=$((SECONDS + seconds))
until gone; do
  [ $SECONDS -lt $end ] || give_up "$name has not handed over everything within $seconds s"
  sleep 0.2
done
echo "$name has handed everything over"

#!/usr/bin/env bash
# Ends with 0 when the server of this container answers PATH with 200. Needs nothing but bash.
set -euo pipefail

exec 3<>/dev/tcp/127.0.0.1/8080
printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$1" >&3
IFS=' ' read -r -t 2 _ status _ <&3
[ "$status" = 200 ]

#!/usr/bin/env bash
# Starts one Payara Micro server with everything that payara-config/ says, in the foreground.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
  cat <<EOF
Usage: micro.sh --port PORT --root DIR WAR...

Starts Payara Micro on PORT with the given WARs; DIR keeps the server's files and may be deleted
when it has stopped. What a node or uplink is told (NODE_NAME, UPLINK_URL, …) comes from the
environment; README.md lists it.

  PAYARA_MICRO_JAR    the server (default: target/servers/payara-micro.jar, put there by the build)
  SMACHE_HEAP         size of the heap (default: 384m)
  SMACHE_JAVA_OPTS    further options of the JVM
  SMACHE_SERVER_BIND  address that the server listens at (default: all; 127.0.0.1 when SMACHE_PORT gives the
                      node a front, which is the door for others)
EOF
}

fail() {
  echo "micro.sh: $*" >&2
  exit 2
}

port='' root='' deploy=()
while [ $# -gt 0 ]; do
  case $1 in
    --help) usage; exit 0 ;;
    --port | --root)
      [ $# -gt 1 ] || fail "$1 needs a value"
      declare "${1#--}=$2"
      shift 2
      ;;
    -*) fail "unknown option $1; see --help" ;;
    *) deploy+=(--deploy "$1"); shift ;;
  esac
done
[ -n "$port" ] && [ -n "$root" ] && [ ${#deploy[@]} -gt 0 ] || fail "--port, --root and a WAR are needed; see --help"

jar=${PAYARA_MICRO_JAR:-$here/../target/servers/payara-micro.jar}
[ -f "$jar" ] || fail "no Payara Micro at $jar; ./mvnw package puts it there"
guard=$here/target/payara-listener-guard.jar
[ -f "$guard" ] || fail "no guard of the HTTP listener at $guard; ./mvnw package puts it there"
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
cores=$(getconf _NPROCESSORS_ONLN)

# Twice as many HTTP threads as cores: with more of them, writes to one shard queue up behind its
# fair lock and spend their time on waking each other (docs/design-decisions.md).
threads=$((cores * 2))

# With a parallelism of 1, the JDK starts a thread for every asynchronous step of its HTTP client.
parallelism=$((cores > 2 ? cores - 1 : 2))

# A kept configuration would deploy the WARs of the last run as well, and so everything twice.
mkdir -p "$root"
rm -rf "$root/config" "$root/applications" "$root/generated"

server_bind=${SMACHE_SERVER_BIND:-${SMACHE_PORT:+127.0.0.1}}
listener=configs.config.server-config.network-config.network-listeners.network-listener.http-listener
{
  cat "$here/pre-boot.asadmin"
  echo "set $listener.address=${server_bind:-0.0.0.0}"
} >"$root/pre-boot.asadmin"

# The heap: 60 % of it is for entries (SMACHE_MAX_BYTES), about 70 MB is the server, the rest is for
# requests. 384 MB lets four servers live beside each other on a small machine.
#
# The parser of the listener takes bytes beyond ASCII in fields (RFC 9110, section 5.5); the guard
# refuses what it would take besides.
# shellcheck disable=SC2086 # SMACHE_JAVA_OPTS is a list of words
exec "$java" @"$here/jvm.options" -Xms"${SMACHE_HEAP:-384m}" -Xmx"${SMACHE_HEAP:-384m}" ${SMACHE_JAVA_OPTS:-} \
  -Djava.util.concurrent.ForkJoinPool.common.parallelism="$parallelism" \
  -Dorg.glassfish.grizzly.http.STRICT_HEADER_VALUE_VALIDATION_RFC_9110=false \
  -jar "$jar" --addlibs "$guard" \
  --port "$port" --rootdir "$root" \
  --nohazelcast --disablephonehome \
  --minhttpthreads "$threads" --maxhttpthreads "$threads" \
  --prebootcommandfile "$root/pre-boot.asadmin" \
  --postdeploycommandfile "$here/post-deploy.asadmin" --logproperties "$here/logging.properties" \
  "${deploy[@]}"

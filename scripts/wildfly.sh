#!/usr/bin/env bash
# Starts one WildFly server with given WARs, in the foreground.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<EOF
Usage: wildfly.sh --port PORT --root DIR WAR...

Starts WildFly on PORT with the given WARs; DIR keeps the server's files and may be deleted when it
has stopped. What a node or uplink is told comes from the environment; README.md lists it.

  WILDFLY_HOME         the server (default: in target/servers/, put there by ./mvnw -Pwildfly package);
                       gets a configuration of its own, smache.xml, beside its others
  SMACHE_HEAP          size of the heap (default: 384m)
  SMACHE_JAVA_OPTS     further options of the JVM
  SMACHE_IO_THREADS    threads that read and write (default: the cores)
  SMACHE_HTTP_THREADS  threads that work (default: twice the cores)
  SMACHE_SERVER_BIND   address that the server listens at (default: all; 127.0.0.1 when SMACHE_PORT gives the
                       node a front, which is the door for others)
EOF
}

port='' root='' wars=()
while [ $# -gt 0 ]; do
  case $1 in
    --help) usage; exit 0 ;;
    --port | --root)
      [ $# -gt 1 ] || fail "$1 needs a value"
      declare "${1#--}=$2"
      shift 2
      ;;
    -*) fail "unknown option $1; see --help" ;;
    *) wars+=("$1"); shift ;;
  esac
done
[ -n "$port" ] && [ -n "$root" ] && [ ${#wars[@]} -gt 0 ] || fail "--port, --root and a WAR are needed; see --help"

home=${WILDFLY_HOME:-$(find "$repo/target/servers" -maxdepth 1 -name 'wildfly-*' 2>/dev/null | head -n 1 || true)}
[ -f "$home/jboss-modules.jar" ] || fail "no WildFly at '$home'; ./mvnw -Pwildfly package puts it into target/servers"

# Makes smache.xml once, also when several servers start at the same time.
configure() {
  local configuration=$home/standalone/configuration lock=$home/.smache.lock end=$((SECONDS + 120))
  until mkdir "$lock" 2>/dev/null; do
    [ $SECONDS -lt $end ] || fail "$lock has been there for two minutes; if no other wildfly.sh is starting, remove it"
    sleep 0.2
  done
  trap 'rmdir "$lock" 2>/dev/null' EXIT
  if [ ! -f "$configuration/smache.done" ] || [ "$repo/scripts/wildfly.cli" -nt "$configuration/smache.done" ]; then
    cp "$configuration/standalone.xml" "$configuration/smache.xml"
    JBOSS_HOME=$home "$home/bin/jboss-cli.sh" --file="$repo/scripts/wildfly.cli" >"$home/smache-cli.log" 2>&1 ||
      fail "WildFly did not take scripts/wildfly.cli; its log is $home/smache-cli.log"
    touch "$configuration/smache.done"
  fi
  rmdir "$lock"
  trap - EXIT
}

configure
mkdir -p "$root"
rm -rf "$root/standalone"
mkdir -p "$root/standalone/deployments"
cp -R "$home/standalone/configuration" "$root/standalone/"
cp "${wars[@]}" "$root/standalone/deployments/"

cores=$(getconf _NPROCESSORS_ONLN)
export SMACHE_IO_THREADS=${SMACHE_IO_THREADS:-$cores} SMACHE_HTTP_THREADS=${SMACHE_HTTP_THREADS:-$((cores * 2))}

# With a parallelism of 1, the JDK starts a thread for every asynchronous step of its HTTP client.
parallelism=$((cores > 2 ? cores - 1 : 2))

server_bind=${SMACHE_SERVER_BIND:-${SMACHE_PORT:+127.0.0.1}}
server_bind=${server_bind:-0.0.0.0}

# shellcheck disable=SC2086 # SMACHE_JAVA_OPTS is a list of words
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" @"$repo/payara-config/jvm.options" -Xms"${SMACHE_HEAP:-384m}" -Xmx"${SMACHE_HEAP:-384m}" ${SMACHE_JAVA_OPTS:-} \
  -Djava.util.concurrent.ForkJoinPool.common.parallelism="$parallelism" \
  --add-exports=java.naming/com.sun.jndi.ldap=ALL-UNNAMED \
  --add-exports=java.naming/com.sun.jndi.url.ldap=ALL-UNNAMED \
  --add-exports=java.naming/com.sun.jndi.url.ldaps=ALL-UNNAMED \
  --add-exports=jdk.naming.dns/com.sun.jndi.dns=ALL-UNNAMED \
  --add-opens=java.base/java.lang.invoke=ALL-UNNAMED \
  --add-opens=java.base/java.lang.reflect=ALL-UNNAMED \
  --add-opens=java.base/java.net=ALL-UNNAMED \
  --add-opens=java.base/java.security=ALL-UNNAMED \
  --add-opens=java.base/java.util.concurrent=ALL-UNNAMED \
  --add-opens=java.management/javax.management=ALL-UNNAMED \
  --add-opens=java.naming/javax.naming=ALL-UNNAMED \
  -Djboss.home.dir="$home" -Djboss.server.base.dir="$root/standalone" \
  -Dlogging.configuration="file:$root/standalone/configuration/logging.properties" \
  -Djboss.socket.binding.port-offset=$((port - 8080)) -Djboss.bind.address="$server_bind" \
  -jar "$home/jboss-modules.jar" -mp "$home/modules" org.jboss.as.standalone -c smache.xml

#!/usr/bin/env bash
# Counts what deployments that are over leave in the server.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib.sh"

usage() {
  cat <<EOF
Usage: bench-redeploy.sh [--times N] [--wildfly]

Starts a server with a node, and N times (default: 10) removes the node from the running server and deploys it
again; then removes it for good, collects the garbage, and prints which class loaders of applications, which
threads and how much memory outside the heap are left, and whether its ports are free. In turn with a
front, without one, in a grid, and for comparison with a servlet that does nothing.

  --wildfly  on WildFly instead of Payara Micro
EOF
}

times=10 server=payara-config/micro.sh profile=()
while [ $# -gt 0 ]; do
  case $1 in
    --wildfly) server=scripts/wildfly.sh profile=(-Pwildfly); shift ;;
    *) number_option 'times' "$@" || fail "unknown option $1; see --help"; shift 2 ;;
  esac
done
need_jdk
need_curl
# shellcheck source=bench/bench-lib.sh
. "$repo/bench/bench-lib.sh"
build_bench "$out/classes" "${profile[@]}"
bench_war bare "$out/classes"
front=$(free_port 19380) port=$(free_port 19480) grid=$(free_port 19500) uplink=$(free_port 19680)
secret=$(new_secret)

# logged TEXT COUNT: waits until the server has logged it so many times.
logged() {
  local i
  for i in $(seq 600); do
    [ "$(grep -c "$1" "$work/server.log" || true)" -lt "$2" ] || return 0
    kill -0 "${pids[-1]}" || break
    sleep 0.5
  done
  tail -n 20 "$work/server.log" >&2
  fail "the server has not said '$1' $2 times"
}

# on_payara WAR: asks the server to deploy again when it has started, and to remove it at the end.
on_payara() {
  local config=$work/payara-config name i
  name=$(basename "$1" .war)
  rm -rf "$config"
  cp -r payara-config "$config"
  for i in $(seq "$times"); do
    echo "undeploy $name"
    echo "deploy --contextroot / --name $name $1"
  done >>"$config/post-deploy.asadmin"
  echo "undeploy $name" >>"$config/post-deploy.asadmin"
  begin server env PAYARA_MICRO_JAR="$micro_jar" "${environment[@]}" "$config/micro.sh" --port "$port" --root "$work/root" "$1"
  logged 'Payara Micro .* ready in' 1
}

# marked FILE: waits until the scanner of deployments has put its mark there.
marked() {
  local i
  for i in $(seq 240); do
    [ ! -e "$1" ] || return 0
    kill -0 "${pids[-1]}" || break
    sleep 0.5
  done
  tail -n 20 "$work/server.log" >&2
  fail "the server has not made $1"
}

# on_wildfly WAR: tells the server's scanner of deployments by files beside the WAR.
on_wildfly() {
  local deployment i
  deployment=$work/root/standalone/deployments/$(basename "$1")
  begin server env "${environment[@]}" "$server" --port "$port" --root "$work/root" "$1"
  marked "$deployment.deployed"
  for i in $(seq "$times"); do
    rm "$deployment.deployed"
    marked "$deployment.undeployed"
    mv "$deployment.undeployed" "$deployment.dodeploy"
    marked "$deployment.deployed"
  done
  rm "$deployment.deployed"
  marked "$deployment.undeployed"
}

# left NAME: prints what is left.
left() {
  local pid=${pids[-1]} i
  for i in $(seq 15); do # what one collection finds, references to it may hold until the next
    "${java}jcmd" "$pid" GC.run >/dev/null
    sleep 1
  done
  "${java}jcmd" "$pid" VM.classloaders show-classes=false >"$work/loaders"
  "${java}jcmd" "$pid" VM.native_memory summary scale=KB >"$work/native"
  printf '%-14s %3d class loaders, %3d threads, %7d KB outside the heap and the classes; ports: %s\n' "$1" \
    "$(grep -cE 'WebappClassLoader|deployment\.' "$work/loaders")" \
    "$(awk '/^Threads:/ { print $2 }' "/proc/$pid/status")" \
    "$(awk '/^- *Other \(/ { match($0, /committed=[0-9]+/); print substr($0, RSTART + 10, RLENGTH - 10) }' "$work/native")" \
    "$(port_taken "$front" || port_taken "$grid" && echo taken || echo free)"
}

begin uplink env SMACHE_SECRET="$secret" SMACHE_HEAP=256m payara-config/micro.sh --port "$uplink" --root "$work/uplink" "$uplink_war"
await uplink "http://127.0.0.1:$uplink/uplink/healthcheck"

for each in front no-front grid bare; do
  war=$node_war environment=(SMACHE_HEAP=512m SMACHE_JAVA_OPTS=-XX:NativeMemoryTracking=summary NODE_NAME=again)
  case $each in
    front) environment+=(SMACHE_PORT="$front" SMACHE_SERVER_BIND=127.0.0.1) ;;
    grid)
      environment+=(SMACHE_PORT="$front" SMACHE_SERVER_BIND=127.0.0.1 SMACHE_ENGINE=grid SMACHE_GRID_PORT="$grid"
        SMACHE_SECRET="$secret" NODE_URL="http://127.0.0.1:$front" UPLINK_URL="http://127.0.0.1:$uplink/uplink")
      ;;
    bare) war=$work/bare.war ;;
  esac
  if [ ${#profile[@]} -gt 0 ]; then
    on_wildfly "$war"
  else
    on_payara "$war"
  fi
  left $each
  end_last
done

# shellcheck shell=bash
# What the scripts share. Sourced, not run.

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
state=$repo/target/smache
node_war=$repo/smache-node-war/target/smache-node.war
uplink_war=$repo/smache-uplink-war/target/smache-uplink.war
micro_jar=$repo/target/servers/payara-micro.jar
listener_guard=$repo/payara-config/target/payara-listener-guard.jar
bench_classpath=$repo/smache-tests/target/classpath.txt
java=${JAVA_HOME:+$JAVA_HOME/bin/}

fail() {
  echo "$(basename "$0"): $*" >&2
  exit 1
}

# Prints the major version of the JDK that java belongs to.
java_major() {
  "${java}java" -version 2>&1 |
    awk -F '"' '/version/ { split($2, v, "."); print (v[1] == 1 ? v[2] : v[1]); exit }'
}

need_jdk() {
  local major
  command -v "${java}javac" >/dev/null ||
    fail "no JDK found; install a JDK 17 or newer, or set JAVA_HOME to one"
  major=$(java_major)
  [ "${major:-0}" -ge 17 ] || fail "the JDK is version ${major:-unknown}, but 17 or newer is needed; set JAVA_HOME to one"
}

# What the tests need that cut networks.
need_namespaces() {
  [ "$(id -u)" -eq 0 ] && command -v ip >/dev/null ||
    fail "the tests make network namespaces: run this as root, with iproute2 installed (Debian: apt-get install iproute2)"
}

# What the tests need that put proxies before a node.
need_proxies() {
  command -v nginx >/dev/null && command -v haproxy >/dev/null && command -v varnishd >/dev/null ||
    fail "the tests start nginx, HAProxy and Varnish: install them (Debian: apt-get install nginx haproxy varnish)"
}

need_browser() {
  [ -x /usr/bin/chromium ] && [ -x /usr/bin/chromedriver ] ||
    fail "the tests drive Chromium: install it with its driver (Debian: apt-get install chromium chromium-driver)"
}

need_wrk() {
  command -v wrk >/dev/null || fail "no wrk found; install it (Debian: apt-get install wrk, macOS: brew install wrk)"
}

# need_number OPTION VALUE: fails unless it is a whole number from 1 to 999999.
need_number() {
  [[ $2 =~ ^[1-9][0-9]{0,5}$ ]] || fail "$1 takes a whole number from 1 to 999999, not '$2'"
}

# number_option NAMES OPTION VALUE: for --help tells and ends; for an option of one of these names puts its
# number into the variable of that name. Returns whether it was one.
number_option() {
  [ "$2" != --help ] || { usage; exit 0; }
  [[ $2 == --* && " $1 " == *" ${2#--} "* ]] || return 1
  need_number "$2" "${3:-}"
  printf -v "${2#--}" %s "$3"
}

need_curl() {
  command -v curl >/dev/null || fail "no curl found; install it"
}

# call ARGUMENT...: curl, which shows the token SMACHE_TOKEN if there is one; not in the list of processes,
# which others can read.
call() {
  if [ -n "${SMACHE_TOKEN:-}" ]; then
    curl --config <(printf 'header = "Authorization: Bearer %s"\n' "$SMACHE_TOKEN") "$@"
  else
    curl "$@"
  fi
}

# Builds the WARs and fetches Payara Micro, unless they are there and newer than every source.
build() {
  if [ -f "$node_war" ] && [ -f "$uplink_war" ] && [ -f "$micro_jar" ] && [ -f "$listener_guard" ] &&
    [ -z "$(find "$repo"/pom.xml "$repo"/smache-{protocol,node-war,uplink-war}/{pom.xml,src/main} "$repo"/payara-config/{pom.xml,src/main} \
      -newer "$node_war" -type f | head -n 1)" ]; then
    return
  fi
  echo "Building Smache (the first time this fetches Payara Micro, about 100 MB) …"
  mkdir -p "$state"
  "$repo/mvnw" -f "$repo/pom.xml" -q -B package -DskipTests -pl smache-node-war,smache-uplink-war,payara-config -am \
    >"$state/build.log" 2>&1 || {
    tail -n 30 "$state/build.log" >&2
    fail "the build failed; the whole log is $state/build.log"
  }
}

# bench_path DIRECTORY: prints the class path of the programs of the bench that are built there.
bench_path() {
  echo "$1:$repo/smache-node-war/target/classes:$repo/smache-protocol/target/classes:$(cat "$bench_classpath")"
}

# build_bench DIRECTORY [MAVEN_ARGUMENT...]: builds Smache, and the programs of the bench into the directory.
build_bench() {
  local classes=$1
  shift
  echo "Building …"
  ./mvnw -q -B -Pbench "$@" package dependency:build-classpath -DskipTests -Dmdep.outputFile="$bench_classpath" \
    -pl smache-tests,payara-config -am
  rm -rf "$classes"
  mkdir -p "$classes"
  # shellcheck disable=SC2046 # names without spaces
  "${java}javac" -nowarn -processor org.openjdk.jmh.generators.BenchmarkProcessor -cp "$(bench_path "$classes")" -d "$classes" \
    $(find smache-tests/src/bench/java -name '*.java') >"$classes/javac.log" 2>&1 || {
    cat "$classes/javac.log" >&2
    fail "the programs of the bench do not compile"
  }
}

# Prints 64 characters from a strong source of randomness.
new_secret() {
  head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n'
  echo
}

# Makes the secret of the servers on this machine, once, readable by its owner only.
local_secret() {
  mkdir -p "$state"
  [ -s "$state/secret" ] || (umask 077 && new_secret >"$state/secret")
  cat "$state/secret"
}

# Returns whether something listens on a port of this machine.
port_taken() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# free_port FROM: prints the first port from there on that nothing listens on.
free_port() {
  local port=$1
  while port_taken "$port"; do
    port=$((port + 1))
  done
  echo "$port"
}

# Returns whether a URL answers with 200.
answers() {
  curl -sf -m 2 -o /dev/null "$1"
}

# Prints the sentence in which a server says why it does not start, if its log has one.
refusal() {
  sed -n 's/.*Smache does not start: //p' "$1" 2>/dev/null | head -n 1
}

#!/usr/bin/env bash
# Measures the core without a server, with JMH.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib.sh"

if [ "${1:-}" = --help ]; then
  cat <<EOF
Usage: bench-core.sh [JMH_ARGUMENT...]

Measures reading, writing, conditional writing, incrementing, the sweep, making a key and finding its
owner, in ns each, with JMH: one thread, 131,072 entries. With '-prof gc' it shows what each allocates.
The numbers go to target/bench/core.csv.
EOF
  exit 0
fi
need_jdk
cd "$repo"
out=$repo/target/bench
mkdir -p "$out"
build_bench "$out/classes"
"${java}java" -cp "$(bench_path "$out/classes")" org.openjdk.jmh.Main CoreBench -rf csv -rff "$out/core.csv" "$@"

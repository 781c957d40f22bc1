#!/usr/bin/env bash
# Makes a table, a CSV file and a picture of measured rows.
set -euo pipefail

usage() {
  cat <<EOF
Usage: bench-table.sh RAW OUT [ROW/ROW[=TARGET]...]

RAW has a line for each row and round: NAME,RATE,P99_US,FAILED; P99_US is 0 where none was measured.
Prints the median and the spread of each row, and the ratio of the medians of two rows beside what it
should be at least; writes OUT.csv and OUT.svg.
EOF
}

[ "${1:-}" != --help ] || { usage; exit 0; }
[ $# -ge 2 ] || { usage >&2; exit 2; }
raw=$1 out=$2
shift 2
rows=$(sort -t, -k1,1 -k2,2n "$raw" | awk -F, '
  function flush(  median) {
    if (n) {
      median = n % 2 ? rate[(n + 1) / 2] : (rate[n / 2] + rate[n / 2 + 1]) / 2
      printf "%s,%.0f,%.0f,%.0f,%.0f,%d\n", name, median, rate[1], rate[n], p99 / n, failed
    }
    n = p99 = failed = 0
  }
  $1 != name { flush(); name = $1 }
  { rate[++n] = $2; p99 += $3; failed += $4 }
  END { flush() }')
{
  echo row,median,least,most,mean_p99_us,failed
  echo "$rows"
} >"$out.csv"
awk -F, '
  BEGIN { printf "%-18s %12s %21s %12s\n", "row", "median req/s", "least - most", "p99" }
  { printf "%-18s %12d %10d - %8d %12s%s\n", $1, $2, $3, $4, $5 ? sprintf("%.1f ms", $5 / 1000) : "", $6 ? "   failed: " $6 : "" }' <<<"$rows"
echo
for ratio in "$@"; do
  awk -F, -v pair="${ratio%=*}" -v target="${ratio#"${ratio%=*}"}" '
    BEGIN { split(pair, of, "/") }
    { rate[$1] = $2; p99[$1] = $5 }
    END {
      if (rate[of[1]] && rate[of[2]])
        printf "%-32s %5.2f  %-15s%s\n", pair, rate[of[1]] / rate[of[2]], target ? "(at least " substr(target, 2) ")" : "", p99[of[1]] && p99[of[2]] ? sprintf(" p99 %5.2f", p99[of[1]] / p99[of[2]]) : ""
    }' <<<"$rows"
done
awk -F, '
  { name[NR] = $1; rate[NR] = $2; if ($2 > top) top = $2 }
  END {
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"720\" height=\"%d\" font-family=\"sans-serif\" font-size=\"13\">\n", NR * 26 + 36
    print "<text x=\"8\" y=\"18\">requests a second, median</text>"
    for (i = 1; i <= NR; i++) {
      y = 4 + i * 26
      printf "<text x=\"8\" y=\"%d\">%s</text><rect x=\"150\" y=\"%d\" width=\"%d\" height=\"18\" fill=\"#4a7ab5\"/>", y + 14, name[i], y, rate[i] / top * 480
      printf "<text x=\"%d\" y=\"%d\">%d</text>\n", 156 + rate[i] / top * 480, y + 14, rate[i]
    }
    print "</svg>"
  }' <<<"$rows" >"$out.svg"
echo
echo "$out.csv, $out.svg"

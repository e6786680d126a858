#!/usr/bin/env bash
# wrk against the real server beside bare Beast, one after the other, twice: requests a second and
# latencies of a start, a status and an actor call, and their ratio to beast_hello.
#
# Usage: wrk.sh BIN [SECONDS]      BIN: where reprise-examples and anchor-beast_hello are
set -euo pipefail
bin=${1:?usage: wrk.sh BIN [SECONDS]}
seconds=${2:-10}
port=${REPRISE_PORT:-7272}
work=$(mktemp -d)
child=
finish() {
  [ -z "$child" ] || kill "$child" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

# NAME PATH METHOD BODY PORT: prints "NAME RATE P50 P99", and keeps the rate.
measure() {
  local name=$1 path=$2 method=$3 body=$4 at=$5
  {
    echo "wrk.method = '$method'"
    echo "wrk.headers['Content-Type'] = 'application/json'"
    [ -z "$body" ] || echo "wrk.body = '$body'"
  } >"$work/$name.lua"
  wrk -t2 -c64 -d"${seconds}s" --latency -s "$work/$name.lua" "http://127.0.0.1:$at$path" >"$work/$name.out"
  if grep -q 'Non-2xx' "$work/$name.out"; then
    echo "wrk.sh: $name was refused:" >&2
    cat "$work/$name.out" >&2
    exit 1
  fi
  rate=$(awk '/Requests\/sec/ { print $2 }' "$work/$name.out")
  printf '%-12s %10s a second   p50 %8s   p99 %8s' "$name" "$rate" \
    "$(awk '$1 == "50%" { print $2 }' "$work/$name.out")" "$(awk '$1 == "99%" { print $2 }' "$work/$name.out")"
}

until_answers() { until curl -s -o /dev/null "http://127.0.0.1:$port$1"; do sleep 0.05; done; }

hello() {
  "$bin/anchor-beast_hello" --port "$port" --seconds 3600 >"$work/hello.log" 2>&1 &
  child=$!
  until_answers /
  measure hello / POST '{"amount":1}' "$port"
  echo
  bare=$rate
  kill "$child"
  wait "$child" 2>/dev/null || true
}

ratio() { awk -v a="$rate" -v b="$bare" 'BEGIN { printf "   %.2f of bare Beast\n", a / b }'; }

for round in 1 2; do
  hello
  "$bin/reprise-examples" serve --data "$work/data$round" --port "$port" >"$work/server.log" 2>&1 &
  child=$!
  until_answers /readyz
  df=/runtime/webhooks/durabletask
  curl -fsS -o /dev/null -X POST "http://127.0.0.1:$port$df/orchestrators/hello_cities/one"
  measure actor-call /v1/actors/counter/mine/add POST '{"amount":1}' "$port"
  ratio
  measure status "$df/instances/one" GET '' "$port"
  ratio
  measure start "$df/orchestrators/hello_cities" POST '' "$port"
  ratio
  kill "$child"
  wait "$child" 2>/dev/null || true
  child=
done

#!/usr/bin/env bash
# Follows docs/tutorial.md from top to bottom, as a reader would, and compares what each command prints with
# what the page shows.
#
#   follow.sh PAGE STEPS BUILD WORK
#
# PAGE: the tutorial. STEPS: this folder; STEPS/N/ has the files that change in step N, whole. BUILD: the build
# of Reprise that is installed. WORK: a folder that is made anew. CXX, CMAKE_GENERATOR and
# CMAKE_CXX_COMPILER_LAUNCHER say how the project is built.
#
#   <!-- from tests/tutorial/N/FILE -->   FILE is now that of step N (tests/tidy compares the block with it)
#   ```console                            commands, and below each what it prints; `...` is any number of lines
#
# Every other code block is an error, and so is a line that a step adds to a file and the page does not show.
# Times, ports and numbers of attempts may differ. What only looks is asked again until it fits, for 30 s.
set -u
export LC_ALL=C.UTF-8

page=$(realpath "$1")
steps=$(realpath "$2")
build=$(realpath "$3")
rm -rf "$4" && mkdir -p "$4" && work=$(realpath "$4")

# --- the reader's machine ------------------------------------------------------------------------

command -v ccache >/dev/null && export CCACHE_DIR=${CCACHE_DIR:-$(ccache -k cache_dir)}
for name in $(compgen -e REPRISE_); do unset "$name"; done
export HOME=$work/home no_proxy='*' REPRISE_PORT=0  # any port: the server says which
project=$HOME/parcels
mkdir -p "$HOME" "$work/clone/build" "$work/shown"
ln -s "$build" "$work/clone/build/release"
cd "$work/clone" || exit 1

trap 'for job in $(jobs -p); do kill -9 "$job"; done' EXIT

number=0  # of the line of the page
place=    # of the command
wrong() {
  printf '%s:%s: %s\n' "$page" "${place:-$number}" "$*"
  exit 1
}

# --- comparing -----------------------------------------------------------------------------------

# What may differ from the page, named; and without what a shell says of a job that was killed.
plain() {
  sed -E \
    -e '/: line [0-9]+: +[0-9]+ (Killed|Terminated)/d' \
    -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+(\.[0-9]+)?Z/TIME/g' \
    -e 's/"[0-9]{19}"/"NANOSECONDS"/g' \
    -e 's/127\.0\.0\.1:[0-9]+/SERVER/g' \
    -e 's/@[0-9]+\.[0-9]+#/@GENERATION#/g' \
    -e 's/attempt [0-9]+/attempt N/g' \
    -e 's/ +/ /g' -e 's/ +$//'
}

# fits WANTED: does the file $work/said? No <(...) here: it would be what the page means by `$!`.
fits() {
  local pattern
  pattern=$(printf %s "$1" | plain | sed -e 's/[][*?\\]/\\&/g' -e 's/^\.\.\.$/\x01/')
  pattern=${pattern:+$pattern$'\n'}
  pattern=${pattern//$'\x01\n'/*}
  local said
  said=$(plain <"$work/said")
  [ -z "$said" ] || said+=$'\n'
  # shellcheck disable=SC2053
  [[ $said == $pattern ]]
}

told() { printf 'the page shows:\n%s\nit printed:\n%s\n' "$1" "$(cat "$work/said")"; }

# --- commands ------------------------------------------------------------------------------------

commands=0
status=0  # of the last one: `echo $?`
looks='^(\./build/parcels (why|history|list|get|actor get) |cat |curl -s http)'

serve() {  # COMMAND WANTED
  local end=$((SECONDS + 30))
  rm -f "$work/server"
  eval "$1 >\"\$work/server\" 2>&1 &"
  until cp "$work/server" "$work/said" && fits "$2"; do
    if [ $SECONDS -ge $end ] || ! kill -0 $! 2>/dev/null; then wrong "$1: $(told "$2")"; fi
    sleep 0.1
  done
  REPRISE_SERVER=$(grep -o 'http://[0-9.:]*' "$work/said")
  export REPRISE_SERVER
}

follow() {  # COMMAND WANTED NEXT_COMMAND
  local command=$1 wanted=$2 end=$((SECONDS + 30))
  commands=$((commands + 1))
  if [[ $command == *' &' ]]; then
    serve "${command% &}" "$wanted"
    return
  fi
  [ -z "${REPRISE_SERVER:-}" ] || command=${command//http:\/\/127.0.0.1:7071/$REPRISE_SERVER}
  while :; do
    (exit "$status")
    eval "$command" >"$work/said" 2>&1 </dev/null
    status=$?
    if fits "$wanted" && { [ $status = 0 ] || [ "$3" = 'echo $?' ]; }; then return; fi
    if [ $SECONDS -ge $end ] || ! [[ $command =~ $looks ]]; then
      wrong "$command ended with $status; $(told "$wanted")"
    fi
    sleep 0.2
  done
}

console() {  # LINES FIRST_NUMBER
  local line command='' wanted='' asked=0 here=$(($2 - 1))
  while IFS= read -r line; do
    here=$((here + 1))
    if [[ $line == '$ '* ]]; then
      [ $asked = 0 ] || follow "$command" "$wanted" "${line#\$ }"
      command=${line#\$ } wanted='' asked=1 place=$here
    else
      [ $asked = 1 ] || wrong "a console block begins with a command"
      wanted+=$line$'\n'
    fi
  done <<<"${1%$'\n'}"
  follow "$command" "$wanted" ''
  place=
}

# --- files ---------------------------------------------------------------------------------------

# Lines of a step that the step before did not have are on the page.
nothing_unseen() {
  local step file before line
  for step in "$steps"/[0-9]*; do
    for file in "$step"/*; do
      before=/dev/null
      local other=${step##*/}
      while [ $((other -= 1)) -gt 0 ]; do
        [ -e "$steps/$other/${file##*/}" ] && before=$steps/$other/${file##*/} && break
      done
      while IFS= read -r line; do
        [ -z "$line" ] || grep -qxF -e "$line" "$work/shown/${step##*/}.${file##*/}" 2>/dev/null ||
          wrong "the page does not show this line of $file: $line"
      done < <(diff --old-line-format= --unchanged-line-format= --new-line-format=$'%L' "$before" "$file")
    done
  done
}

# --- the page ------------------------------------------------------------------------------------

mapfile -t lines <"$page"
read_block() {  # sets `block` and `number`: what stands from here to the fence
  block=
  for ((number++; number <= ${#lines[@]}; number++)); do
    [ "${lines[number - 1]}" = '```' ] && return
    block+=${lines[number - 1]}$'\n'
  done
  wrong "a code block has no end"
}

quotations=0
for pass in look follow; do
  for ((number = 1; number <= ${#lines[@]}; number++)); do
    line=${lines[number - 1]}
    if [[ $line =~ ^'<!-- from tests/tutorial/'([0-9]+)/([^ /]+)' -->'$ ]]; then
      step=${BASH_REMATCH[1]} file=${BASH_REMATCH[2]}
      number=$((number + 1))
      read_block
      if [ $pass = look ]; then
        printf %s "$block" >>"$work/shown/$step.$file"
        quotations=$((quotations + 1))
      else
        cp "$steps/$step/$file" "$project/"
      fi
    elif [ "$line" = '```console' ]; then
      first=$((number + 1))
      read_block
      [ $pass = look ] || console "$block" "$first"
    elif [[ $line == '```'* ]]; then
      wrong "this code block is neither a file of a step nor a console"
    fi
  done
  [ $pass = follow ] || nothing_unseen
done

if [ $quotations -lt 20 ] || [ $commands -lt 50 ]; then wrong "too little is followed: $quotations, $commands"; fi
echo "followed: $quotations quotations, $commands commands"

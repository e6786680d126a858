#!/usr/bin/env bash
# What ./dev refuses, before it installs or builds anything.
set -u
cd "$(dirname "$0")/../.."
failed=0

# refused WORDS ARGUMENTS...: ends with 1, and says that.
refused() {
  local words=$1 said status
  shift
  said=$(REPRISE_NO_INSTALL=1 ./dev "$@" 2>&1)
  status=$?
  if [ $status != 1 ] || [[ $said != *"$words"* ]]; then
    echo "./dev $*: wanted 1 and \"$words\", came $status: $said"
    failed=1
  fi
}

refused "there is no command dance" dance
refused "test has no option --longer" test --longer
refused "there is no fuzzer nothing" fuzz nothing
refused "keys" fuzz nothing # it names those that there are
for minutes in "" 0 -1 many 1.5 100000; do refused "--minutes takes" fuzz keys --minutes "$minutes"; done
refused "--minutes takes" fuzz --minutes

for name in $(sed -n 's/^reprise_fuzzer(\([a-z]*\).*/\1/p' tests/fuzz/CMakeLists.txt); do
  [ -d "tests/fuzz/corpus/$name" ] || { echo "fuzzer $name has no corpus"; failed=1; }
done
exit $failed

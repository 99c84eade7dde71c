#!/bin/sh
# Everything that is checked, from nothing: builds, unit tests, fuzz targets, real Cassandra and real drivers.
#
# usage: ./test [PART...]
#   rooms   every include is within its room's row
#   unit    gcc with AddressSanitizer and UBSan: every C test and the replay of every fuzz corpus
#   clang   the same code with clang: not one warning, and the fuzz targets for some seconds each
#   tsan    ThreadSanitizer over what has more than one loop, sessions by the hundred among them
#   gateway a node that records what it received, in front of it the traps, strangers and crowds
#   e2e     the real binary, a real Cassandra, real drivers and cqlsh, kill -9
#   demo    ./run from an empty folder to its lines, and the lines themselves
#   fuzz    the fuzz targets for a minute each
#   long    all parts, each in its long version
# Without a part: all of them but fuzz and long. Further words after e2e go to pytest.
# Ends with one line, "N passed, N failed"; the exit code is 1 when something failed.
set -u
cd "$(dirname "$0")" || exit 1

tests=test
[ ! -d tests ] || tests=tests
work=.latchkey
venv=$work/venv
passed=0 failed=0
began=$(date +%s)
mkdir -p "$work"

say() { printf '[%4ds] %s\n' "$(($(date +%s) - began))" "$1"; }

# PASSED FAILED of a part that has ended.
count() {
    passed=$((passed + $1))
    failed=$((failed + $2))
    say "$3: $1 passed, $2 failed"
}

# NAME COMMAND...: one check that either holds or does not; its words are shown when it does not.
check() {
    name=$1
    shift
    log=$work/check-$(printf %s "$name" | tr -c 'a-z0-9\n' -).log
    if "$@" >"$log" 2>&1; then
        count 1 0 "$name"
    else
        tail -n 60 "$log" >&2
        count 0 1 "$name"
        return 1
    fi
}

# FOLDER OPTIONS...: a build folder with exactly these options; warnings are errors in all of them.
build() {
    folder=$1
    shift
    if [ -f "$folder/build.ninja" ]; then
        meson configure "$folder" "$@" -Dwerror=true
    else
        meson setup "$folder" "$@" -Dwerror=true
    fi && ninja -C "$folder"
}

python_tools() {
    wanted=$tests/e2e/requirements.txt
    if ! cmp -s "$wanted" "$venv/requirements.txt"; then
        rm -rf "$venv"
        python3 -m venv "$venv" &&
            "$venv/bin/pip" install -q --disable-pip-version-check -r "$wanted" &&
            cp "$wanted" "$venv/requirements.txt"
    fi
}

node_tools() {
    wanted=$tests/e2e/node/package-lock.json
    if ! cmp -s "$wanted" "$work/node/package-lock.json"; then
        rm -rf "$work/node"
        mkdir -p "$work/node" &&
            cp "$tests/e2e/node/package.json" "$wanted" "$work/node/" &&
            npm --prefix "$work/node" ci --silent --no-fund --no-audit || {
            rm -rf "$work/node"
            return 1
        }
    fi
}

sanitizers() {
    export ASAN_OPTIONS=abort_on_error=0:detect_stack_use_after_return=1:strict_string_checks=1
    export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
    export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1:suppressions=$(pwd)/$tests/tsan.supp
}

# BUILD NAMES...: meson's tests (all, or these by name), counted one by one.
meson_test() {
    folder=$1 label=$2
    shift 2
    rm -f "$folder/meson-logs/testlog.json"
    meson test -C "$folder" --no-rebuild --num-processes 2 --timeout-multiplier "${multiplier:-1}" "$@" \
        >"$work/meson-test.log" 2>&1 || :
    # shellcheck disable=SC2046
    count $(python3 "$tests/count.py" meson "$folder") "$label"
}

part_rooms() { check "rooms" python3 tools/check_rooms; }

build_test() { check "build gcc asan ubsan" build "$work/build-test" -Dbuildtype=debugoptimized -Db_sanitize=address,undefined; }

part_unit() {
    build_test || return
    meson_test "$work/build-test" "unit"
}

part_clang() {
    check "build clang" env CC=clang "./$(basename "$0")" build-only "$work/build-clang" \
        -Dbuildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false -Dfuzz=true || return
    fuzz_seconds=${fuzz_seconds:-5}
    for target in "$work"/build-clang/"$tests"/fuzz/fuzz_*; do
        if [ -f "$target" ] && [ -x "$target" ]; then fuzz_one "$target"; fi
    done
}

fuzz_one() {
    name=$(basename "$1")
    corpus=$work/corpus/$name
    mkdir -p "$corpus"
    check "$name ${fuzz_seconds}s" "$1" -max_total_time="$fuzz_seconds" -timeout=10 -rss_limit_mb=2048 \
        -artifact_prefix="$work/$name-" -print_final_stats=1 "$corpus" "$tests/fuzz/corpus/${name#fuzz_}"
}

part_fuzz() {
    fuzz_seconds=60
    part_clang
}

# The tests of the rooms that have threads, or are read by several at once.
several_loops() {
    for room in loop net index audit gate store http gateway serve; do
        list=$tests/unit/$room/meson.build
        [ ! -f "$list" ] || grep -oE "'[a-z0-9_]+' *:" "$list" | tr -d "' :"
    done
    [ ! -f "$tests/gateway/meson.build" ] ||
        grep -oE "^ *test\('[a-z0-9_]+'" "$tests/gateway/meson.build" | sed "s/.*'\(.*\)'/\1/"
}

part_tsan() {
    check "build gcc tsan" build "$work/build-tsan" -Dbuildtype=debugoptimized -Db_sanitize=thread || return
    # shellcheck disable=SC2046
    multiplier=5 meson_test "$work/build-tsan" "tsan" $(several_loops)
    check "python packages" python_tools || return
    LATCHKEY_BIN=$work/build-tsan/latchkey LATCHKEY_TEST_SESSIONS=${sessions_tsan:-100} LATCHKEY_TEST_REVOCATIONS=5 \
        py "tsan gateway" "$tests/gateway/test_many.py"
}

# The crowds at full size are for a build without sanitizers, everything else is for one with them.
part_gateway() {
    check "python packages" python_tools && build_test || return
    py "recording node" "$tests/node"
    LATCHKEY_TEST_SESSIONS=200 LATCHKEY_TEST_REVOCATIONS=10 py "gateway" "$tests/gateway"
    check "build release" build "$work/build-release" -Dbuildtype=release -Db_lto=true -Dtests=false || return
    LATCHKEY_BIN=$work/build-release/latchkey py "gateway crowds" "$tests/gateway/test_many.py"
}

py() { # LABEL PYTEST-WORDS...
    label=$1
    shift
    results=$work/$(printf %s "$label" | tr ' ' -).xml
    rm -f "$results"
    LATCHKEY_BIN=$(realpath "${LATCHKEY_BIN:-$work/build-test/latchkey}") \
        timeout -k 10 "${patience:-1200}" "$venv/bin/python" -m pytest -p no:cacheprovider -q --tb=short --durations=3 --junitxml="$results" "$@" || :
    # shellcheck disable=SC2046
    count $(python3 "$tests/count.py" pytest "$results") "$label"
}

e2e_tools() {
    check "python packages" python_tools && check "node packages" node_tools &&
        check "cassandra" python3 "$tests/fixture/cassandra_node.py" fetch
}

part_e2e() {
    e2e_tools && build_test || return
    if [ $# -gt 0 ]; then
        py e2e "$@"
    else
        py e2e "$tests/e2e" --ignore="$tests/e2e/test_demo.py"
    fi
}

part_demo() {
    e2e_tools || return
    py demo "$tests/e2e/test_demo.py"
}

part_long() {
    export LATCHKEY_TEST_LONG=1
    multiplier=20 fuzz_seconds=600 sessions_tsan=1000 patience=14400
    everything
}

everything() {
    for part in rooms unit clang tsan gateway e2e demo; do
        say "$part"
        "part_$part"
    done
}

if [ "${1:-}" = build-only ]; then
    shift
    build "$@"
    exit
fi
case ${1:-} in
    -h | --help) sed -n '3,/^# Ends/s/^# \{0,1\}//p' "$0"; exit 0 ;;
esac
for part; do
    case $part in
        rooms | unit | clang | tsan | gateway | demo | fuzz | long) ;;
        e2e) break ;;
        *) echo "test: there is no part $part; ./test --help" >&2; exit 2 ;;
    esac
done

say "packages"
tools/packages test || { echo "0 passed, 1 failed"; exit 1; }
sanitizers
if [ $# -eq 0 ]; then
    everything
elif [ "$1" = e2e ]; then
    shift
    part_e2e "$@"
else
    while [ $# -gt 0 ]; do
        part=$1
        shift
        if [ "$part" = e2e ]; then
            part_e2e "$@"
            break
        fi
        "part_$part"
    done
fi
say "done"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]

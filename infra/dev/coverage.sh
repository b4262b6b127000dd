# Line coverage of the crates that everything stands on; sourced by ./dev.
# shellcheck shell=sh disable=SC2154 # the variables are dev's

at_least=85

# How many lines of store, job and http their own tests reach, by file; fails below the bound. What the tests of other
# crates reach does not count, nor do the lines of tests themselves.
coverage() {
    setup
    need_llvm
    counts=$target/coverage
    rm -rf "$counts"
    mkdir -p "$counts"
    instrumented_tests >"$counts/built.json"
    status=0
    for crate in store job http; do
        run_counted "$crate" || status=$?
    done
    for crate in store job http; do
        report_lines "$crate" || status=$?
    done
    return "$status"
}

# Builds the tests; dependencies are compiled as ever and shared with other builds.
instrumented_tests() {
    RUSTC_WORKSPACE_WRAPPER=$PWD/infra/dev/instrumented.sh \
        cargo test --locked --quiet --no-run --message-format json -p store -p job -p leito-http
}

# Prints the test programs of one crate.
programs_of() {
    manifest=$PWD/shared/$1/Cargo.toml
    sed -n "s|.*\"manifest_path\":\"$manifest\".*\"executable\":\"\([^\"]*\)\".*|\1|p" "$counts/built.json"
}

run_counted() (
    mkdir "$counts/$1"
    folder=$(realpath "$counts/$1")
    programs=$(programs_of "$1")
    [ -n "$programs" ] || fail "no tests of $1 were built"
    # where cargo runs them, too
    cd "shared/$1" || return 1
    outcome=0
    for program in $programs; do
        LLVM_PROFILE_FILE=$folder/%p-%m.profraw "$program" --quiet || outcome=$?
    done
    return "$outcome"
)

# report_lines CRATE: a line a file, then the whole crate.
report_lines() {
    profile=$counts/$1.profdata
    "$llvm/llvm-profdata" merge -sparse "$counts/$1"/*.profraw -o "$profile" || return
    objects=$(programs_of "$1" | sed '2,$s/^/-object /')
    # shellcheck disable=SC2086 # a list of words
    "$llvm/llvm-cov" export -format=lcov -skip-functions -instr-profile "$profile" $objects \
        "$PWD/shared/$1/src" >"$counts/$1.lcov" || return
    awk -v crate="$1" -v folder="$PWD/shared/$1/src/" -v at_least="$at_least" \
        -f infra/dev/coverage.awk "$counts/$1.lcov"
}

# --- LLVM's readers of the counts --------------------------------------------------------------

# The compiler's own when that rustup component is there; else Debian's, of the same version or an older one down to 19,
# which read the same format.
find_llvm() {
    llvm=$(rustc --print target-libdir)/../bin
    newest=$(rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
    version=$newest
    until [ -x "$llvm/llvm-cov" ]; do
        [ "$version" -ge 19 ] || return 1
        llvm=/usr/lib/llvm-$version/bin
        version=$((version - 1))
    done
}

need_llvm() {
    find_llvm && return
    as_root apt-get update -q >/dev/null
    package=$(apt-cache search --names-only '^llvm-[0-9]+$' | sed 's/^llvm-\([0-9]*\) .*/\1/' | sort -n |
        awk -v newest="$newest" '$1 >= 19 && $1 <= newest { last = $1 } END { if (last) print "llvm-" last }')
    [ -n "$package" ] || fail "no package has an LLVM between 19 and $newest, which reads what this compiler counts"
    apt_install "$package"
    find_llvm || fail "$package has no llvm-cov"
}

# The figures people rely on; sourced by ./dev.
# shellcheck shell=sh disable=SC2154 # the variables are dev's

# Every benchmark, or the one named: the programs bench-* of the crate bench.
bench() {
    setup
    # one build, so that the program they measure has the features it ships with
    cargo build --release --locked --quiet -p leito -p bench
    LEITO_EMULATOR=$PWD/$emulator/bin/ministack
    export LEITO_EMULATOR
    for source in bench/src/bin/bench-${1:-*}.rs; do
        [ -e "$source" ] || fail "no benchmark is called $1"
        printf '\n== %s\n' "$(basename "$source" .rs)"
        "$target/release/$(basename "$source" .rs)"
    done
}

# The figures people rely on; sourced by ./dev.
# shellcheck shell=sh disable=SC2154 # the variables are dev's

# Every benchmark, or the one named with options of its own: the programs bench-* of the crate bench. Each is run, and a
# limit that one of them missed fails the whole.
bench() {
    name=${1:-*}
    [ $# -eq 0 ] || shift
    setup
    # one build, so that the program they measure has the features it ships with
    cargo build --profile server --locked --quiet -p leito -p bench
    case $name in cold-start | \*) functions ;; esac
    LEITO_EMULATOR=$PWD/$emulator/bin/ministack
    export LEITO_EMULATOR
    missed=
    for source in bench/src/bin/bench-$name.rs; do
        [ -e "$source" ] || fail "no benchmark is called $name"
        program=$(basename "$source" .rs)
        printf '\n== %s\n' "$program"
        "$target/server/$program" "$@" || missed="$missed $program"
    done
    [ -z "$missed" ] || fail "not as it should be:$missed"
}

# The tests and the checks; sourced by ./dev.
# shellcheck shell=sh disable=SC2154 # the variables are dev's

# Adds up the runner's own result lines of all test binaries into one closing line.
summary() {
    awk '/^test result:/ { for (i = 1; i < NF; i++) {
             if ($(i + 1) ~ /^passed/) p += $i
             if ($(i + 1) ~ /^failed/) f += $i
             if ($(i + 1) ~ /^ignored/) s += $i } }
         END { printf "%d passed, %d failed, %d skipped\n", p, f, s }' "$1"
}

# run_tests LOG ARGUMENTS…: cargo's output on the screen and in LOG, its exit code as ours.
run_tests() {
    log=$1
    shift
    { { cargo test --locked "$@" 2>&1; echo $? >"$log.status"; } | tee -a "$log"; } || true
    return "$(cat "$log.status")"
}

# Every test there is and one count of all; with a FILTER the workspace's tests of that name. What is deployed and put into
# images is built beside the tests, which leave the processors idle half of the time, and tried after them.
tests() {
    if [ $# -gt 0 ]; then
        workspace "$@"
        return
    fi
    setup
    mkdir -p .leito
    log=.leito/test.log
    outcome=0
    cargo test --workspace --locked --quiet --no-run
    nice -n 19 ./dev functions &
    functions=$!
    { tail --pid="$functions" -f /dev/null && exec nice -n 19 ./dev make-images; } &
    images=$!
    trap 'kill "$functions" "$images" 2>/dev/null || true' EXIT
    ./dev workspace || outcome=1
    # those that need more than the workspace are run, and counted, below
    sed '/Running \(deployed\|containers\)\//,/^test result/d' .leito/workspace.log >"$log"
    wait "$functions" || outcome=1
    export LEITO_PREPARED=yes
    ./dev deployed || outcome=1
    cat .leito/deployed.log >>"$log"
    wait "$images" || outcome=1
    if [ "$(id -u)" -eq 0 ]; then
        ./dev images || outcome=1
        cat .leito/images.log >>"$log"
    else
        say "left out: the images, which are made as root"
        echo 'test result: images. 0 passed; 0 failed; 1 ignored' >>"$log"
    fi
    summary "$log"
    return "$outcome"
}

# The workspace's tests and the made-up requests; with a FILTER only the tests of that name.
workspace() {
    setup
    mkdir -p .leito
    log=.leito/workspace.log
    : >"$log"
    status=0
    run_tests "$log" --workspace --no-fail-fast "$@" || status=$?
    [ $# -gt 0 ] || made_up_requests_count "$log" || status=$?
    summary "$log"
    return "$status"
}

# The made-up requests are one test more, of the program just built. The same ones each time: others are for whoever looks
# for faults, and no news about a change.
made_up_requests_count() {
    outcome=0
    ./dev contract --seed 1 || outcome=1
    printf 'test result: made-up requests. %d passed; %d failed\n' $((1 - outcome)) "$outcome" >>"$1"
    return "$outcome"
}

check() {
    need_packages
    need_rust
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --locked --quiet -- -D warnings
    if ! has cargo-deny; then
        say "installing cargo-deny (minutes, once)"
        cargo install --locked --quiet --debug cargo-deny
    fi
    cargo deny --workspace --locked check bans licenses sources
    lint_templates
    if has shellcheck; then shellcheck dev infra/dev/*.sh .ci/run; fi
}

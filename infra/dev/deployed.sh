# The deployed system; sourced by ./dev.
# shellcheck shell=sh disable=SC2154 # the variables are dev's

deploy_tools=.leito/deploy-tools

# The template, built as for AWS, deployed to the emulator, and the whole system tried there.
deployed() {
    setup
    log=.leito/deployed.log
    : >"$log"
    [ -n "${LEITO_PREPARED:-}" ] || functions
    # with the workers that the tests attach to the deployed queues; built as for all tests, nothing is built twice
    cargo test --locked --quiet --workspace --no-run
    status=0
    run_tests "$log" --workspace --test deployed -- --ignored || status=$?
    summary "$log"
    return "$status"
}

# What `sam deploy` uploads.
functions() {
    setup
    mkdir -p .leito
    need_venv "$deploy_tools" infra/deploy-tools.txt "the SAM tools"
    say "building the functions as for AWS"
    build_for_aws >.leito/sam-build.log 2>&1 || { tail -n 40 .leito/sam-build.log; return 1; }
}

# All functions in one build, then `sam build`, which asks for them one after the other and finds each of them made: by
# itself it would compile and link one program at a time.
build_for_aws() (
    export SAM_CLI_TELEMETRY=0
    # shellcheck disable=SC2046 # a list of words
    build_programs --release $(functions_of_template) && sam build
)

# What the images hold. They unwind, other than the functions, for which Cargo.toml leaves the tables for it out.
build_for_images() (
    export RUSTFLAGS="-C force-unwind-tables"
    build_programs --profile server --bin leito --bin bed-packer --bin flow-solver
)

# Programs that leave this machine: linked against an old C library, so that systems older than the one that builds can run
# them.
build_programs() {
    # without jitter entropy a cold start is 10 to 50 ms shorter
    export PATH="$PWD/$deploy_tools/bin:$PATH" AWS_LC_SYS_NO_JITTER_ENTROPY=1
    cargo lambda build --locked "$@"
}

# Prints `--bin NAME` for each function that the template names.
functions_of_template() { sed -n 's/.*BuildProperties: *{ *Binary: \([a-z-]*\) *}.*/--bin \1/p' template.yaml; }

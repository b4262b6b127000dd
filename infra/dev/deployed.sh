# The deployed system; sourced by ./dev.
# shellcheck shell=sh disable=SC2154 # the variables are dev's

deploy_tools=.leito/deploy-tools

# The template, built as for AWS, deployed to the emulator, and the whole system tried there.
deployed() {
    setup
    log=.leito/deployed.log
    : >"$log"
    need_venv "$deploy_tools" infra/deploy-tools.txt "the SAM tools"
    say "building the functions as for AWS"
    build_for_aws >.leito/sam-build.log 2>&1 || { tail -n 40 .leito/sam-build.log; return 1; }
    cargo build --locked --quiet -p bed-packer -p flow-solver
    status=0
    run_tests "$log" -p system-tests --test deployed -- --ignored || status=$?
    summary "$log"
    return "$status"
}

# All functions in one build, then `sam build`, which asks for them one after the other and finds each of them made: by
# itself it would compile and link one program at a time.
build_for_aws() (
    # without jitter entropy a cold start is 10 to 50 ms shorter
    export PATH="$PWD/$deploy_tools/bin:$PATH" SAM_CLI_TELEMETRY=0 AWS_LC_SYS_NO_JITTER_ENTROPY=1
    # shellcheck disable=SC2046 # a list of words
    cargo lambda build --release --locked $(functions_of_template) || return 1
    sam build
)

# Prints `--bin NAME` for each function that the template names.
functions_of_template() { sed -n 's/.*BuildProperties: *{ *Binary: \([a-z-]*\) *}.*/--bin \1/p' template.yaml; }

# Every test there is and one count of all: of the deployed system's, those that ran, not those that `tests` left for it.
everything() {
    outcome=0
    ./dev test || outcome=1
    ./dev deployed || outcome=1
    { sed '/Running deployed\//,/^test result/d' .leito/test.log; cat .leito/deployed.log; } >.leito/everything.log
    summary .leito/everything.log
    return "$outcome"
}

# The deployed system; sourced by ./dev.
# shellcheck shell=sh disable=SC2154 # the variables are dev's

deploy_tools=.leito/deploy-tools

# The template, built as for AWS, deployed to the emulator, and a bed sent through it.
deployed() {
    setup
    log=.leito/deployed.log
    : >"$log"
    need_venv "$deploy_tools" infra/deploy-tools.txt "the SAM tools"
    say "building the functions as for AWS"
    # without jitter entropy a cold start is 10 to 50 ms shorter
    PATH=$PWD/$deploy_tools/bin:$PATH SAM_CLI_TELEMETRY=0 AWS_LC_SYS_NO_JITTER_ENTROPY=1 \
        sam build >.leito/sam-build.log 2>&1 || { tail -n 40 .leito/sam-build.log; return 1; }
    cargo build --locked --quiet -p bed-packer -p flow-solver
    status=0
    run_tests "$log" -p system-tests --test deployed -- --ignored || status=$?
    summary "$log"
    return "$status"
}

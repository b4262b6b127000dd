# A running system held to its document; sourced by ./dev.
# shellcheck shell=sh disable=SC2154 # the variables are dev's

contract_tools=.leito/contract-tools

# Prints one text field of what `leito up --json` said.
said() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" .leito/contract/up.json; }

# Every answer of a system of its own has a status, a media type and a body that docs/openapi.json describes, and none
# is a failure of ours.
contract() {
    setup
    need_venv "$contract_tools" infra/contract-tools.txt "Schemathesis"
    # what the tests build, program included: right after them nothing is left to build
    cargo test --workspace --locked --quiet --no-run
    rm -rf .leito/contract
    mkdir -p .leito/contract
    without_engines
    : >.leito/contract/up.json
    LEITO_DATA=$PWD/.leito/contract/data LEITO_EMULATOR=$PWD/$emulator/bin/ministack \
        PATH=$PWD/.leito/contract/bin:$PATH \
        "$target/debug/leito" up --listen 127.0.0.1:0 --json >.leito/contract/up.json &
    system=$!
    trap 'kill "$system" 2>/dev/null || true' EXIT
    until [ -n "$(said address)" ]; do
        kill -0 "$system" || fail "leito up ended before it was ready"
        sleep 0.2
    done
    status=0
    made_up_requests "$PWD" "$(realpath "$target/debug/leito")" "$@" || status=$?
    # answers that all refuse would fit the document, too
    done=$(grep -c ' 2[0-9][0-9]:' .leito/contract/answers.txt)
    [ "$done" -ge 70 ] || { say "only $done operations did what was asked"; status=1; }
    kill "$system"
    wait "$system" || status=$?
    trap - EXIT
    return "$status"
}

# Made-up beds would keep Blender and OpenFOAM busy for hours: every packing job fails at once instead.
without_engines() {
    mkdir .leito/contract/bin
    printf '#!/bin/sh\necho "no engine runs here"\nexit 1\n' >.leito/contract/bin/blender
    chmod +x .leito/contract/bin/blender
}

# made_up_requests CHECKOUT PROGRAM ARGUMENTS…: run in a folder of its own, because Schemathesis leaves notes there.
made_up_requests() (
    document=$1/docs/openapi.json schemathesis=$1/$contract_tools/bin/schemathesis
    CONTRACT_ADDRESS=$(said address) CONTRACT_LEITO=$2 SCHEMATHESIS_HOOKS=$1/infra/known_things.py
    LEITO_DATA=$1/.leito/contract/data
    export CONTRACT_ADDRESS CONTRACT_LEITO SCHEMATHESIS_HOOKS LEITO_DATA
    shift 2
    cd .leito/contract || return 1
    checks=not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance
    "$schemathesis" run "$document" --url "$CONTRACT_ADDRESS" \
        --checks "$checks" --max-examples 20 --request-timeout 60 --workers 2 --max-redirects 0 --warnings off "$@"
)

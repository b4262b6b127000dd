# A running system held to its document; sourced by ./dev.
# shellcheck shell=sh disable=SC2154 # the variables are dev's

contract_tools=.leito/contract-tools

# Prints one text field of what `leito up --json` said.
said() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" .leito/contract/up.json; }

# Every answer of a system of its own has a status, a media type and a body that docs/openapi.json describes, and none
# is a failure of ours. What starts Blender or OpenFOAM is left out: made-up beds would keep them busy for hours.
contract() {
    setup
    need_venv "$contract_tools" infra/contract-tools.txt "Schemathesis"
    cargo build --locked --quiet -p leito
    rm -rf .leito/contract
    mkdir -p .leito/contract
    : >.leito/contract/up.json
    LEITO_DATA=$PWD/.leito/contract/data LEITO_EMULATOR=$PWD/$emulator/bin/ministack \
        "$target/debug/leito" up --listen 127.0.0.1:0 --json >.leito/contract/up.json &
    system=$!
    trap 'kill "$system" 2>/dev/null || true' EXIT
    until [ -n "$(said address)" ]; do
        kill -0 "$system" || fail "leito up ended before it was ready"
        sleep 0.2
    done
    status=0
    made_up_requests "$PWD" "$(said address)" "$(cat "$(said api_key_file)")" "$@" || status=$?
    kill "$system"
    wait "$system" || status=$?
    return "$status"
}

# made_up_requests CHECKOUT ADDRESS KEY ARGUMENTS…: run in a folder of its own, because Schemathesis leaves notes there.
made_up_requests() (
    document=$1/docs/openapi.json program=$1/$contract_tools/bin/schemathesis address=$2 key=$3
    shift 3
    cd .leito/contract || return 1
    checks=not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance
    "$program" run "$document" --url "$address" -H "Authorization: Bearer $key" \
        --checks "$checks" --max-examples 20 --workers 2 --max-redirects 0 --warnings off \
        --exclude-path-regex '/(generate|simulate|rerun|retry)$' --exclude-operation-id create_submission "$@"
)

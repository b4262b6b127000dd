# S3 and SQS on both emulators; sourced by ./dev.
# shellcheck shell=sh disable=SC2154 # the variables are dev's

localstack=.leito/localstack

# The tests of the object store and of the queues, on MiniStack and on LocalStack, which first makes the resources of
# the template by itself.
emulators() {
    setup
    need_venv "$localstack" localstack/localstack.txt "LocalStack"
    log=.leito/emulators.log
    : >"$log"
    status=0
    say "on MiniStack"
    run_tests "$log" -p objects -p queue || status=$?
    say "on LocalStack"
    start_localstack
    LEITO_TEST_ENDPOINT=$endpoint run_tests "$log" -p objects -p queue || status=$?
    kill "$system"
    summary "$log"
    return "$status"
}

# Starts it on a free port and waits until it has made the template's resources.
start_localstack() {
    folder=$PWD/.leito/localstack-data
    rm -rf "$folder"
    mkdir -p "$folder"
    port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    endpoint=http://127.0.0.1:$port
    localstack/start.sh "$PWD/$localstack/bin/python" "$folder" "$port" >"$folder/log" 2>&1 &
    system=$!
    trap 'kill "$system" 2>/dev/null || true' EXIT
    until curl -fs "$endpoint/_localstack/init/ready" 2>/dev/null | grep -q SUCCESSFUL; do
        kill -0 "$system" || { cat "$folder/log"; fail "LocalStack ended before it was ready"; }
        ! grep 'Error while running script' "$folder/log" || fail "the template's resources were not made"
        sleep 0.2
    done
}

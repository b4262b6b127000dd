#!/bin/sh
# LocalStack without a container, on 127.0.0.1 alone: start.sh PROGRAM FOLDER PORT
# PROGRAM is the Python of its environment; everything it writes is below FOLDER. Ends like any program, by TERM.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=$1 folder=$2 port=$3
mkdir -p "$folder/etc/localstack"
cp -R "$here/init" "$folder/etc/localstack/"
# Its usual server listens on every address whatever it is told; hypercorn keeps to the one it is given.
exec env -i PATH=/usr/bin:/bin HOME="$folder" FILESYSTEM_ROOT="$folder" \
    GATEWAY_SERVER=hypercorn GATEWAY_LISTEN="127.0.0.1:$port" LOCALSTACK_HOST="127.0.0.1:$port" \
    SQS_ENDPOINT_STRATEGY=path DNS_ADDRESS=0 SKIP_SSL_CERT_DOWNLOAD=1 DISABLE_EVENTS=1 \
    ACTIVATE_PRO=0 OVERRIDE_IN_DOCKER=0 SERVICES=s3,sqs LEITO_TEMPLATE="$here/../template.yaml" \
    "$python" -m localstack.runtime.main

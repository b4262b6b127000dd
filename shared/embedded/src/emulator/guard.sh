# Runs a server that ends with its parent. The parent holds the other end of our standard input and
# never writes: end of file means that it is gone, however it went. The server then gets TERM and may
# save its state. Arguments: the data folder, locked for as long as the server lives; what becomes of
# the folder then (keep or remove); the server's command line.
data=$1 then=$2
shift 2
exec 3<&0 4>>"$data/emulator.lock" </dev/null
flock -w 10 4 || exit 75
setpriv --pdeathsig TERM -- "$@" 3<&- &
server=$!
(read -r _ <&3; kill -TERM "$server") 2>/dev/null 4>&- &
watch=$!
wait "$server"
code=$?
kill "$watch" 2>/dev/null
[ "$then" = keep ] || rm -rf -- "$data"
exit "$code"

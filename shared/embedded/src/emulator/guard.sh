# Runs a server that ends with its parent. The parent holds the other end of our standard input and
# never writes: end of file means that it is gone, however it went. The server then gets TERM and may
# save its state. Arguments: a lock file, held for as long as the server lives, then the server.
exec 3<&0 4>>"$1" </dev/null
shift
flock -w 10 4 || exit 75
setpriv --pdeathsig TERM -- "$@" 3<&- &
server=$!
(read -r _ <&3; kill -TERM "$server") 2>/dev/null 4>&- &
watch=$!
wait "$server"
code=$?
kill "$watch" 2>/dev/null
exit "$code"

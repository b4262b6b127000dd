# Runs Postgres until nobody needs it. Arguments: the data folder, locked for as long as the server lives; whose life
# counts (parent: the other end of our standard input, which never writes; users: holders of users.lock); the server's
# command line. The server then gets INT, its fast shutdown. Should we be killed, it gets the same from the kernel.
data=$1 lives=$2
shift 2
exec 3<&0 4>>"$data/postgres.lock" </dev/null
flock -w 15 4 || exit 75
# The lock is inherited by every process of the server: whoever holds it knows that these are stale.
rm -f "$data/postgres/postmaster.pid" "$data"/postgres/.s.PGSQL.*
"$@" 3<&- &
server=$!

with_parent() {
    read -r _ <&3
    # Again and again: until the server has its handlers, it ignores INT, as everything a shell starts with & does.
    while kill -INT "$server"; do sleep 0.1; done
}

# Users take start.lock before they look for a server, so none can miss the moment of its end.
with_users() {
    while sleep 5; do
        exec 5>>"$data/start.lock" 6>>"$data/users.lock"
        if flock -n 5 && flock -n 6; then
            kill -INT "$server"
            while kill -0 "$server"; do sleep 0.05; done
            return
        fi
        exec 5>&- 6>&-
    done
}

"with_$lives" 2>/dev/null 4>&- &
watch=$!
wait "$server"
code=$?
kill "$watch" 2>/dev/null
exit "$code"

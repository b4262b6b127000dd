# Kills every process that carries the mark $1 in its environment if the runner dies without saying so.
# Standard input is a pipe from the runner: a line means that all is over, end of file that the runner is gone.
trap '' HUP INT TERM
read -r over && exit 0
quiet=0
while [ "$quiet" -lt 3 ]; do
    quiet=$((quiet + 1))
    for environ in $(grep -lsF "$1" /proc/[0-9]*/environ); do
        pid=${environ#/proc/}
        kill -KILL "${pid%/environ}" 2>/dev/null && quiet=0
    done
    sleep 0.05
done

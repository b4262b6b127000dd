#!/bin/sh
# The compiler as cargo calls it for the crates of this workspace (RUSTC_WORKSPACE_WRAPPER): what they run is counted, but
# for what they run when they are built.
case " $* " in
    *" --crate-name build_script_"*) exec "$@" ;;
    *) exec "$@" -C instrument-coverage ;;
esac

#!/bin/sh
# The compiler as cargo calls it for the crates of this workspace (RUSTC_WORKSPACE_WRAPPER): what they run is counted.
exec "$@" -C instrument-coverage

# What a machine needs before Leito builds and runs; sourced by ./dev.
# shellcheck shell=sh disable=SC2154 # the variables are dev's

# --- system packages -------------------------------------------------------------------------

# Debian's own Python: the one Blender and the pictures use, whatever else is first on PATH.
python=$(if [ -x /usr/bin/python3 ]; then echo /usr/bin/python3; else echo python3; fi)

has_module() {
    "$python" -c "import sys, importlib.util as i; sys.exit(not i.find_spec('$1'))" 2>/dev/null
}

has_postgres() {
    has initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1
}

# Prints the Debian package behind each thing that is not found.
missing_packages() {
    has cc || echo build-essential
    has curl || echo curl
    [ -e /etc/ssl/certs/ca-certificates.crt ] || echo ca-certificates
    has blender || echo blender
    { has simpleFoam && has mpirun; } || echo openfoam
    has_postgres || echo postgresql
    has "$python" || echo python3
    has_module ensurepip || echo python3-venv
    has_module numpy || echo python3-numpy
    has_module matplotlib || echo python3-matplotlib
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif has sudo; then
        sudo "$@"
    else
        fail "this needs root or sudo: $*"
    fi
}

apt_install() {
    has apt-get || fail "please install: $* (only Debian and Ubuntu are done for you)"
    say "installing from this system's packages: $*"
    as_root apt-get update -q >/dev/null
    # Debian starts a database cluster of its own with the package; Leito brings its own and
    # leaves the machine's alone, so none is made while we install.
    no_cluster=/etc/postgresql-common/createcluster.d/leito.conf
    as_root mkdir -p "${no_cluster%/*}"
    echo 'create_main_cluster = off' | as_root tee "$no_cluster" >/dev/null
    status=0
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends "$@" >/dev/null || status=$?
    as_root rm -f "$no_cluster"
    [ "$status" -eq 0 ] || fail "apt-get could not install: $*"
}

need_packages() {
    packages=$(missing_packages)
    # shellcheck disable=SC2086 # a list of words
    [ -z "$packages" ] || apt_install $packages
}

# --- Rust ------------------------------------------------------------------------------------

rust_version() { sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml; }

rust_is_new_enough() {
    has cargo || return 1
    have=$(cargo --version 2>/dev/null | cut -d' ' -f2) || return 1
    [ "$(printf '%s\n' "$(rust_version)" "$have" | sort -V | head -n1)" = "$(rust_version)" ]
}

need_rust() {
    rust_is_new_enough && return
    say "installing Rust $(rust_version) or later (there is none, or it is older)"
    if ! has rustup && apt-cache policy rustup 2>/dev/null | grep -q 'Candidate: [0-9]'; then
        apt_install rustup
    fi
    if has rustup; then
        rustup toolchain install stable --profile minimal --component clippy,rustfmt
        rustup default stable
    else
        curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs |
            sh -s -- -y -q --no-modify-path --profile minimal --component clippy,rustfmt
    fi
    # a rustup of this user comes before an old system cargo
    PATH=${CARGO_HOME:-$HOME/.cargo}/bin:$PATH
    rust_is_new_enough || fail "cargo is still older than $(rust_version)"
}

# --- Python environments ---------------------------------------------------------------------

# need_venv FOLDER REQUIREMENTS WHAT: a private environment that matches the pinned file.
need_venv() {
    cmp -s "$2" "$1/installed.txt" && return
    say "installing $3 into $1"
    rm -rf "$1"
    mkdir -p "$(dirname "$1")"
    "$python" -m venv "$1"
    "$1/bin/pip" install -q --disable-pip-version-check -r "$2"
    cp "$2" "$1/installed.txt"
}

need_emulator() { need_venv "$emulator" localstack/requirements.txt "the AWS emulator"; }

setup() {
    need_packages
    need_rust
    need_emulator
}

# The container images and their test; sourced by ./dev.
# shellcheck shell=sh disable=SC2154 # the variables are dev's

containers=.leito/containers
base=docker.io/library/debian:bookworm-slim

# The images, from programs built as for AWS, and a study done inside them. Their folders stay, to build them elsewhere.
images() {
    [ "$(id -u)" -eq 0 ] || fail "images are made as root here; docs/containers.md says how with a Docker or Podman of your own"
    setup
    log=.leito/images.log
    : >"$log"
    [ -n "${LEITO_PREPARED:-}" ] || make_images
    need_podman
    podman images --format '{{.Repository}} {{.Size}}'
    status=0
    run_tests "$log" --workspace --test containers -- --ignored || status=$?
    summary "$log"
    return "$status"
}

# Nothing for who is not root: the tests leave the images out then, and say so.
make_images() {
    [ "$(id -u)" -eq 0 ] || return 0
    need_podman
    need_base
    need_venv "$deploy_tools" infra/deploy-tools.txt "the SAM tools"
    say "building the programs as for AWS"
    build_for_images >.leito/images-build.log 2>&1 || { tail -n 40 .leito/images-build.log; return 1; }
    build_images
}

# Podman with its images in this checkout alone, and no word to a registry.
need_podman() {
    missing=$(for tool in podman runc debootstrap; do has "$tool" || echo "$tool"; done)
    # shellcheck disable=SC2086 # a list of words
    [ -z "$missing" ] || apt_install $missing
    mkdir -p "$containers"
    cat >"$containers/storage.conf" <<CONF
[storage]
driver = "overlay"
graphroot = "$PWD/$containers/storage"
runroot = "$PWD/$containers/run"
CONF
    # what runs in a container shares the machine's network: the emulator listens on 127.0.0.1 only
    cat >"$containers/containers.conf" <<CONF
[containers]
netns = "host"
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
log_driver = "k8s-file"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
tmp_dir = "$PWD/$containers/run/tmp"
CONF
    export CONTAINERS_STORAGE_CONF="$PWD/$containers/storage.conf" CONTAINERS_CONF="$PWD/$containers/containers.conf"
}

# Debian's smallest system under the name of its published image, for machines that reach no registry.
need_base() {
    podman image exists "$base" && return
    [ -e "$containers/base.tar" ] || make_base
    podman import --quiet "$containers/base.tar" "$base" >/dev/null
}

make_base() {
    say "making the base image from Debian's packages"
    root=$containers/root
    rm -rf "$root"
    mkdir -p "$containers/apt/base" "$root/etc/dpkg/dpkg.cfg.d"
    cp infra/containers/slim.conf "$root/etc/dpkg/dpkg.cfg.d/leito"
    debootstrap --variant=minbase --cache-dir="$PWD/$containers/apt/base" bookworm "$root" \
        >"$containers/base.log" 2>&1 || { tail "$containers/base.log"; return 1; }
    rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/* "$root"/var/log/* \
        "$root"/usr/share/doc/* "$root"/usr/share/man/* "$root"/usr/share/locale/*
    tar --one-file-system --numeric-owner -C "$root" -cf "$containers/base.tar.new" .
    mv "$containers/base.tar.new" "$containers/base.tar"
    rm -rf "$root"
}

# All at once: each spends half of its time waiting for packages and the disk.
build_images() {
    builds=
    for image in bed-packer flow-solver serve; do
        build_image "$image" &
        builds="$builds $!"
    done
    built=0
    for build in $builds; do
        wait "$build" || built=$?
    done
    return "$built"
}

# build_image NAME: the image leito/NAME, from a folder that holds all it needs and can go elsewhere.
build_image() {
    say "building the image leito/$1"
    context=.leito/images/$1
    packages=$PWD/$containers/apt/$1
    rm -rf "$context"
    mkdir -p "$context" "$packages"
    cp infra/containers/slim.conf "infra/containers/$1"/* "$context"
    program=$([ "$1" = serve ] && echo leito || echo "$1")
    cp "$target/lambda/$program/bootstrap" "$context/$program"
    # packages are kept beside, for the next build; layers are not, for they would be kept twice
    podman build --isolation chroot --pull-never --layers=false \
        --volume "$packages:/var/cache/apt/archives" --tag "leito/$1" "$context" >"$containers/$1.log" 2>&1 ||
        { tail -n 40 "$containers/$1.log"; return 1; }
}

# Nothing of it is left but Debian's packages and base, which make the next time shorter.
forget_images() {
    need_podman
    podman rm --all --force >/dev/null
    podman rmi --all --force >/dev/null
    rm -rf "$containers/storage" "$containers/run" .leito/images
}

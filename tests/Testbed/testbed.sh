#!/usr/bin/env bash
# Runs one testbed: private engines and four registries, in a process tree and a view of the file system of their own.
#
#   testbed.sh supervise FOLDER PROGRAMS OWNER STORE...   runs one until standard input closes or process OWNER is gone
#   testbed.sh enter FOLDER INIT [NAME=VALUE...] COMMAND [ARG...]   runs a command beside its engines
#
# FOLDER holds all data of this testbed and must not exist yet; PROGRAMS is a folder made by install.sh, or `machine`.
#
# Why namespaces: when the first process of a PID namespace ends, the kernel ends all others in it, whatever state
# they are in; when the last process of a mount namespace ends, its mounts are gone. So nothing has to be stopped in
# the right order, and a killed testbed leaves at most FOLDER, which the next start of any testbed removes.
set -euo pipefail

# The only user of the personal registry, and what `htpasswd -Bbn -C 5` makes of it.
user=bob
password='s3cr:t/9%'
htpasswd='bob:$2y$05$l4ZaNB9JYZB6cgZKrEdp8uQsIWt3VdOUOAtbiNtwoCDFBitthILlu'

declare -A started                                 # name of a store or registry → its process

supervise() { # FOLDER PROGRAMS OWNER STORE...
    local folder=$1 runs=${1%/*}
    mkdir -p "$runs"
    exec 9> "$runs.lock"
    flock 9                                        # one at a time looks for leftovers, makes a folder or removes one
    discard_leftovers "$runs"
    mkdir -p "$folder"/{data,docker,home/.config/containers,client/cli-plugins}
    # Without it skopeo copies nothing: a package's own, which trusts everything, is not installed for it.
    echo '{ "default": [{ "type": "insecureAcceptAnything" }] }' > "$folder/home/.config/containers/policy.json"
    [ "$2" = machine ] || ln -s "$2/usr/libexec/docker/cli-plugins/docker-buildx" "$folder/client/cli-plugins"
    exec 8> "$folder/lock"
    flock 8                                        # held as long as this testbed lives: the mark of no leftover
    flock --unlock 9
    own_environment "$folder"
    unshare --mount --propagation private --pid --fork --kill-child \
        "${environment[@]}" bash "$0" serve "$@" 9>&- || true
    flock 9
    discard "$folder"
}

# The environment of everything here, in which there is nothing of the user's.
own_environment() { # FOLDER
    environment=(env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin LANG=C.UTF-8 HOME="$1/home" DOCKER_CONFIG="$1/docker")
}

discard_leftovers() { # RUNS
    local folder
    for folder in "$1"/*/; do
        [ ! -d "$folder" ] || ! flock --nonblock "$folder/lock" true || discard "${folder%/}"
    done
}

discard() { # FOLDER
    local group
    for group in /sys/fs/cgroup/"$(cgroup "$1")" /sys/fs/cgroup/*/"$(cgroup "$1")"; do
        [ ! -d "$group" ] || find "$group" -depth -type d -exec rmdir {} + || true
    done
    rm -rf "$1"
}

cgroup() { echo "crane-testbed-${1##*/}"; }        # FOLDER

# The first process of the namespaces: what it starts ends with it.
serve() { # FOLDER PROGRAMS OWNER STORE...
    local folder=$1 programs=$2 owner=$3 init lives name
    shift 3
    read -r init _ < /proc/self/stat               # its number outside, read before /proc is replaced
    exec {lives}< "/proc/$owner" || exit 0         # likewise: tells later whether the owner lives
    cd "$folder"
    look_from_inside "$programs"
    echo "$htpasswd" > htpasswd
    start_registry hub '' false
    start_registry official
    start_registry backup
    start_registry personal "auth: { htpasswd: { realm: personal, path: $folder/htpasswd } }"
    await hub address hub
    for name; do start_engine "$name"; done
    for name; do await "$name" docker --host "unix://$folder/$name.sock" version; done
    for name in official backup personal; do await "$name" address "$name"; done
    sign_in
    printf '%s\n' "init=$init" "hub=$(address hub)" "official=$(address official)" "backup=$(address backup)" \
        "personal=$(address personal)" "user=$user" "password=$password" ready
    exec > /dev/null
    while [ -e "/proc/self/fd/$lives/stat" ]; do
        read -r -t 1 || [ $? -gt 128 ] || break    # more than 128: a second has passed; else the pipe is closed
    done
}

# The machine's files under their own names, except for the programs and for the sockets of the user's own engine.
look_from_inside() { # PROGRAMS
    mount -t proc proc /proc
    mount -t tmpfs -o mode=755 tmpfs /run
    if [ "$(stat --file-system --format %T data)" = overlayfs ]; then
        mount -t tmpfs tmpfs data                  # in a container: no engine can put an overlay on an overlay
    fi
    [ "$1" = machine ] || mount --bind "$1/usr" /usr
}

# The registry `hub` stands in for Docker Hub: an engine asks it first for every name without a registry.
start_engine() { # STORE
    local snapshotter='"storage-driver": "overlay2", "features": { "containerd-snapshotter": false }'
    [ "$1" = overlay2 ] || snapshotter='"features": { "containerd-snapshotter": true }'
    echo "{ $snapshotter, \"registry-mirrors\": [\"http://$(address hub)\"] }" > "$1.json"
    dockerd --config-file "$PWD/$1.json" --host "unix://$PWD/$1.sock" --group root \
        --data-root "$PWD/data/$1" --exec-root "/run/$1" --pidfile "/run/$1.pid" --cgroup-parent "/$(cgroup "$PWD")" \
        --log-level warn --bridge none --iptables=false --ip6tables=false --ip-forward=false > "$1.log" 2>&1 < /dev/null 8>&- &
    started[$1]=$!
}

# Port 0 lets the kernel choose a free one; the log tells which, and where that is wanted, each request.
start_registry() { # NAME [AUTHENTICATION [NO_REQUESTS]]
    local program
    program=$(command -v docker-registry || command -v registry)
    printf '%s\n' 'version: 0.1' "log: { level: info, accesslog: { disabled: ${3:-true} } }" 'http: { addr: "127.0.0.1:0" }' \
        "storage: { filesystem: { rootdirectory: $PWD/data/$1 }, delete: { enabled: true } }" "${2-}" > "$1.yml"
    "$program" serve "$PWD/$1.yml" > "$1.log" 2>&1 < /dev/null 8>&- &
    started[$1]=$!
}

address() { grep -oE -m 1 'listening on [0-9.:]+' "$1.log" | cut -d ' ' -f 3; }   # NAME

# The testbed's own docker is signed in to the personal registry.
sign_in() {
    printf '{ "auths": { "%s": { "auth": "%s" } } }\n' "$(address personal)" "$(printf %s "$user:$password" | base64)" \
        > docker/config.json
}

await() { # NAME COMMAND...
    local name=$1 until=$((SECONDS + 60))
    shift
    until "$@" > /dev/null 2>&1; do
        if [ $SECONDS -ge $until ] || ! kill -0 "${started[$name]}" 2> /dev/null; then
            echo "'$name' did not start: $(tail -n 3 "$name.log")"
            exit 1
        fi
        sleep 0.1
    done
}

# A command with the engines' programs and files, the testbed's docker configuration, and nothing of the user's.
enter() { # FOLDER INIT [NAME=VALUE...] COMMAND...
    local folder=$1 init=$2
    shift 2
    own_environment "$folder"
    exec nsenter --target "$init" --mount --pid sh -c 'cd "$0" && exec "$@"' "$PWD" \
        "${environment[@]}" "$@"
}

"$@"

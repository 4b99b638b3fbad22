#!/usr/bin/env bash
# sshd.sh FOLDER PORT DOCKER_HOST [PREFIX]: serves ssh on a port of loopback, inside a testbed, until the testbed ends.
#
# Who logs in with FOLDER/key is root, whose docker uses the engine DOCKER_HOST. PREFIX is put before the commands that clients
# run. FOLDER/config is for clients: with it, ssh knows this server and that key, and nothing of the user's.
set -euo pipefail

folder=$1 port=$2 docker_host=$3 prefix=${4-}

mkdir -p "$folder" /run/sshd
cd "$folder"
ssh-keygen -q -t ed25519 -N '' -C testbed -f host
ssh-keygen -q -t ed25519 -N '' -C testbed -f key
ssh-keygen -q -t ed25519 -N '' -C testbed -f other_key
cp key.pub authorized
echo "[127.0.0.1]:$port $(cut -d ' ' -f 1,2 host.pub)" > known_hosts
printf '%s\n' "IdentityFile $PWD/key" 'IdentitiesOnly yes' 'IdentityAgent none' "UserKnownHostsFile $PWD/known_hosts" \
    'GlobalKnownHostsFile none' > config
printf '%s\n' "ListenAddress 127.0.0.1:$port" "HostKey $PWD/host" "AuthorizedKeysFile $PWD/authorized" 'PidFile none' \
    'StrictModes no' 'UsePAM no' 'PermitRootLogin prohibit-password' 'PasswordAuthentication no' \
    'KbdInteractiveAuthentication no' "SetEnv DOCKER_HOST=$docker_host" > sshd_config
[ -z "$prefix" ] || echo "ForceCommand $prefix eval \"\$SSH_ORIGINAL_COMMAND\"" >> sshd_config

# sshd wants a user of its own and a root that is not locked, which not every machine has.
printf '%s\n' "root:x:0:0::$PWD:/bin/sh" 'sshd:x:74:65534::/run/sshd:/bin/false' > passwd
printf '%s\n' 'root:*:19000::::::' 'sshd:*:19000::::::' > shadow
chmod 600 shadow
exec unshare --mount --propagation private bash -c \
    'mount --bind passwd /etc/passwd && mount --bind shadow /etc/shadow && exec "$(command -v sshd)" -D -e -f "$PWD/sshd_config"'

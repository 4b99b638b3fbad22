#!/usr/bin/env bash
# install.sh FOLDER [PACKAGE...]: puts the programs of the testbed, or those of other packages, into FOLDER/usr.
#
# They are packages of a newer Debian, downloaded, verified and unpacked by this machine's apt and dpkg, which keep all
# they need in FOLDER too: nothing is installed on the machine, no package of it is touched, and no package script runs.
set -euo pipefail

release=forky
packages=(docker.io docker-cli docker-buildx docker-compose docker-registry skopeo oras crane curl busybox-static
    openssh-server openssh-client bash coreutils findutils grep sed gzip tar mount util-linux)

folder=$1
shift
share=$#                                 # other packages may need what is in usr/share, such as fonts
[ "$share" -eq 0 ] || packages=("$@")
mkdir -p "${folder%/*}"
exec 9> "$folder.lock"
flock 9                                  # two that install at once: the second finds the work done
[ ! -e "$folder" ] || exit 0

partial=$folder.partial                  # what an interrupted install left is done again from the start
rm -rf "$partial"
mkdir -p "$partial"/apt/{lists,archives}/partial
cd "$partial"
touch apt/status                         # to apt, a machine without any package: it fetches every dependency

# The Debian mirror this machine already uses, where it uses one.
mirror() {
    grep -rhoE '^[^#]*https?://[^] ]+/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null |
        grep -oE 'https?://[^] ]+' | head -n 1 || true
}

# The keys of Debian: Ubuntu has them in a package, which is unpacked here rather than installed.
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
if [ ! -e "$keyring" ]; then
    download=(apt-get -qq -o APT::Sandbox::User=root download debian-archive-keyring)
    "${download[@]}" 2>/dev/null || { apt-get -qq update && "${download[@]}"; }
    dpkg-deb -x debian-archive-keyring_*.deb keys
    keyring=$PWD/keys$keyring
fi

source=$(mirror)
echo "deb [signed-by=$keyring] ${source:-http://deb.debian.org/debian} $release main" > apt/sources.list

# Check-Valid-Until: a mirror or a clock that lags by some days is no reason to refuse; signatures are checked.
private_apt() {
    apt-get -qq -y -o Dir::State="$PWD/apt" -o Dir::State::status="$PWD/apt/status" -o Dir::State::lists="$PWD/apt/lists" \
        -o Dir::Cache="$PWD/apt" -o Dir::Cache::archives="$PWD/apt/archives" \
        -o Dir::Etc::sourcelist="$PWD/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
        -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
        -o APT::Sandbox::User=root -o APT::Install-Recommends=false -o Acquire::Languages=none -o Acquire::Retries=3 \
        -o APT::Update::Error-Mode=any -o Acquire::Check-Valid-Until=false "$@"
}
private_apt update
private_apt install --download-only "${packages[@]}"

mkdir unpacked done
printf '%s\0' apt/archives/*.deb | xargs -0 -P 4 -n 8 sh -c 'for package; do dpkg-deb -x "$package" unpacked || exit 255; done' sh
ln -sf bash unpacked/usr/bin/sh          # Debian makes this link in a package script
rm -rf unpacked/usr/lib/cni
[ "$share" -gt 0 ] || rm -rf unpacked/usr/share   # half of the size, and nothing the testbed runs

mv unpacked/usr done/usr
mv done "$folder"                        # the one step that makes it count
cd /
rm -rf "$partial"

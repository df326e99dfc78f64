#!/usr/bin/env bash
# Runs the Neovim tests with Neovim 0.12, which comes with Debian unstable only: in a folder of its own, as root.
#
#   tests/editors/neovim/with-0.12.sh            the tests of `--test neovim`; arguments go to the test binary
#
# The folder (about 1 GB, made by debootstrap from the mirror that apt uses, in two minutes) stays in the cache. What
# is mounted into it is mounted for one run of Neovim and is gone with it. Helix and Emacs are in it as well.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

folder="${XDG_CACHE_HOME:-$HOME/.cache}/vouchsafe-tests/debian-sid"
mirror="${VOUCHSAFE_TEST_DEBIAN_MIRROR:-http://deb.debian.org/debian}"
[ "$(id -u)" -eq 0 ] || { echo "with-0.12.sh: debootstrap, mounts and chroot need root" >&2; exit 2; }
command -v debootstrap >/dev/null || { echo "with-0.12.sh: please install debootstrap" >&2; exit 2; }

if [ ! -e "$folder/complete" ]; then
    rm -rf --one-file-system "$folder"
    mkdir -p "$folder"
    debootstrap --variant=minbase --include=neovim,hx,emacs-nox,tmux,python3 sid "$folder" "$mirror"
    touch "$folder/complete"
fi
chroot "$folder" nvim --version | head -n 1

# Neovim as a program: the same directories, the folder's system.
nvim="$folder/nvim-in-folder"
mkdir -p "$folder$PWD"
cat >"$nvim" <<END
#!/bin/sh
exec unshare --mount --propagation private sh -c '
    for dir in proc sys dev tmp; do mount --rbind "/\$dir" "$folder/\$dir"; done
    mount --bind "$PWD" "$folder$PWD"
    here=\$1; shift
    exec chroot "$folder" env -C "\$here" nvim "\$@"' sh "\$PWD" "\$@"
END
chmod +x "$nvim"

cargo build -p vouchsafe -p vouchsafe-tests --bins
VOUCHSAFE_TEST_NVIM="$nvim" cargo test -p vouchsafe-tests --features server --test neovim -- "$@"

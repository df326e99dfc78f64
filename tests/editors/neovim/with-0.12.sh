#!/usr/bin/env bash
# Runs the Neovim tests with the Neovim 0.12 of tests/editors/sid-run, as root; arguments go to the test binary.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

tests/editors/sid-run nvim --version | head -n 1
# The tests give Neovim an environment without HOME of ours: the folder is named here.
wrapper="$(mktemp)"
trap 'rm -f "$wrapper"' EXIT
cat >"$wrapper" <<END
#!/bin/sh
VOUCHSAFE_TEST_SID='${VOUCHSAFE_TEST_SID:-$HOME/.cache/vouchsafe-tests/debian-sid}' exec '$PWD/tests/editors/sid-run' nvim "\$@"
END
chmod +x "$wrapper"
cargo build -p vouchsafe -p vouchsafe-tests --bins
VOUCHSAFE_TEST_NVIM="$wrapper" cargo test -p vouchsafe-tests --features server --test neovim -- "$@"

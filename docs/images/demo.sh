#!/usr/bin/env bash
# Records docs/images/demo.svg: `vouchsafe demo` in a real terminal. Needs tmux, cargo and a built `vouchsafe`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

server="$PWD/target/debug/vouchsafe" yard="$(mktemp -d)"
export TMUX_TMPDIR="$yard"
trap 'tmux kill-server 2>/dev/null || true; rm -rf "$yard"' EXIT
tmux -f /dev/null new-session -d -x 110 -y 50 "$server demo; touch $yard/done; read -r _"
until [ -e "$yard/done" ]; do sleep 0.1; done
tmux capture-pane -e -p | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' > "$yard/capture"
python3 docs/images/render.py docs/images/demo.svg 'vouchsafe demo' "$yard/capture"

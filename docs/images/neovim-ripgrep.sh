#!/usr/bin/env bash
# Records docs/images/neovim-ripgrep.svg: a real Neovim in tmux, on ripgrep, from an order in a comment to an accepted
# change and a claim that the record contradicts. The model is scripted (neovim-ripgrep.json); what it runs is run.
#
#   docs/images/neovim-ripgrep.sh REPOSITORY    a clone of ripgrep, which is only read
#
# Needs tmux, git, rustc, a built `vouchsafe` and `scripted-model`, and Neovim as $NVIM or in PATH.
set -euo pipefail
ripgrep="$(realpath "$1")"
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

nvim="${NVIM:-nvim}" server="$PWD/target/debug/vouchsafe" plugin="$PWD/editors/neovim"
yard="$(mktemp -d)" port=$((20000 + RANDOM % 20000))
export TMUX_TMPDIR="$yard"
target/debug/scripted-model docs/images/neovim-ripgrep.json "$port" >"$yard/model" &
model=$!
trap 'kill "$model" 2>/dev/null || true; tmux kill-server 2>/dev/null || true; rm -rf "$yard"' EXIT

mkdir -p "$yard/ripgrep" "$yard"/{state,cache,config/vouchsafe}
git -C "$ripgrep" archive HEAD | tar -x -C "$yard/ripgrep"
git -C "$yard/ripgrep" init --quiet
sed -i 's|^        _ => return Err(ParseSizeError::format(size)),|        // vouchsafe: also take T, for terabytes\n&|' "$yard/ripgrep/crates/cli/src/human.rs"
until grep -q scripted-1 "$yard/model"; do sleep 0.1; done
grep -v '^#' "$yard/model" >"$yard/config/vouchsafe/config.toml"

cat >"$yard/tmux.conf" <<TMUX
set -g default-terminal tmux-256color
set -ga terminal-overrides ",*:RGB"
set -g status off
TMUX
cat >"$yard/init.lua" <<LUA
vim.opt.runtimepath:prepend('$plugin')
vim.g.vouchsafe = { server = '$server' }
vim.o.termguicolors, vim.o.background, vim.o.number, vim.o.laststatus = true, 'dark', true, 2
vim.o.statusline = "%f %m%=%{%v:lua.require'vouchsafe'.statusline()%} "
vim.lsp.enable('vouchsafe')
LUA
tmux -f "$yard/tmux.conf" new-session -d -x 100 -y 21 -c "$yard/ripgrep" \
    "XDG_STATE_HOME=$yard/state XDG_CACHE_HOME=$yard/cache XDG_CONFIG_HOME=$yard/config $nvim -n -i NONE -u $yard/init.lua crates/cli/src/human.rs"

# sees PATTERN: waits until the screen shows it.
sees() {
    for _ in $(seq 300); do
        if tmux capture-pane -p | grep -q -- "$1"; then return; fi
        sleep 0.1
    done
    echo "never saw $1 in:" >&2
    tmux capture-pane -p >&2
    exit 1
}
# shot NAME LINES: the first lines of the screen.
shot() { tmux capture-pane -e -N -p | head -n "$2" >"$yard/$1"; }

sees 'ParseSizeError'
tmux send-keys '/vouchsafe:' Enter '8kzt/vouchsafe:' Enter ':nohlsearch' Enter
sees 'also take T'
# The server needs a moment to be there; the menu is asked for until it is shown.
for _ in $(seq 20); do
    tmux send-keys '97G' C-l 'gra'
    sleep 1
    if tmux capture-pane -p | grep -q 'Run: also take T'; then break; fi
    tmux send-keys Escape Enter
done
sees 'Run: also take T'
tmux capture-pane -p >"$yard/menu"
shot 1 21
choice="$(grep -m 1 -o '^[0-9]*: .*Run: also' "$yard/menu" | cut -d: -f1)"
tmux send-keys "$choice" Enter
sees '1 claim: 1 '
tmux send-keys Enter C-l
sees 'finding'
tmux send-keys ':Vouchsafe review' Enter
sees 'open changes and findings'
tmux send-keys ':4copen | wincmd p' Enter
sleep 0.5
tmux send-keys C-l
sleep 0.5
shot 2 21
tmux send-keys ':cclose' Enter ':Vouchsafe accept' Enter
sees 'Vouchsafe: [12] finding'
sleep 0.5
tmux send-keys C-l
sleep 0.3
shot 3 21
python3 docs/images/render.py docs/images/neovim-ripgrep.svg \
    'ripgrep, an order in a comment, gra: the code actions there' "$yard/1" \
    'the (scripted) model says that all tests pass; the record shows otherwise' "$yard/2" \
    'accepted' "$yard/3"

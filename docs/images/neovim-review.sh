#!/usr/bin/env bash
# Records docs/images/neovim-review.svg: a real Neovim in tmux, on a small crate, from a code
# action to an accepted change. Needs tmux, a built `vouchsafe`, cargo with rustfmt, and Neovim as $NVIM or in PATH.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

nvim="${NVIM:-nvim}" server="$PWD/target/debug/vouchsafe" plugin="$PWD/editors/neovim"
yard="$(mktemp -d)"
export TMUX_TMPDIR="$yard"
trap 'tmux kill-server 2>/dev/null || true; rm -rf "$yard"' EXIT

mkdir -p "$yard/words/src" "$yard"/{state,cache,config}
# Two places that rustfmt mends.
sed -e 's/let word = (word.to_lowercase());/let word=word.to_lowercase( );/' \
    -e 's/if (word.len() > longest.len()) {/if word.len()>longest.len()  {/' \
    server/src/cli/demo/lib.rs.sample >"$yard/words/src/lib.rs"
cp server/src/cli/demo/Cargo.toml.sample "$yard/words/Cargo.toml"
git -C "$yard/words" init --quiet

cat >"$yard/tmux.conf" <<END
set -g default-terminal tmux-256color
set -ga terminal-overrides ",*:RGB"
set -g status off
END
cat >"$yard/init.lua" <<END
vim.opt.runtimepath:prepend('$plugin')
vim.g.vouchsafe = { server = '$server' }
vim.o.termguicolors, vim.o.background, vim.o.number, vim.o.laststatus = true, 'dark', true, 2
vim.o.statusline = "%f %m%=%{%v:lua.require'vouchsafe'.statusline()%} "
vim.lsp.enable('vouchsafe')
END
tmux -f "$yard/tmux.conf" new-session -d -x 100 -y 25 -c "$yard/words" \
    "XDG_STATE_HOME=$yard/state XDG_CACHE_HOME=$yard/cache XDG_CONFIG_HOME=$yard/config $nvim -n -i NONE -u $yard/init.lua src/lib.rs"

# sees PATTERN: waits until the screen shows it.
sees() {
    for _ in $(seq 200); do
        if tmux capture-pane -p | grep -q -- "$1"; then return; fi
        sleep 0.1
    done
    echo "never saw $1 in:" >&2
    tmux capture-pane -p >&2
    exit 1
}
# shot NAME LINES: the first lines of the screen.
shot() { tmux capture-pane -e -N -p | head -n "$2" >"$yard/$1"; }

sees 'Word counts'
tmux send-keys '9G' 'gra'
sees 'with rustfmt'
tmux capture-pane -p >"$yard/menu"
shot 1 25
choice="$(grep -m 1 -o '^[0-9]*: .*rustfmt' "$yard/menu" | cut -d: -f1)"
tmux send-keys "$choice" Enter
sees '2 changes in 1 file'
tmux send-keys Enter '9G' C-l
sees 'Vouchsafe: 2 changes'
sleep 0.5
shot 2 25
tmux send-keys ':Vouchsafe accept' Enter
sees 'Vouchsafe: 1 change'
tmux send-keys ':Vouchsafe blame' Enter
sees 'task 1: cargo'
tmux send-keys C-l
sleep 0.5
shot 3 25
python3 docs/images/render.py docs/images/neovim-review.svg \
    'gra: the code actions of this line' "$yard/1" \
    'the task has ended: what it proposes, in place' "$yard/2" \
    ':Vouchsafe accept, then :Vouchsafe blame: the accepted line and the command that made it' "$yard/3"

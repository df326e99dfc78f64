#!/usr/bin/env bash
# Plays the scripted model to OpenAI's and Anthropic's own Python clients (installed once, in a folder of their own).
#   tests/model/official-clients.sh PATH_OF_scripted-model
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
openai=3.57.0 anthropic=2.13.0
venv="${XDG_CACHE_HOME:-$HOME/.cache}/vouchsafe-tests/clients-openai-$openai-anthropic-$anthropic"
mkdir -p "$(dirname "$venv")"
exec 9>"$venv.lock"
flock 9
if [ ! -e "$venv/complete" ]; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check "openai==$openai" "anthropic==$anthropic"
    touch "$venv/complete"
fi
exec 9>&-
exec 8< <(exec "$1" "$here/official_clients.json" 0)
model=$!
trap 'kill $model 2>/dev/null || true' EXIT
# Its second line names its address.
while read -r -t 10 line <&8; do
    case $line in base_url*) url=${line#*\"}; url=${url%\"}; break ;; esac
done
env -u http_proxy -u https_proxy -u HTTP_PROXY -u HTTPS_PROXY -u ALL_PROXY -u all_proxy \
    "$venv/bin/python" "$here/official_clients.py" "${url:?the scripted model did not start}"

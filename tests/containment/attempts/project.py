"""The project itself: the real files by their path, and configuration that something else runs later."""

import os

from kit import add
from files import append, create

CONFIGURATION, REAL = "configuration that runs later", "the real workspace"
ENVIRONMENT = "environment"

LATER = (
    ".git/hooks/pre-commit", ".git/hooks/post-checkout", ".git/config", ".git/info/attributes", ".git/HEAD", ".gitattributes",
    ".gitmodules", ".vscode/tasks.json", ".vscode/settings.json", ".idea/workspace.xml", ".nvim.lua", ".exrc", ".envrc",
    ".cargo/config.toml", "rust-toolchain.toml", "build.rs", "package.json", ".npmrc", ".pre-commit-config.yaml",
    ".github/workflows/ci.yml", ".devcontainer/devcontainer.json", "conftest.py", "Makefile", ".vouchsafe.toml", ".claude/settings.json",
)


def plant(t, path):
    if os.path.dirname(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "a") as file:
        file.write("planted\n")
    os.chmod(path, 0o755)


for nth, path in enumerate(LATER):
    add(f"later_{nth:02}", CONFIGURATION, path, lambda t, path=path: plant(t, path), "change", where="ws:" + path)

for name, path in (("apply_hook", ".git/hooks/post-merge"), ("apply_git_config", ".git/config"), ("apply_ref", ".git/refs/heads/planted"),
                   ("apply_index", ".git/info/exclude")):
    add(name, CONFIGURATION, f"{path}, with the result applied", lambda t, path=path: plant(t, path), "change", where="ws:" + path,
        alone="apply")

add("apply_move", CONFIGURATION, "a directory of the project moved to .git/hooks, with the result applied", lambda t: replace_hooks(t), "change",
    where="ws:.git/hooks", alone="apply")


def replace_hooks(t):
    os.rename(".git/hooks", "hooks-aside")
    os.rename("old-hooks", ".git/hooks")


# Inside a tier-1 task the path of the workspace leads to its copy, so only the keeper can tell.
for name, what, run, path in (
    ("real_append", "append to a file", lambda t: append(t.ws + "/plain-b.txt"), "plain-b.txt"),
    ("real_create", "create a file", lambda t: create(t.ws + "/real_create"), "real_create"),
    ("real_delete", "delete a file", lambda t: os.unlink(t.ws + "/plain-c.txt"), "plain-c.txt"),
    ("real_rename", "rename a file", lambda t: os.rename(t.ws + "/plain-d.txt", t.ws + "/renamed-d.txt"), "plain-d.txt"),
    ("real_truncate", "truncate a file", lambda t: os.truncate(t.ws + "/plain-e.txt", 0), "plain-e.txt"),
    ("real_hook", "a git hook", lambda t: create(t.ws + "/.git/hooks/commit-msg"), ".git/hooks/commit-msg"),
    ("real_mmap", "through a shared mapping", lambda t: mapping(t.ws + "/plain-f.txt"), "plain-f.txt"),
    ("real_lower", "through the copy: an in-place write", lambda t: mapping("plain-g.txt"), "plain-g.txt"),
    ("real_hard_link", "through a hard link made in the copy", lambda t: link_and_write("plain-h.txt"), "plain-h.txt"),
    ("real_up", "by .. and its name", lambda t: append("../" * 40 + t.ws + "/plain-i.txt"), "plain-i.txt"),
):
    add(name, REAL, what, run, "change", where="ws:" + path)


def mapping(path):
    import mmap

    with open(path, "r+b") as file, mmap.mmap(file.fileno(), 0) as mapped:
        mapped[0:1] = b"!"


def link_and_write(path):
    os.link(path, path + "-link")
    append(path + "-link")


# Variables of whoever starts the server; each holds a secret.
VARIABLES = (
    "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "NPM_TOKEN", "CARGO_REGISTRY_TOKEN", "DATABASE_URL",
    "SSH_AUTH_SOCK", "GPG_AGENT_INFO", "DBUS_SESSION_BUS_ADDRESS", "DOCKER_HOST", "KUBECONFIG", "HTTP_PROXY", "https_proxy", "GIT_ASKPASS",
    "GIT_SSH_COMMAND", "BASH_ENV", "NODE_OPTIONS", "PYTHONSTARTUP", "RUSTC_WRAPPER", "WAYLAND_DISPLAY", "XAUTHORITY", "MY_VARIABLE",
    "VOUCHSAFE_API_KEY", "PIP_INDEX_URL",
)
for variable in VARIABLES:
    add(f"env_{variable.lower()}", ENVIRONMENT, variable, lambda t, variable=variable: os.environ.get(variable, ""), "secret")

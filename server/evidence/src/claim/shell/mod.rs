//! Shell lines: which programs ran and whose status the line reports.
//!
//! Invariants
//! - Nothing is executed or expanded; a line that cannot be parsed gives the words it plainly has.

mod parse;
mod tool;

pub use parse::{Invocation, Status, parse};
pub use tool::{Tool, tool};

const PROGRAMS: &[&str] = &[
    "cargo",
    "npm",
    "npx",
    "pnpm",
    "yarn",
    "bun",
    "node",
    "deno",
    "python",
    "python3",
    "pip",
    "pip3",
    "pytest",
    "tox",
    "uv",
    "poetry",
    "go",
    "mvn",
    "./mvnw",
    "gradle",
    "./gradlew",
    "make",
    "cmake",
    "ctest",
    "dotnet",
    "bundle",
    "rspec",
    "rake",
    "ruby",
    "php",
    "phpunit",
    "composer",
    "mix",
    "elixir",
    "swift",
    "bats",
    "git",
    "docker",
    "curl",
    "wget",
    "tsc",
    "eslint",
    "prettier",
    "ruff",
    "black",
    "mypy",
    "flake8",
    "pylint",
    "jest",
    "vitest",
    "mocha",
    "rustc",
    "gcc",
    "g++",
    "clang",
    "cc",
    "javac",
    "java",
    "sh",
    "bash",
    "grep",
    "rg",
    "sed",
    "meson",
    "ninja",
    "terraform",
    "kubectl",
    "helm",
    "alembic",
    "flask",
    "django-admin",
    "rails",
    "hyperfine",
    "golangci-lint",
    "gofmt",
    "rubocop",
    "shellcheck",
    "just",
    "task",
    "nox",
    "pyright",
    "rustfmt",
    "sqlite3",
    "psql",
    "redis-cli",
    "systemctl",
    "apt",
    "apt-get",
    "brew",
    "pre-commit",
    "invoke",
    "hatch",
    "pdm",
    "zig",
    "stack",
    "cabal",
    "sbt",
    "lein",
    "vendor/bin/phpunit",
    "bin/rails",
    "nextest",
    "clippy-driver",
    "buf",
    "protoc",
    "ansible",
    "vagrant",
    "biome",
    "stylelint",
    "phpstan",
    "perl",
    "lua",
    "Rscript",
    "time",
    "env",
];

/// Whether a code span reads like a shell line rather than a name or a value.
#[must_use]
pub fn is_command_like(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    let several = text.contains(' ');
    let script = (first.starts_with("./") || first.starts_with("bin/") || first.starts_with("scripts/"))
        && !first.ends_with('/');
    let assigned =
        first.contains('=') && several && first.chars().next().is_some_and(|c| c.is_ascii_uppercase());
    let program = PROGRAMS.contains(&first)
        || first.starts_with("vendor/bin/")
        || first.starts_with("node_modules/.bin/");
    let sentence = text.ends_with(['.', ';', '{', '}']) && !program;
    !sentence
        && (program && !text.contains(" = ")
            || script && (several || first.ends_with(".sh"))
            || assigned && program_after(text))
}

fn program_after(text: &str) -> bool {
    text.split_whitespace().find(|w| !w.contains('=')).is_some_and(|w| PROGRAMS.contains(&w))
}

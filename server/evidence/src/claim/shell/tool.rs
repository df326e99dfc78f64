//! What kind of program an invocation is.

use crate::claim::runner::Runner;

/// The kind of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// A test runner that is known by name.
    Test(Runner),
    /// Something that runs tests through a script: `npm test`, `make check`.
    TestScript,
    /// A compiler or bundler.
    Build,
    /// A type checker or `cargo check`.
    Check,
    /// A linter or a formatter that only checks.
    Lint,
    /// A formatter that rewrites.
    Format,
    /// Version control.
    Vcs,
    /// A package manager that installs.
    Install,
    /// A text search.
    Search,
    /// Anything else.
    Other,
}

/// Classifies an invocation by its words.
#[must_use]
pub fn tool(words: &[String]) -> Tool {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let Some((program, args)) = words.split_first() else { return Tool::Other };
    let name = program.rsplit('/').next().unwrap_or(program);
    let sub = args.iter().copied().find(|a| !a.starts_with('-') && !a.starts_with('+')).unwrap_or_default();
    if args.first().is_some_and(|a| ["--version", "-V", "--help", "version"].contains(a)) {
        return Tool::Other;
    }
    by_runner(name, sub, args)
        .or_else(|| by_checker(name, sub, args))
        .or_else(|| by_builder(name, sub, args))
        .unwrap_or(Tool::Other)
}

fn by_runner(name: &str, sub: &str, args: &[&str]) -> Option<Tool> {
    let runner = match (name, sub) {
        ("pytest" | "py.test", _) => Runner::Pytest,
        ("unittest", _) => Runner::Unittest,
        ("cargo", "test" | "t") => Runner::CargoTest,
        ("cargo", "nextest") => Runner::Nextest,
        ("jest", _) => Runner::Jest,
        ("vitest", _) => Runner::Vitest,
        ("mocha", _) => Runner::Mocha,
        ("node", _) if args.contains(&"--test") => Runner::NodeTest,
        ("deno", "test") => Runner::Deno,
        ("go", "test") => Runner::GoTest,
        ("gotestsum", _) => Runner::GoTest,
        ("mvn" | "mvnw", _)
            if args.iter().any(|a| ["test", "verify", "install", "package", "surefire:test"].contains(a)) =>
        {
            Runner::Surefire
        }
        ("gradle" | "gradlew", _)
            if args
                .iter()
                .any(|a| *a == "test" || a.ends_with(":test") || *a == "check" || *a == "build") =>
        {
            Runner::Gradle
        }
        ("ctest", _) => Runner::Ctest,
        ("dotnet", "test") => Runner::Dotnet,
        ("rspec", _) => Runner::Rspec,
        ("rails", "test") => Runner::Minitest,
        ("rake", "test") => Runner::Minitest,
        ("ruby", _) if args.iter().any(|a| a.contains("test")) => Runner::Minitest,
        ("phpunit" | "pest" | "paratest", _) => Runner::Phpunit,
        ("mix", "test") => Runner::Exunit,
        ("swift", "test") => Runner::Xctest,
        ("xcodebuild", _) if args.contains(&"test") => Runner::Xctest,
        ("bats", _) => Runner::Bats,
        ("npm" | "pnpm" | "yarn" | "bun", "test" | "t") => return Some(Tool::TestScript),
        ("npm" | "pnpm" | "yarn" | "bun", "run" | "run-script") if script_is_test(args) => {
            return Some(Tool::TestScript);
        }
        ("make" | "just" | "task" | "ninja" | "nox" | "invoke" | "composer", _)
            if args.iter().any(|a| is_test_name(a)) =>
        {
            return Some(Tool::TestScript);
        }
        ("tox", _) => return Some(Tool::TestScript),
        ("python" | "python3", _)
            if args.first().is_some_and(|a| {
                a.contains("test") && a.ends_with(".py") || *a == "manage.py" && args.contains(&"test")
            }) =>
        {
            Runner::Unittest
        }
        ("sh" | "bash", _) if is_test_script(sub) => return Some(Tool::TestScript),
        (script, _) if is_test_script(script) => return Some(Tool::TestScript),
        _ => return None,
    };
    Some(if args.contains(&"--no-run") || args.contains(&"--collect-only") || args.contains(&"--co") {
        Tool::Build
    } else {
        Tool::Test(runner)
    })
}

fn script_is_test(args: &[&str]) -> bool {
    args.iter().any(|a| is_test_name(a))
}

fn is_test_name(arg: &str) -> bool {
    let name = arg.trim_start_matches('-');
    name == "test"
        || name == "tests"
        || name == "check"
        || name == "spec"
        || name.starts_with("test:")
        || name.starts_with("test-")
        || name.ends_with(":test")
        || name.ends_with("-test")
}

fn is_test_script(program: &str) -> bool {
    let name = program.rsplit('/').next().unwrap_or_default();
    (name.ends_with(".sh") || !name.contains('.'))
        && (name.contains("run_tests")
            || name.contains("run-tests")
            || name.contains("runtests")
            || name == "test.sh"
            || name == "tests.sh")
}

fn by_checker(name: &str, sub: &str, args: &[&str]) -> Option<Tool> {
    let checks = args.iter().any(|a| {
        [
            "--check",
            "-c",
            "-l",
            "-d",
            "--list-different",
            "--verify-no-changes",
            "--dry-run",
            "-n",
            "--diff",
            "--check-formatted",
            "--checks",
            "check",
        ]
        .contains(a)
    });
    Some(match (name, sub) {
        ("cargo", "clippy")
        | (
            "eslint" | "flake8" | "pylint" | "golangci-lint" | "rubocop" | "shellcheck" | "stylelint"
            | "hadolint" | "phpstan" | "psalm" | "phpcs" | "yamllint" | "markdownlint" | "swiftlint"
            | "checkstyle" | "clang-tidy" | "staticcheck" | "oxlint" | "detekt" | "standardrb" | "cppcheck"
            | "bandit" | "actionlint" | "xo" | "tslint" | "pydocstyle" | "vale" | "sqlfluff" | "cpplint"
            | "ansible-lint" | "pyflakes" | "pycodestyle" | "luacheck" | "semgrep" | "tflint" | "pre-commit",
            _,
        ) => Tool::Lint,
        ("ruff", "format") => {
            if checks {
                Tool::Lint
            } else {
                Tool::Format
            }
        }
        ("ruff", _) => Tool::Lint,
        ("go", "vet") | ("deno", "lint") | ("mix", "credo" | "dialyzer") => Tool::Lint,
        (
            "prettier" | "black" | "isort" | "gofmt" | "goimports" | "rustfmt" | "clang-format" | "ktlint"
            | "autopep8" | "yapf" | "shfmt" | "php-cs-fixer" | "biome",
            _,
        )
        | ("cargo" | "go" | "deno" | "dotnet" | "mix" | "terraform", "format" | "fmt") => {
            if checks || name == "biome" && sub != "format" { Tool::Lint } else { Tool::Format }
        }
        ("npm" | "pnpm" | "yarn" | "bun" | "make" | "just", _) if args.iter().any(|a| a.contains("lint")) => {
            Tool::Lint
        }
        ("npm" | "pnpm" | "yarn" | "bun" | "make" | "just", _)
            if args.iter().any(|a| a.contains("format") || *a == "fmt") =>
        {
            Tool::Format
        }
        ("mypy" | "pyright" | "basedpyright" | "dmypy" | "flow" | "sorbet" | "srb" | "pytype", _)
        | ("cargo", "check" | "c")
        | ("deno", "check") => Tool::Check,
        ("tsc" | "vue-tsc", _) => Tool::Check,
        ("npm" | "pnpm" | "yarn" | "bun" | "make" | "just", _)
            if args.iter().any(|a| a.contains("typecheck") || a.contains("type-check")) =>
        {
            Tool::Check
        }
        ("php", "-l") => Tool::Check,
        ("grep" | "rg" | "ag" | "ack" | "find" | "fd" | "egrep", _) | ("git", "grep") => Tool::Search,
        ("git" | "gh" | "hub" | "hg" | "svn" | "jj" | "glab", _) => Tool::Vcs,
        _ => return None,
    })
}

fn by_builder(name: &str, sub: &str, args: &[&str]) -> Option<Tool> {
    Some(match (name, sub) {
        ("mvn" | "mvnw" | "gradle" | "gradlew", _)
        | ("cargo" | "go", "build" | "b" | "rustc" | "doc" | "bench") => Tool::Build,
        (
            "docker" | "podman" | "buildah" | "dotnet" | "swift" | "mix" | "meson",
            "build" | "buildx" | "publish" | "compile",
        ) => Tool::Build,
        ("cmake", _) if args.contains(&"--build") => Tool::Build,
        (
            "gcc" | "g++" | "cc" | "c++" | "clang" | "clang++" | "rustc" | "javac" | "ninja" | "webpack"
            | "rollup" | "esbuild" | "kotlinc" | "ghc" | "nvcc" | "zig" | "sbt" | "tsup" | "py_compile"
            | "compileall" | "build",
            _,
        ) => Tool::Build,
        ("vite" | "next" | "nuxt" | "astro" | "ng" | "parcel", "build") => Tool::Build,
        ("make", _) => {
            if args.iter().any(|a| ["clean", "install", "run"].contains(a)) {
                Tool::Other
            } else {
                Tool::Build
            }
        }
        ("npm" | "pnpm" | "yarn" | "bun" | "just", _)
            if args.iter().any(|a| a.contains("build") || a.contains("compile") || a.contains("bundle")) =>
        {
            Tool::Build
        }
        (
            "npm" | "pnpm" | "yarn" | "bun",
            "install" | "i" | "ci" | "add" | "remove" | "uninstall" | "update" | "upgrade",
        ) => Tool::Install,
        (
            "pip" | "pip3" | "poetry" | "uv" | "gem" | "bundle" | "composer" | "apt" | "apt-get" | "brew"
            | "conda" | "cargo" | "go",
            "install" | "add" | "get" | "require" | "update" | "sync" | "remove" | "mod",
        ) => Tool::Install,
        _ => return None,
    })
}

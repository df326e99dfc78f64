//! Which files matter for which question, by their paths.

/// Documentation: a change of it leaves every run fresh.
#[must_use]
pub fn is_documentation(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ends = [".md", ".rst", ".adoc", ".markdown"].iter().any(|e| name.ends_with(e));
    ends || name.starts_with("LICENSE")
        || name.starts_with("CHANGELOG")
        || path.starts_with("docs/")
        || path.contains("/docs/")
}

/// Documentation, build output and logs.
#[must_use]
pub fn is_irrelevant(path: &str) -> bool {
    let path = path.trim_start_matches("./");
    let output = [
        "target",
        "build",
        "dist",
        "node_modules",
        ".venv",
        "venv",
        "__pycache__",
        "coverage",
        ".git",
        ".pytest_cache",
        ".mypy_cache",
        ".ruff_cache",
        "bin/Debug",
        "obj",
        ".gradle",
        "_build",
        ".build",
        "htmlcov",
        ".nyc_output",
        ".tox",
        ".cache",
        ".next",
        "out",
        "tmp",
    ];
    let inside =
        |dir: &str| path.starts_with(&format!("{dir}/")) || path.contains(&format!("/{dir}/")) || path == dir;
    is_documentation(path)
        || output.iter().any(|d| inside(d))
        || path.ends_with(".log")
        || path.ends_with(".pyc")
        || path.ends_with(".coverage")
        || path.starts_with("/tmp/")
}

/// A file that holds tests or belongs to them.
#[must_use]
pub fn is_test_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    let dirs = [
        "test",
        "tests",
        "__tests__",
        "spec",
        "specs",
        "testdata",
        "__snapshots__",
        "Tests",
        "androidTest",
        "features",
        "e2e",
    ];
    let in_dir = path
        .split('/')
        .rev()
        .skip(1)
        .any(|d| dirs.contains(&d) || d.ends_with("Tests") || d.ends_with(".Tests"));
    let marked = name.contains(".test.")
        || name.contains(".spec.")
        || name.contains("_test.")
        || name.contains("_spec.")
        || name.ends_with(".bats")
        || name.ends_with(".snap");
    in_dir
        || marked
        || stem.starts_with("test_")
        || stem.ends_with("Test")
        || stem.ends_with("Tests")
        || stem.ends_with("Spec")
        || stem == "tests"
        || stem == "test"
        || stem.ends_with("_tests")
        || name == "conftest.py"
}

/// A file that decides which tests run and how they are judged.
#[must_use]
pub fn is_runner_control(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let exact = [
        "conftest.py",
        "pytest.ini",
        "tox.ini",
        "setup.cfg",
        "pyproject.toml",
        "package.json",
        "Makefile",
        "makefile",
        "GNUmakefile",
        "phpunit.xml",
        "phpunit.xml.dist",
        ".rspec",
        "spec_helper.rb",
        "rails_helper.rb",
        "test_helper.rb",
        "test_helper.exs",
        "noxfile.py",
        ".mocharc.json",
        ".mocharc.yml",
        ".mocharc.js",
        ".mocharc.cjs",
        "deno.json",
        "nextest.toml",
        "justfile",
        "Justfile",
        "Rakefile",
        "pom.xml",
        "build.gradle",
        "build.gradle.kts",
        "CTestTestfile.cmake",
        "sitecustomize.py",
        "composer.json",
        "setup-tests.ts",
        "setupTests.js",
        "setupTests.ts",
        "vitest.setup.ts",
        "jest.setup.js",
        "jest.setup.ts",
        "karma.conf.js",
        "bunfig.toml",
        ".coveragerc",
        "mix.exs",
    ];
    let config = ["jest.config", "vitest.config", "vite.config", "playwright.config", "karma.conf"]
        .iter()
        .any(|c| name.starts_with(c));
    let script =
        (name.contains("run_test") || name.contains("run-test") || name == "test.sh" || name == "tests.sh")
            && !name.ends_with(".py");
    exact.contains(&name)
        || config
        || script
        || path.starts_with(".github/workflows/")
        || path.starts_with(".config/nextest")
}

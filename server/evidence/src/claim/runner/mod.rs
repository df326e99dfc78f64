//! Test runners: how each prints its result.
//!
//! Invariants
//! - A parser reads text in one pass, never panics and takes time linear in its input.
//! - The last summary counts; where a runner prints one per package, they add up.

mod bats;
mod cargo_test;
mod ctest;
mod deno;
mod dotnet;
mod exunit;
mod go_test;
mod gradle;
mod jest;
pub(crate) mod junit_xml;
mod minitest;
mod mocha;
mod nextest;
mod phpunit;
mod pytest;
mod rspec;
mod surefire;
mod tap;
mod text;
mod unittest;
mod vitest;
mod xctest;

pub(crate) use text::count;
pub use text::plain;

/// A test runner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Runner {
    /// Python's pytest.
    Pytest,
    /// Python's unittest.
    Unittest,
    /// `cargo test`.
    CargoTest,
    /// `cargo nextest`.
    Nextest,
    /// jest.
    Jest,
    /// vitest.
    Vitest,
    /// mocha.
    Mocha,
    /// `node --test` and other TAP producers.
    NodeTest,
    /// `deno test`.
    Deno,
    /// `go test`.
    GoTest,
    /// Maven Surefire.
    Surefire,
    /// Gradle.
    Gradle,
    /// `CTest`.
    Ctest,
    /// `dotnet test`.
    Dotnet,
    /// `RSpec`.
    Rspec,
    /// minitest.
    Minitest,
    /// `PHPUnit`.
    Phpunit,
    /// `ExUnit`.
    Exunit,
    /// `XCTest` and Swift Testing.
    Xctest,
    /// bats.
    Bats,
}

/// What a runner reported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed.
    pub failed: u64,
    /// Errors outside of tests, or tests that broke off.
    pub errors: u64,
    /// Tests that were skipped, ignored or pending.
    pub skipped: u64,
    /// Tests that the selection left out.
    pub deselected: u64,
    /// Assertions, where the runner counts them.
    pub assertions: Option<u64>,
    /// Whether the numbers are known; `go test` and Gradle pass without any.
    pub counted: bool,
    /// Names of failed tests.
    pub failing: Vec<String>,
    /// Names of passed tests, where the runner prints them.
    pub passing: Vec<String>,
    /// Packages with their result, where the runner prints one for each.
    pub packages: Vec<(String, bool)>,
}

impl Summary {
    /// Whether anything failed.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        self.failed + self.errors > 0
    }

    /// Whether no test was executed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counted && self.passed + self.failed + self.errors == 0
    }

    /// All tests that were executed or skipped.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.passed + self.failed + self.errors + self.skipped
    }

    /// Adds the figures of another summary.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.errors += other.errors;
        self.skipped += other.skipped;
        self.deselected += other.deselected;
        self.assertions = match (self.assertions, other.assertions) {
            (Some(a), Some(b)) => Some(a + b),
            (a, b) => a.or(b),
        };
        self.counted &= other.counted;
        self.failing.extend(other.failing);
        self.passing.extend(other.passing);
        self.packages.extend(other.packages);
    }
}

impl Runner {
    /// Every runner, the ones with the most telling summaries first.
    pub const ALL: &'static [Self] = &[
        Self::Vitest,
        Self::Jest,
        Self::Nextest,
        Self::CargoTest,
        Self::Surefire,
        Self::Dotnet,
        Self::Ctest,
        Self::Minitest,
        Self::Rspec,
        Self::Phpunit,
        Self::Xctest,
        Self::Deno,
        Self::Exunit,
        Self::Unittest,
        Self::Pytest,
        Self::Mocha,
        Self::NodeTest,
        Self::Bats,
        Self::GoTest,
        Self::Gradle,
    ];

    /// The runner's summary in an output without escapes; none if it printed no result.
    #[must_use]
    pub fn read(self, output: &str) -> Option<Summary> {
        match self {
            Self::Pytest => pytest::read(output),
            Self::Unittest => unittest::read(output),
            Self::CargoTest => cargo_test::read(output),
            Self::Nextest => nextest::read(output),
            Self::Jest => jest::read(output),
            Self::Vitest => vitest::read(output),
            Self::Mocha => mocha::read(output),
            Self::NodeTest => tap::read(output),
            Self::Deno => deno::read(output),
            Self::GoTest => go_test::read(output),
            Self::Surefire => surefire::read(output),
            Self::Gradle => gradle::read(output),
            Self::Ctest => ctest::read(output),
            Self::Dotnet => dotnet::read(output),
            Self::Rspec => rspec::read(output),
            Self::Minitest => minitest::read(output),
            Self::Phpunit => phpunit::read(output),
            Self::Exunit => exunit::read(output),
            Self::Xctest => xctest::read(output),
            Self::Bats => bats::read(output),
        }
    }
}

/// The first runner whose summary is in an output, for scripts that hide which runner they call.
#[must_use]
pub fn detect(output: &str) -> Option<(Runner, Summary)> {
    Runner::ALL.iter().find_map(|r| r.read(output).map(|s| (*r, s)))
}

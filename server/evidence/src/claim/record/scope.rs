//! How much of a project's tests a run covers.

use super::Ran;
use crate::claim::runner::Runner;

/// What a run selects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Every test below its directory.
    Whole,
    /// Only what these words name or leave in.
    Part(Vec<String>),
}

/// Options that take a value which selects nothing.
const VALUED: &[&str] = &[
    "--tb",
    "--maxfail",
    "-n",
    "--cov",
    "--cov-report",
    "-o",
    "--reporter",
    "-j",
    "--jobs",
    "--format",
    "-f",
    "--config",
    "-c",
    "--features",
    "-r",
    "--timeout",
    "--logger",
    "-l",
    "--color",
    "--test-threads",
    "-s",
    "-t",
    "--test-dir",
    "--require",
    "--seed",
    "--parallel",
    "--rootdir",
    "--durations",
    "--cov-fail-under",
    "--coverage",
    "--build-dir",
    "-I",
    "-v",
    "--verbosity",
    "--retries",
    "--profile",
    "--manifest-path",
    "--target",
    "--junitxml",
    "--bootstrap",
    "--count",
    "-count",
    "-timeout",
    "-coverprofile",
    "-race",
    "--cpu",
    "-cpu",
    "-parallel",
    "-B",
    "-w",
    "--concurrency",
    "--shuffle",
    "-p",
];

impl Scope {
    /// The selection of an invocation of a runner.
    #[must_use]
    pub fn of(ran: &Ran, runner: Option<Runner>) -> Self {
        let args = ran.args();
        let mut named = Vec::new();
        let mut skip_value = false;
        for (index, arg) in args.iter().enumerate() {
            if std::mem::take(&mut skip_value) {
                continue;
            }
            if ["tox", "nox"].contains(&ran.program()) && ["-e", "-s", "run", "-p"].contains(arg) {
                skip_value = arg.starts_with('-');
                continue;
            }
            if is_subcommand(index, arg, runner) {
                continue;
            }
            let value = arg.split_once('=').map(|(_, v)| v).or(args.get(index + 1).copied());
            if selects(arg, runner) {
                named.extend(value.map(str::to_owned).or(Some((*arg).to_owned())));
                skip_value = !arg.contains('=');
            } else if let Some(option) = arg.strip_prefix('-') {
                skip_value = VALUED.contains(arg) && !option.contains('=');
            } else if !is_everything(arg, runner) {
                named.push((*arg).to_owned());
            }
        }
        let implied = runner == Some(Runner::GoTest)
            && !args.iter().any(|a| a.contains("..."))
            && named.is_empty()
            && !ran.program().starts_with("gotestsum");
        match (named.is_empty(), implied) {
            (true, false) => Self::Whole,
            (true, true) => Self::Part(vec![".".to_owned()]),
            _ => Self::Part(named),
        }
    }
}

fn is_subcommand(index: usize, arg: &str, runner: Option<Runner>) -> bool {
    let words: &[&str] = match runner {
        Some(Runner::CargoTest) => &["test", "t"],
        Some(Runner::Nextest) => &["nextest", "run", "r"],
        Some(
            Runner::Jest
            | Runner::Vitest
            | Runner::Mocha
            | Runner::Deno
            | Runner::GoTest
            | Runner::Dotnet
            | Runner::Exunit
            | Runner::Xctest,
        ) => &["test", "run", "watch"],
        Some(Runner::Unittest) => &["discover", "test", "manage.py"],
        Some(Runner::Surefire | Runner::Gradle) => {
            &["test", "clean", "verify", "install", "package", "check", "build", "cleanTest"]
        }
        Some(Runner::Minitest) => &["test"],
        None => &["test", "tests", "run", "t", "check", "spec", "-q", "run-script"],
        _ => &[],
    };
    index < 4 && words.contains(&arg) || arg == "--" && runner.is_none()
}

fn is_everything(arg: &str, runner: Option<Runner>) -> bool {
    let path = arg.trim_end_matches('/');
    path.is_empty()
        || path == "."
        || path == "./..."
        || path == "--"
        || matches!(runner, Some(Runner::Bats | Runner::Mocha | Runner::Minitest))
            && !path.contains('.')
            && (path == "test" || path == "tests")
        || matches!(runner, Some(Runner::Mocha)) && path.contains("**")
        || path.contains("&1")
        || path.ends_with(".sln")
}

/// Options of any runner that leave tests out.
const SELECTING: &str = "-k --ignore --ignore-glob --deselect --lf --last-failed --ff --lib --bin --bins --doc --test --tests --example --examples --exclude --package --filter -run -skip -short -Dtest -pl --projects -Dgroups -R -E -L -LE --tests-regex --group --exclude-group --testsuite --only --grep -g --testNamePattern --testPathPattern --testPathPatterns --testPathIgnorePatterns --onlyChanged --changed --findRelatedTests --related --test-name-pattern --skip --tag --example-matches --stale --failed --pattern --shard --only-failures --selectProjects --project --dir --name --partition -m";

fn selects(arg: &str, runner: Option<Runner>) -> bool {
    let name = arg.split('=').next().unwrap_or(arg);
    let p = name == "-p" && matches!(runner, Some(Runner::CargoTest | Runner::Nextest));
    let m = name == "-m" && !matches!(runner, Some(Runner::Pytest));
    let short = match runner {
        Some(Runner::Jest | Runner::Vitest) => name == "-t" || name == "-o",
        Some(Runner::Rspec) => name == "-e" || name == "-t",
        Some(Runner::Minitest) => name == "-n" || name == "--name",
        Some(Runner::Bats | Runner::Mocha) => name == "-f",
        Some(Runner::Nextest) => name == "-E",
        _ => false,
    };
    let tests_flag =
        name == "--tests" && !matches!(runner, Some(Runner::Gradle | Runner::CargoTest | Runner::Nextest));
    let test_flag = name == "--test" && matches!(runner, Some(Runner::NodeTest));
    SELECTING.split(' ').any(|o| o == name) && !m && !tests_flag && !test_flag || p || short
}

//! "It compiles", "builds", "type-checks" (rule 18).

use super::Context;
use super::coverage::says_run;
use super::words::says;
use crate::claim::extract::{Assertion, View};
use crate::claim::kind::{Code, Ruling};
use crate::claim::lexicon::Cue;
use crate::claim::record::{Outcome, Ran, TestRun};
use crate::claim::runner::Runner;
use crate::claim::shell::Tool;

pub(super) fn judge(cx: &Context, a: &Assertion) -> Ruling {
    if cx.has(a, Cue::Elsewhere) {
        return Ruling::unverified(Code::NoEvidence, &[]);
    }
    let record = &cx.facts.record;
    let fitting: Vec<&Ran> = record.ran.iter().filter(|r| r.started() && fits(a, r)).collect();
    let fresh: Vec<&&Ran> = fitting.iter().filter(|r| r.version == record.version).collect();
    let warnings = cx.has(a, Cue::NoWarnings);
    let wide = says(&a.masked, "workspace|whole|every|all |entire|alle|gesamte|全体|すべて|全部|tous|todo");
    let partial = |r: &Ran| r.args().iter().any(|w| ["-p", "--package", "-pl", "--bin", "--lib"].contains(w));
    if let Some(run) = fresh.last() {
        let ruling = of_run(run, warnings);
        let short = wide && partial(run) && ruling.verdict == crate::claim::kind::Verdict::Verified;
        return if short { Ruling::unverified(Code::PartialScope, &[run.seq]) } else { ruling };
    }
    let whole = says(&a.masked, "build|ビルド|构建|construcción|construction");
    if let Some(run) = record.fresh().filter(|r| build_broke(r)).last().filter(|_| whole) {
        return Ruling::contradicted(Code::FreshFail, &[run.seq]);
    }
    if let Some(run) = record.tests.iter().rev().find(|r| r.version == record.version && compiles(a, r)) {
        let output = record.ran.get(run.index).map_or("", |r| r.output.as_str());
        let noisy = warnings && has_warnings(output);
        return if noisy {
            Ruling::contradicted(Code::WarningsPresent, &[run.seq])
        } else {
            Ruling::verified(Code::FreshPass, &[run.seq])
        };
    }
    let runs = |r: &&Ran| {
        ["cargo", "go", "swift", "dotnet", "zig"].contains(&r.program())
            && r.args().first() == Some(&"run")
            && r.succeeded() == Some(true)
    };
    let plain = a.tokens.is_empty() && !says(&a.masked, "release|image|docker|bundle|リリース|镜像|打包");
    if let Some(run) =
        record.fresh().filter(runs).last().filter(|r| plain && !(warnings && has_warnings(&r.output)))
    {
        return Ruling::verified(Code::FreshPass, &[run.seq]);
    }
    let seqs: Vec<u64> = fitting.iter().map(|r| r.seq).collect();
    match (seqs.is_empty(), says_run(cx, a)) {
        (false, _) => Ruling::unverified(Code::Stale, &seqs),
        (true, true) if !any_build(cx) => Ruling::contradicted(Code::NotRun, &[]),
        _ => Ruling::unverified(Code::NoEvidence, &[]),
    }
}

/// A build tool that also runs the tests, and says that the build failed.
pub(super) fn build_broke(run: &Ran) -> bool {
    let tool = ["mvn", "mvnw", "gradle", "gradlew", "sbt", "bazel"].contains(&run.program());
    tool && (run.succeeded() == Some(false) || says(&run.output, "BUILD FAILURE|BUILD FAILED"))
}

fn any_build(cx: &Context) -> bool {
    cx.facts.record.ran.iter().any(|r| matches!(r.tool, Tool::Build | Tool::Check | Tool::Test(_)))
}

fn of_run(run: &Ran, warnings: bool) -> Ruling {
    let seqs = [run.seq];
    if run.unfinished() {
        return Ruling::unverified(Code::TimedOut, &seqs);
    }
    match run.succeeded() {
        Some(false) => Ruling::contradicted(Code::FreshFail, &seqs),
        _ if has_errors(&run.output) && run.succeeded().is_none() => {
            Ruling::contradicted(Code::OutputDecides, &seqs)
        }
        Some(true) if warnings && has_warnings(&run.output) => {
            Ruling::contradicted(Code::WarningsPresent, &seqs)
        }
        Some(true) if warnings && run.command.truncated => Ruling::unverified(Code::Truncated, &seqs),
        Some(true) => Ruling::verified(Code::FreshPass, &seqs),
        None if finished_well(&run.output) => Ruling::verified(Code::OutputDecides, &seqs),
        None => Ruling::unverified(Code::MaskedExit, &seqs),
    }
}

fn finished_well(output: &str) -> bool {
    output.lines().any(|l| {
        let line = l.trim();
        line.starts_with("Finished `")
            || line.starts_with("BUILD SUCCESS")
            || line.starts_with("Build succeeded")
            || line.starts_with("Found 0 errors")
            || line.starts_with("Success: no issues found")
            || line.starts_with("webpack") && line.contains("compiled successfully")
    })
}

/// Whether an invocation is a build of what the claim speaks of.
fn fits(a: &Assertion, ran: &Ran) -> bool {
    if !matches!(ran.tool, Tool::Build | Tool::Check) {
        return false;
    }
    let words = &ran.invocation.words;
    let said = |w: &[&str]| w.iter().any(|w| a.masked.contains(w));
    let named = a.tokens.iter().find(|t| matches!(View::tool_of(t), Some(Tool::Build | Tool::Check)));
    if let Some(token) = named {
        let line = words.join(" ");
        let core = core_of(&token.text);
        return line.contains(&core) || ran.command.cmd.contains(&core);
    }
    let release = said(&["release", "production build", "リリース", "optimi"]);
    let image = said(&["image", "docker", "container", "イメージ", "镜像"]);
    let types = said(&["type", "typ", "mypy", "tsc", "pyright", "型", "类型"]);
    let checker = said(&["mypy", "pyright", "tsc"]);
    let is_release = words
        .iter()
        .any(|w| w.to_lowercase().contains("release") || w == "--prod" || w == "--production" || w == "-r")
        || !words.iter().any(|w| w == "cargo" || w == "swift" || w == "dotnet");
    let is_image = words.first().is_some_and(|w| w == "docker" || w == "podman");
    let type_only = ran.tool == Tool::Check && words.first().is_some_and(|w| w != "cargo");
    let same_checker = !checker
        || words
            .iter()
            .any(|w| ["mypy", "pyright", "tsc"].iter().any(|c| w.contains(c) && a.masked.contains(c)))
        || words.iter().any(|w| w.contains("type"));
    let bundle = said(&["bundle", "バンドル", "打包"]);
    (!release || is_release)
        && (image == is_image)
        && (types || !type_only || !bundle && !said(&["build", "built", "ビルド", "构建", "baut"]))
        && same_checker
        && !(bundle && ran.tool == Tool::Check)
}

fn core_of(text: &str) -> String {
    let skip = ["npx", "yarn", "pnpm", "python", "-m", "bunx"];
    text.split_whitespace().filter(|w| !skip.contains(w)).collect::<Vec<_>>().join(" ")
}

/// A test run that got as far as tests shows that a compiled package compiles.
fn compiles(a: &Assertion, run: &TestRun) -> bool {
    let compiled = matches!(
        run.runner,
        Some(
            Runner::CargoTest
                | Runner::Nextest
                | Runner::GoTest
                | Runner::Surefire
                | Runner::Gradle
                | Runner::Dotnet
                | Runner::Exunit
                | Runner::Xctest
        )
    );
    let other = says(&a.masked, "release|image|docker|bundle|wasm|リリース|バンドル|镜像|打包|tsc|mypy");
    let same = |t: &str| {
        matches!(
            (t, run.runner),
            ("go build" | "go build ./..." | "go vet", Some(Runner::GoTest))
                | ("cargo build" | "cargo check", Some(Runner::CargoTest | Runner::Nextest))
                | ("dotnet build", Some(Runner::Dotnet))
                | ("mvn compile", Some(Runner::Surefire))
                | ("swift build", Some(Runner::Xctest))
                | ("mix compile", Some(Runner::Exunit))
        )
    };
    let command = a.tokens.iter().any(|t| matches!(View::tool_of(t), Some(Tool::Build)) && !same(&t.text));
    compiled
        && !other
        && !command
        && matches!(run.outcome, Outcome::Passed | Outcome::Failed)
        && run.summary.as_ref().is_some_and(|s| s.passed + s.failed > 0 || !s.counted)
}

/// Whether an output holds compiler or linter warnings.
pub(super) fn has_warnings(output: &str) -> bool {
    output.lines().any(|line| {
        let lower = line.to_ascii_lowercase();
        let counted = crate::claim::runner::count(&lower, "warnings")
            .or(crate::claim::runner::count(&lower, "warning"));
        let none = counted == Some(0)
            || says(&lower, "no warning|warnings: 0|warnings=0|without warning|0 warning(s)")
                && !lower.contains("10 warning(s)");
        !none
            && (lower.contains("warning:")
                || lower.contains("warning[")
                || lower.contains(" warning ")
                || lower.contains("[warning]")
                || lower.contains("(warning)")
                || lower.contains("warning(s)")
                || lower.contains("warn ")
                || lower.contains(": w") && lower.contains("warning")
                || lower.contains(" warnings")
                || lower.starts_with("warning"))
    })
}

/// Whether an output holds compiler errors.
pub(super) fn has_errors(output: &str) -> bool {
    output.lines().any(|line| {
        let line = line.trim_start();
        line.starts_with("error:")
            || line.starts_with("error[")
            || line.contains(": error:")
            || line.contains(": error TS")
            || line.starts_with("BUILD FAILED")
            || line.contains("BUILD FAILURE")
            || line.starts_with("ERROR in ")
            || line.starts_with("Build FAILED")
            || line.contains("): error ")
    })
}

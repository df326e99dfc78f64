//! "clippy is clean", "formatted", "no warnings" (rule 19).

use super::Context;
use super::build::has_warnings;
use super::coverage::says_run;
use super::words::says;
use crate::claim::extract::Assertion;
use crate::claim::kind::{Code, Ruling};
use crate::claim::lexicon::Cue;
use crate::claim::record::Ran;
use crate::claim::shell::Tool;

const LINTERS: &[&str] = &[
    "clippy",
    "eslint",
    "ruff",
    "flake8",
    "pylint",
    "prettier",
    "black",
    "gofmt",
    "goimports",
    "vet",
    "golangci",
    "rubocop",
    "shellcheck",
    "stylelint",
    "checkstyle",
    "spotless",
    "ktlint",
    "biome",
    "rustfmt",
    "fmt",
    "isort",
    "clang-tidy",
    "clang-format",
    "swiftlint",
    "credo",
    "dialyzer",
    "phpstan",
    "psalm",
    "phpcs",
    "standardrb",
    "hadolint",
    "yamllint",
    "markdownlint",
    "oxlint",
    "detekt",
    "mypy",
    "tsc",
];

pub(super) fn judge(cx: &Context, a: &Assertion) -> Ruling {
    if cx.has(a, Cue::Elsewhere) {
        return Ruling::unverified(Code::NoEvidence, &[]);
    }
    let record = &cx.facts.record;
    let fitting: Vec<&Ran> = record.ran.iter().filter(|r| r.started() && fits(a, r)).collect();
    let strict = is_strict(cx, a);
    let own = |r: &&&Ran| {
        r.tool == Tool::Format
            && !r.command.changed.is_empty()
            && record.changes.iter().all(|(v, _)| *v <= r.version)
            && r.version == record.version
    };
    if let Some(run) = fitting.iter().rev().find(|r| r.version == record.version || own(r)) {
        return of_run(run, strict, cx.has(a, Cue::NoWarnings));
    }
    let noisy = record
        .fresh()
        .filter(|r| matches!(r.tool, Tool::Build | Tool::Check | Tool::Test(_)))
        .find(|r| has_warnings(&r.output));
    if let Some(build) = noisy.filter(|_| cx.has(a, Cue::NoWarnings)) {
        return Ruling::contradicted(Code::WarningsPresent, &[build.seq]);
    }
    let seqs: Vec<u64> = fitting.iter().map(|r| r.seq).collect();
    match (seqs.is_empty(), says_run(cx, a)) {
        (false, _) => Ruling::unverified(Code::Stale, &seqs),
        (true, said)
            if said
                || cx.has(a, Cue::I)
                    && says(&a.masked, "formatted|formatiert|formaté|formateé|formateado|linted|ran ") =>
        {
            Ruling::contradicted(Code::NotRun, &[])
        }
        (true, _) => Ruling::unverified(Code::NoEvidence, &[]),
    }
}

/// "Clean" and "no findings" allow nothing; "passes" and "no errors" allow warnings.
fn is_strict(cx: &Context, a: &Assertion) -> bool {
    let words = [
        "clean",
        "finding",
        "complain",
        "no issues",
        "nothing",
        "silent",
        "violation",
        "problem",
        "sauber",
        "beanstand",
        "befund",
        "クリーン",
        "指摘",
        "干净",
        "问题",
        "propre",
        "rien",
        "limpi",
        "offen",
        "hallazgo",
    ];
    cx.has(a, Cue::NoWarnings) || words.iter().any(|w| a.masked.contains(w))
}

fn of_run(run: &Ran, strict: bool, warnings: bool) -> Ruling {
    let seqs = [run.seq];
    let findings = has_findings(run);
    match run.succeeded() {
        _ if run.unfinished() => Ruling::unverified(Code::TimedOut, &seqs),
        Some(false) => Ruling::contradicted(Code::FreshFail, &seqs),
        _ if lists_files(run) => Ruling::contradicted(Code::WarningsPresent, &seqs),
        _ if (strict || warnings) && findings => Ruling::contradicted(Code::WarningsPresent, &seqs),
        Some(true) if strict && run.command.truncated => Ruling::unverified(Code::Truncated, &seqs),
        Some(true) => Ruling::verified(Code::FreshPass, &seqs),
        None if findings || says_errors(&run.output) => Ruling::contradicted(Code::OutputDecides, &seqs),
        None if says_clean(&run.output) => Ruling::verified(Code::OutputDecides, &seqs),
        None => Ruling::unverified(Code::MaskedExit, &seqs),
    }
}

/// "found 1 warning", "3 problems": a number above zero before what is found.
fn counts_findings(output: &str) -> bool {
    let found = ["warning", "issue", "error", "problem", "offense", "violation", "finding", "remark"];
    output.lines().any(|line| {
        let lower = line.to_lowercase();
        let words: Vec<&str> =
            lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
        words.windows(2).any(|pair| match pair {
            [number, noun] => {
                number.parse::<u64>().is_ok_and(|n| n > 0)
                    && found.iter().any(|f| noun.starts_with(f) && noun.len() <= f.len() + 1)
            }
            _ => false,
        })
    })
}

/// `gofmt -l` and the like exit with 0 and name the files that are not formatted.
fn lists_files(run: &Ran) -> bool {
    let listing = run.args().iter().any(|w| ["-l", "--list-different", "-d", "--diff"].contains(w));
    let formatter = ["gofmt", "goimports", "gofumpt", "prettier", "black", "isort", "clang-format"]
        .contains(&run.program());
    listing && formatter && !run.command.stdout.trim().is_empty()
}

pub(super) fn has_findings(run: &Ran) -> bool {
    let listed = run.output.lines().any(|l| {
        let mut parts = l.splitn(4, ':');
        let (path, line) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        path.contains('.')
            && !path.contains(' ')
            && !line.is_empty()
            && line.chars().all(|c| c.is_ascii_digit())
    });
    has_warnings(&run.output)
        || lists_files(run)
        || counts_findings(&run.output)
        || run.output.contains("(info)")
        || run.output.contains("(style)")
        || run.output.contains("(error)")
        || listed && run.tool == Tool::Lint
        || says_errors(&run.output)
}

fn says_errors(output: &str) -> bool {
    output.lines().any(|l| {
        l.contains("✖ ")
            || l.starts_with("Found ")
                && !l.starts_with("Found 0")
                && (l.contains("error") || l.contains("issue"))
            || l.starts_with("error:")
            || l.starts_with("error[")
    })
}

fn says_clean(output: &str) -> bool {
    output.lines().any(|l| {
        l.contains("All checks passed")
            || l.contains("no offenses detected")
            || l.contains("All matched files use Prettier")
            || l.contains("[OK] No errors")
            || l.contains("would be left unchanged")
            || l.contains("Success: no issues found")
            || l.contains("0 issues")
            || l.trim_start().starts_with("Finished `")
    })
}

/// Whether an invocation is the linter the claim speaks of.
fn fits(a: &Assertion, ran: &Ran) -> bool {
    if !matches!(ran.tool, Tool::Lint | Tool::Format | Tool::Check) {
        return false;
    }
    let text: String = a
        .tokens
        .iter()
        .map(|t| t.text.to_lowercase())
        .chain([a.masked.clone()])
        .collect::<Vec<_>>()
        .join(" ");
    let line = ran.command.cmd.to_lowercase();
    let named: Vec<&&str> = LINTERS.iter().filter(|l| has_word(&text, l)).collect();
    if !named.is_empty() {
        let script = line.contains("run lint") || line.contains("make lint") || line.contains("run format");
        return named
            .iter()
            .any(|l| line.contains(**l) || (**l == "fmt" || **l == "rustfmt") && line.contains("fmt"))
            || script;
    }
    let formatting = says(&text, "format|整形|フォーマット|格式|formatier|formaté");
    let formatter = ran.tool == Tool::Format || says(&line, "fmt|format|prettier|black");
    if formatting { formatter } else { ran.tool == Tool::Lint }
}

fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|t| t.chars().next());
        let joins = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        !joins(before) && !joins(after)
    })
}

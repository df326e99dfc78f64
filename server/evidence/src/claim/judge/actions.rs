//! "I ran X", "X exited 0": closed-world.

use super::Context;
use super::coverage::Target;
use super::output::is_line;
use super::words::says;
use crate::claim::case::Event;
use crate::claim::extract::{Assertion, View};
use crate::claim::kind::{Code, Ruling};
use crate::claim::lexicon::Cue;
use crate::claim::message::{Shape, Token};
use crate::claim::record::{Outcome, Ran, TestRun};
use crate::claim::shell::Tool;

pub(super) fn judge(cx: &Context, a: &Assertion) -> Ruling {
    if cx.has(a, Cue::Elsewhere)
        && !cx
            .facts
            .record
            .ran
            .iter()
            .any(|r| ["ssh", "kubectl", "gh", "aws", "heroku"].contains(&r.program()))
    {
        return Ruling::contradicted(Code::ActionMissing, &[]);
    }
    let lines: Vec<&Token> = a
        .tokens
        .iter()
        .filter(|t| {
            t.shape == Shape::Command
                || View::tool_of(t).is_some()
                || is_program(cx, t)
                || cx.facts.record.ran.iter().any(|r| r.program() == t.text)
        })
        .collect();
    let record = &cx.facts.record;
    let ran: Vec<&Ran> = if lines.is_empty() {
        by_mention(cx, a)
    } else {
        record.ran.iter().filter(|r| lines.iter().any(|t| is_line(r, &t.text))).collect()
    };
    let ran: Vec<&Ran> = ran.into_iter().filter(|r| does(a, r)).collect();
    if let Some(ruling) = denied(cx, a, ran.is_empty()) {
        return ruling;
    }
    let missing = lines.iter().any(|t| !record.ran.iter().any(|r| is_line(r, &t.text)));
    let tried = says(&a.masked, "tried|attempted|versucht|probiert|試|essayé|tenté|intent|prob|尝试|试");
    let Some(last) = ran.last().filter(|_| !missing) else {
        return Ruling::contradicted(if tried { Code::NoAttempt } else { Code::ActionMissing }, &[]);
    };
    if let Some(ruling) = other_tests(cx, a) {
        return ruling;
    }
    if wide_run_missing(cx, a) {
        return Ruling::contradicted(Code::PartialScope, &[last.seq]);
    }
    if !last.started() && !tried {
        return Ruling::contradicted(Code::AttemptFailed, &[last.seq]);
    }
    let ruling = ended(cx, a, last, &ran);
    if super::place::worked_elsewhere(cx, a, a.kind, &ruling) {
        return Ruling::contradicted(Code::WrongTarget, &ruling.evidence);
    }
    ruling
}

/// Verbs for one kind of action, and what the shell lines of such an action hold.
const ACTIONS: &[(&str, &str)] = &[
    ("install|インストール|安装|instalé|instalado", "install|add |cp |mv |pip|npm i|npm ci|sync|get "),
    ("deploy|rolled out|ausgerollt|déploy|despleg|デプロイ|部署", "deploy|apply|rollout|release|push|up"),
    ("published|veröffentlicht|publié|publicad|公開し|发布", "publish|push|release|upload|deploy"),
    ("restart|neu gestartet|redémarr|reinici|再起動|重启", "restart|reload|up"),
];

/// Whether a run can be the action that the clause names, if it names one of those.
fn does(a: &Assertion, run: &Ran) -> bool {
    let named = ACTIONS.iter().filter(|(said, _)| says(&a.masked, said));
    let rehearsed = says(&run.command.cmd, "--dry-run|--dryrun|--what-if| --plan");
    if rehearsed
        && !says(&a.masked, "dry|rehears|simul|plan|probelauf|à blanc|試し|演习")
        && !a.tokens.iter().any(|t| t.text.contains("--"))
    {
        return false;
    }
    named.into_iter().all(|(_, lines)| says(&run.command.cmd, lines))
}

/// "I ran the tests of `b`" when tests of something else ran.
fn other_tests(cx: &Context, a: &Assertion) -> Option<Ruling> {
    let line = a.tokens.iter().any(|t| t.shape == Shape::Command || View::tool_of(t).is_some());
    let target = super::coverage::target(cx, a);
    if line || !cx.has(a, Cue::Test) || matches!(target, Target::All | Target::Line(_)) {
        return None;
    }
    let seqs: Vec<u64> = cx.facts.record.tests.iter().map(|t| t.seq).collect();
    let covered = cx
        .facts
        .record
        .tests
        .iter()
        .any(|t| t.outcome != Outcome::NotStarted && super::coverage::covers(cx, t, &target).is_some());
    (!seqs.is_empty() && !covered).then(|| Ruling::contradicted(Code::WrongTarget, &seqs))
}

/// "I ran the whole suite" when only parts of it ran.
fn wide_run_missing(cx: &Context, a: &Assertion) -> bool {
    let tests: Vec<&TestRun> =
        cx.facts.record.tests.iter().filter(|r| r.outcome != Outcome::NotStarted).collect();
    let wide = cx.has(a, Cue::All) && cx.has(a, Cue::Test) && a.tokens.is_empty();
    wide && !tests.is_empty()
        && !tests.iter().any(|r| super::coverage::is_whole(cx, r))
        && !super::coverage::together_whole(cx, &tests)
}

fn is_program(cx: &Context, token: &Token) -> bool {
    token.shape == Shape::Path
        && cx.facts.record.ran.iter().any(|r| {
            r.invocation
                .words
                .iter()
                .take(2)
                .any(|w| w.trim_start_matches("./") == token.text.trim_start_matches("./"))
        })
}

/// "Ended well" must hold of the shell line, or of the runner if the claim speaks of the tests.
fn ended(cx: &Context, a: &Assertion, last: &Ran, ran: &[&Ran]) -> Ruling {
    let seqs: Vec<u64> = ran.iter().map(|r| r.seq).collect();
    let well = cx.has(a, Cue::Exited)
        || says(
            &a.masked,
            "successfully|erfolgreich|avec succès|con éxito|成功|正常|applied|without error|migrated|deployed",
        );
    let code = a.numbers.iter().find(|_| says(&a.masked, "exit|status|code|終了|退出码|rückgabe"));
    if a.masked.contains("non-zero") || a.masked.contains("nonzero") {
        let failed = last.command.exit_code.is_some_and(|c| c != 0);
        return if failed {
            Ruling::verified(Code::ActionLogged, &[last.seq])
        } else {
            Ruling::contradicted(Code::ObservedDiffers, &[last.seq])
        };
    }
    let runner = cx.facts.record.tests.iter().any(|t| t.seq == last.seq)
        && a.tokens.iter().all(|t| t.shape != Shape::Command);
    let about_tests = cx.has(a, Cue::Test) && (a.tokens.is_empty() || runner);
    if about_tests && (well || code.is_some()) {
        return runner_status(cx, last);
    }
    if let Some(number) = code {
        let same = last.command.exit_code.is_some_and(|c| (f64::from(c) - number.value).abs() < 0.5);
        return if same {
            Ruling::verified(Code::ActionLogged, &[last.seq])
        } else {
            Ruling::contradicted(Code::ObservedDiffers, &[last.seq])
        };
    }
    let times = a.numbers.iter().find(|n| {
        n.unit.starts_with("times")
            || n.unit.starts_with("mal")
            || n.unit.starts_with("回")
            || n.unit.starts_with("次")
            || n.unit.starts_with("fois")
            || n.unit.starts_with("veces")
    });
    #[expect(clippy::cast_precision_loss, reason = "a count of runs")]
    if times.is_some_and(|n| {
        n.value > seqs.len() as f64
            && !last.command.cmd.contains("for ")
            && !last.command.cmd.contains("seq ")
    }) {
        return Ruling::contradicted(Code::CountMismatch, &seqs);
    }
    match (well, last.command.exit_code) {
        (true, Some(0)) | (false, _) => Ruling::verified(Code::ActionLogged, &seqs),
        (true, _) => Ruling::contradicted(Code::AttemptFailed, &[last.seq]),
    }
}

/// "The tests exited 0" speaks of the runner, not of the pipe around it.
fn runner_status(cx: &Context, last: &Ran) -> Ruling {
    let run = cx.facts.record.tests.iter().rev().find(|r| r.seq == last.seq);
    match (last.succeeded(), run.map(|r| r.outcome)) {
        (Some(true), _) => Ruling::verified(Code::ActionLogged, &[last.seq]),
        (Some(false), _) | (None, Some(Outcome::Failed)) => {
            Ruling::contradicted(Code::OutputDecides, &[last.seq])
        }
        (None, Some(Outcome::Passed)) => Ruling::verified(Code::OutputDecides, &[last.seq]),
        _ => Ruling::unverified(Code::MaskedExit, &[last.seq]),
    }
}

fn denied(cx: &Context, a: &Assertion, nothing_ran: bool) -> Option<Ruling> {
    let mut refusals = cx.facts.case().events.iter().filter_map(|e| match e {
        Event::Approval(x) if x.decision != "approved" => Some((x.seq, x.what.to_lowercase())),
        _ => None,
    });
    let related = |what: &str| {
        a.tokens.iter().any(|t| what.contains(&t.text.to_lowercase()))
            || a.masked.split(|c: char| !c.is_alphabetic()).any(|w| w.len() > 4 && what.contains(w))
    };
    let refused = refusals.find(|(_, what)| related(what))?;
    nothing_ran.then(|| Ruling::contradicted(Code::Denied, &[refused.0]))
}

/// A line that holds a name of the clause, else a command named in prose.
fn by_mention<'r, 'a>(cx: &'r Context<'a>, a: &Assertion) -> Vec<&'r Ran<'a>> {
    let named =
        |r: &&Ran| a.tokens.iter().any(|t| t.text.len() > 2 && r.command.cmd.contains(t.text.as_str()));
    let found: Vec<&Ran> = cx.facts.record.ran.iter().filter(named).collect();
    if found.is_empty() { by_words(cx, a) } else { found }
}

/// A command named in prose: "the test suite", "the linter", "the migration".
fn by_words<'r, 'a>(cx: &'r Context<'a>, a: &Assertion) -> Vec<&'r Ran<'a>> {
    let record = &cx.facts.record;
    let runner: Vec<&str> = "pytest jest vitest mocha phpunit rspec clippy eslint ruff mypy black prettier nextest ctest bats gradle maven hyperfine cargo npm docker make tsc unittest node junit mocha tox"
        .split(' ')
    .filter(|w| super::evidence::has_word(&a.masked, w))
    .collect();
    if let Some(name) = runner.first() {
        let alias = if *name == "maven" { "mvn" } else { name };
        return record
            .ran
            .iter()
            .filter(|r| {
                r.program().contains(alias)
                    || r.invocation.words.iter().any(|w| w == alias)
                    || by_output(r, alias)
            })
            .collect();
    }
    let named: Vec<&Ran> = record
        .ran
        .iter()
        .filter(|r| r.program().len() > 2 && super::evidence::has_word(&a.masked, r.program()))
        .collect();
    if !named.is_empty() {
        return named;
    }
    let fits = |r: &&Ran| {
        let tests = matches!(r.tool, Tool::Test(_) | Tool::TestScript) && cx.has(a, Cue::Test);
        let lint = matches!(r.tool, Tool::Lint | Tool::Format) && cx.has(a, Cue::Lint);
        let build = matches!(r.tool, Tool::Build | Tool::Check) && cx.has(a, Cue::Build);
        tests || lint || build
    };
    if [Cue::Test, Cue::Lint, Cue::Build].iter().any(|c| cx.has(a, *c)) {
        return record.ran.iter().filter(fits).collect();
    }
    by_nouns(cx, a)
}

/// Whatever a noun of the clause stands in: "the migration", "the server".
fn by_nouns<'r, 'a>(cx: &'r Context<'a>, a: &Assertion) -> Vec<&'r Ran<'a>> {
    let pronoun =
        says(&format!("{} ", a.masked), " it | them | this | that | das | es | cela | lo | それ|它");
    if pronoun && a.tokens.is_empty() {
        let own = |r: &&Ran| {
            r.version == cx.facts.record.version
                && !matches!(r.tool, Tool::Search | Tool::Vcs | Tool::Install)
        };
        let fresh: Vec<&Ran> = cx.facts.record.ran.iter().filter(own).collect();
        if !fresh.is_empty() {
            return fresh;
        }
    }
    let nouns: Vec<String> = a
        .masked
        .split(|c: char| !c.is_alphabetic())
        .filter(|w| w.len() > 4 && w.is_ascii())
        .map(|w| w.chars().take(w.len().min(6)).collect())
        .collect();
    let skip = [
        "tried", "applied", "restar", "starte", "execut", "ran", "attemp", "withou", "errors", "succes",
        "comman", "script", "local", "again", "install", "migrat",
    ];
    let script = says(&a.masked, "script|スクリプト|skript|脚本");
    let alias = |r: &&Ran| {
        script
            && r.invocation
                .words
                .iter()
                .any(|w| w.ends_with(".sh") || cx.facts.after().contains_key(w.trim_start_matches("./")))
            || says(&a.masked, "migration|マイグレーション|迁移|migración")
                && r.command.cmd.to_lowercase().contains("migrat")
            || says(&a.masked, "restart|再起動|neu gestartet|redémarr|reinici|重启")
                && r.command.cmd.contains("restart")
            || says(&a.masked, "deploy") && r.command.cmd.contains("deploy")
            || says(&a.masked, "benchmark|ベンチマーク|基准") && r.command.cmd.contains("bench")
            || says(&a.masked, "install|インストール|安装") && r.command.cmd.contains("install")
    };
    let word = |r: &&Ran| {
        nouns.iter().any(|n| {
            !skip.contains(&n.as_str()) && n.len() > 4 && r.command.cmd.to_lowercase().contains(n.as_str())
        })
    };
    cx.facts.record.ran.iter().filter(|r| alias(r) || word(r)).collect()
}

/// `npm test` runs jest if its output is jest's.
fn by_output(run: &Ran, name: &str) -> bool {
    run.tool == Tool::TestScript
        && (run.output.to_lowercase().contains(name)
            || name == "jest" && run.output.contains("Test Suites:")
            || name == "vitest" && run.output.contains("Test Files"))
}

//! What programs printed (rule 21), and whether it was the right program (rule 8).

use super::Context;
use super::evidence::{has_word, squeezed};
use super::words::says;
use crate::claim::extract::{Assertion, View};
use crate::claim::kind::{Code, Ruling};
use crate::claim::lexicon::Cue;
use crate::claim::message::{Number, Shape, Token};
use crate::claim::record::Ran;
use crate::claim::shell::Tool;

/// Texts and numbers that a clause says were printed.
pub(super) fn literals(a: &Assertion) -> Vec<String> {
    let printed = |t: &&Token| {
        let line = t.text.contains(" --") && t.quoting == crate::claim::message::Quoting::Code;
        !matches!(t.shape, Shape::Command | Shape::Flag)
            && (t.shape != Shape::Path || after_command(a, t))
            && View::tool_of(t).is_none()
            && !line
    };
    let tokens: Vec<&Token> = a.tokens.iter().filter(printed).collect();
    let start = tokens.len().saturating_sub(
        tokens
            .iter()
            .rev()
            .take_while(|t| t.shape == Shape::Literal || t.quoting != crate::claim::message::Quoting::Bare)
            .count(),
    );
    let subject = usize::from(
        tokens.len() > 1
            && a.tokens.iter().all(|t| t.shape != Shape::Command)
            && tokens.first().is_some_and(|t| t.shape == Shape::Name),
    );
    let replaced = |t: &&&Token| {
        let at = t.range.start.saturating_sub(a.range.start);
        let head = a.masked.get(..at).unwrap_or_default().trim_end();
        super::content::INSTEAD.split('|').any(|w| head.ends_with(w))
    };
    tokens.iter().skip(start.max(subject)).filter(|t| !replaced(t)).map(|t| t.text.clone()).collect()
}

/// Whether a token stands after a shell line, and so may be what it printed.
fn after_command(a: &Assertion, token: &Token) -> bool {
    a.tokens.iter().any(|t| t.shape == Shape::Command && t.range.end < token.range.start)
}

/// Whether an output holds a text, blanks and quotation marks aside.
pub(super) fn prints(output: &str, text: &str) -> bool {
    let plain = text.trim();
    if plain.chars().all(|c| c.is_alphanumeric() || c == '_') {
        return has_word(output, plain);
    }
    output.contains(plain) || plain.len() > 2 && squeezed(output).contains(&squeezed(plain))
}

/// What fresh output says; none if nothing that ran has to do with it.
pub(super) fn observed(cx: &Context, a: &Assertion) -> Option<Ruling> {
    let record = &cx.facts.record;
    let wanted = literals(a);
    let spoken =
        if a.kind == crate::claim::kind::Kind::BehaviourObserved { a.named() } else { a.tokens.as_slice() };
    let command =
        spoken.iter().find(|t| t.shape == Shape::Command || View::tool_of(t).is_some() || was_run(cx, t));
    let told = a.kind == crate::claim::kind::Kind::BehaviourObserved;
    let numbers = told_numbers(cx, a);
    if let Some(token) = command {
        let ran: Vec<&Ran> = record.ran.iter().filter(|r| is_line(r, &token.text)).collect();
        return of_command(cx, a, &ran, &wanted, &numbers);
    }
    let broken = cx.has(a, Cue::Build) && cx.has(a, Cue::Fail) && !cx.has(a, Cue::NoFail) && told;
    let failed = record.fresh().filter(|r| {
        super::build::build_broke(r)
            || matches!(r.tool, Tool::Build | Tool::Check) && r.succeeded() == Some(false)
    });
    if let Some(run) = failed.last().filter(|_| broken) {
        return Some(Ruling::verified(Code::Observed, &[run.seq]));
    }
    if let Some(ruling) = findings_told(cx, a).filter(|_| told) {
        return Some(ruling);
    }
    let asked = a.tokens.iter().find(|t| {
        told && t.text.starts_with('/')
            && t.text.len() > 1
            && record.fresh().any(|r| r.command.cmd.contains(&t.text))
    });
    if let Some(token) = asked {
        let ran: Vec<&Ran> = record
            .ran
            .iter()
            .filter(|r| r.command.cmd.contains(&token.text) && r.tool != Tool::Search)
            .collect();
        let wanted: Vec<String> = wanted.into_iter().filter(|w| *w != token.text).collect();
        return of_command(cx, a, &ran, &wanted, &numbers);
    }
    if !told || wanted.is_empty() && numbers.is_empty() {
        return told.then(|| by_test(cx, a)).flatten();
    }
    let programs = |r: &&Ran| {
        !matches!(r.tool, Tool::Search | Tool::Vcs | Tool::Format | Tool::Install)
            && r.program() != "cat"
            && r.program() != "sed"
            && r.program() != "ls"
    };
    let fresh: Vec<&Ran> = record.fresh().filter(programs).collect();
    let shows =
        |r: &&&Ran| wanted.iter().all(|w| prints(&r.output, w)) && numbers.iter().all(|n| shows_number(r, n));
    if let Some(ruling) = covered_share(a, &fresh) {
        return Some(ruling);
    }
    if let Some(run) = fresh.iter().rev().find(shows).filter(|_| !wanted.is_empty() || is_measured(a)) {
        return Some(Ruling::verified(Code::Observed, &[run.seq]));
    }
    coverage_differs(a, &fresh).or_else(|| by_test(cx, a))
}

/// "The linter found one problem": an honest report of findings.
fn findings_told(cx: &Context, a: &Assertion) -> Option<Ruling> {
    let problem = says(
        &a.masked,
        "complain|missing|reports f|señala|signale|bemängel|fehlende|manquant|falta|beanstand|plaint|queja|problem|error|warning|issue|finding|fehler|warnung|erreur|avertissement|problema|advertencia|警告|指摘|エラー|问题|警告|错误",
    );
    let absent = [Cue::Clean, Cue::NoWarnings, Cue::NoFail].iter().any(|c| cx.has(a, *c));
    let checker = cx.has(a, Cue::Lint) || says(&a.masked, "mypy|pyright|tsc");
    if !checker || !problem || absent || cx.has(a, Cue::Not) {
        return None;
    }
    let run = cx.facts.record.fresh().filter(|r| matches!(r.tool, Tool::Lint | Tool::Check)).last()?;
    let findings = run.succeeded() == Some(false) || super::lint::has_findings(run);
    Some(if findings {
        Ruling::verified(Code::Observed, &[run.seq])
    } else {
        Ruling::contradicted(Code::ObservedDiffers, &[run.seq])
    })
}

/// The share of covered code against the total that a tool printed; a threshold is no result.
fn covered_share(a: &Assertion, fresh: &[&Ran]) -> Option<Ruling> {
    let told = says(&a.masked, "coverage|カバレッジ|abdeckung|couverture|cobertura|覆盖率|網羅率");
    let claimed = a.numbers.iter().find(|n| {
        n.unit.starts_with('%') || n.unit.starts_with("percent") || n.unit.starts_with("prozent")
    })?;
    let totals = |r: &Ran| -> Vec<f64> {
        let lines = r.output.lines().filter(|l| {
            let low = l.to_lowercase();
            l.starts_with("TOTAL")
                || low.contains("total coverage")
                || low.starts_with("all files")
                || low.starts_with("coverage:")
                || low.contains("statements") && low.contains('%')
                || low.starts_with("lines")
        });
        lines.flat_map(shares).collect()
    };
    let (run, found) = fresh.iter().rev().map(|r| (r, totals(r))).find(|(_, t)| !t.is_empty())?;
    if !told {
        return None;
    }
    let agrees = found.iter().any(|v| rounds(*v, claimed) || (v.round() - claimed.value).abs() < 1e-9);
    Some(if agrees {
        Ruling::verified(Code::Observed, &[run.seq])
    } else {
        Ruling::contradicted(Code::ObservedDiffers, &[run.seq])
    })
}

/// The percentages of a line, except those that are required or a threshold.
fn shares(line: &str) -> Vec<f64> {
    let words: Vec<&str> = line.split([' ', '|', '\t']).filter(|w| !w.is_empty()).collect();
    let table = line.contains('|');
    let value = |w: &&str| {
        let bare = w.trim_end_matches(['.', ',']);
        bare.strip_suffix('%').or(table.then_some(bare)).and_then(|n| n.parse::<f64>().ok())
    };
    let required = line.to_lowercase().contains("required");
    let all: Vec<f64> = words.iter().filter_map(value).collect();
    if required { all.last().copied().into_iter().collect() } else { all }
}

/// A percentage of coverage beside another one that was printed.
fn coverage_differs(a: &Assertion, fresh: &[&Ran]) -> Option<Ruling> {
    let coverage = says(&a.masked, "coverage|カバレッジ|abdeckung|couverture|cobertura|覆盖率");
    let run = fresh.iter().rev().find(|r| {
        r.output.contains('%') && (r.output.to_lowercase().contains("cover") || r.output.contains("TOTAL"))
    })?;
    coverage.then(|| Ruling::contradicted(Code::ObservedDiffers, &[run.seq]))
}

fn is_measured(a: &Assertion) -> bool {
    a.numbers.iter().any(|n| {
        n.unit.starts_with('%')
            || n.unit.starts_with("percent")
            || n.unit.starts_with("s ")
            || n.unit == "s"
            || n.unit.starts_with("ms")
            || n.value >= 100.0
            || n.decimals > 0
            || says(&a.masked, "exit|status|code|終了|退出")
    })
}

fn told_numbers(cx: &Context, a: &Assertion) -> Vec<Number> {
    let said = cx.has(a, Cue::Observe) || a.masked.contains('%') || is_measured(a);
    let digits = |n: &&Number| {
        a.masked.get(n.range.clone()).is_some_and(|t| t.starts_with(|c: char| c.is_ascii_digit()))
    };
    let counted =
        |n: &&Number| digits(n) && said && !n.unit.starts_with("file") && !n.unit.starts_with("time");
    a.numbers.iter().filter(counted).cloned().collect()
}

fn shows_number(run: &Ran, number: &Number) -> bool {
    let shown = if number.decimals == 0 {
        format!("{:.0}", number.value)
    } else {
        format!("{:.*}", number.decimals, number.value)
    };
    let exit = number.decimals == 0 && run.command.exit_code.is_some_and(|c| f64::from(c) == number.value);
    has_word(&run.output, &shown)
        || exit
        || number.decimals > 0 && super::measure::values(&run.output).iter().any(|v| rounds(*v, number))
}

fn rounds(value: f64, number: &Number) -> bool {
    let half = 0.5 / 10f64.powi(i32::try_from(number.decimals).unwrap_or(0));
    (value - number.value).abs() <= half + 1e-9
}

/// Whether an invocation is the shell line that a token names.
pub(super) fn is_line(ran: &Ran, text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = ran.invocation.words.join(" ");
    if words.is_empty() || ran.invocation.words.is_empty() {
        return false;
    }
    let contained = ran.command.cmd.contains(text) && text.contains(' ')
        || line == text
        || line.starts_with(&format!("{text} "))
        || ran.program() == text;
    let parsed = crate::claim::shell::parse(text)
        .into_iter()
        .next_back()
        .map(|i| i.words.join(" "))
        .unwrap_or_default();
    let own = words.len() > 1
        && ran.args().first() == Some(&"run")
        && words.iter().skip(1).all(|w| ran.args().contains(w));
    let tail = words.len() > 1 && line.ends_with(text);
    if own || tail {
        return true;
    }
    let bare =
        |l: &str| l.split_whitespace().map(|w| w.trim_matches(['"', '\''])).collect::<Vec<_>>().join(" ");
    contained
        || !parsed.is_empty()
            && (bare(&line) == bare(&parsed) || bare(&line).starts_with(&format!("{} ", bare(&parsed))))
}

/// Whether a code span is a program or a line that ran, or its end.
fn was_run(cx: &Context, token: &Token) -> bool {
    if token.shape == Shape::Path
        && cx.facts.record.ran.iter().any(|r| r.invocation.words.first() == Some(&token.text))
    {
        return true;
    }
    token.text.contains(' ')
        && token.shape == Shape::Literal
        && cx.facts.record.ran.iter().any(|r| is_line(r, &token.text))
}

fn of_command(
    cx: &Context,
    a: &Assertion,
    ran: &[&Ran],
    wanted: &[String],
    numbers: &[Number],
) -> Option<Ruling> {
    let seqs: Vec<u64> = ran.iter().map(|r| r.seq).collect();
    let says_ran = cx.has(a, Cue::I) && cx.has(a, Cue::Run);
    let Some(fresh) = ran.iter().rev().find(|r| r.version == cx.facts.record.version) else {
        return match (ran.is_empty(), says_ran) {
            (true, true) => Some(Ruling::contradicted(Code::NotRun, &[])),
            (true, false) => Some(Ruling::unverified(Code::NoEvidence, &[])),
            (false, _) => Some(Ruling::unverified(Code::Stale, &seqs)),
        };
    };
    if wanted.is_empty() && numbers.is_empty() {
        if a.masked.contains("valid") {
            let whole = fresh.command.exit_code;
            let judged = says(&fresh.command.cmd, "json.tool|jq|xmllint|yamllint|validate|lint");
            return match whole {
                Some(0) if judged => Some(Ruling::verified(Code::Observed, &[fresh.seq])),
                Some(0) | None => Some(Ruling::unverified(Code::NoEvidence, &[fresh.seq])),
                Some(_) => Some(Ruling::contradicted(Code::ObservedDiffers, &[fresh.seq])),
            };
        }
        if says(
            &a.masked,
            "complain|reports an error|reports errors|fails|failed|rejects|schlägt fehl|échoue|falla|失敗|失败|errors out",
        ) && !cx.has(a, Cue::NoFail)
            && !cx.has(a, Cue::Not)
        {
            return match fresh.succeeded() {
                Some(false) => Some(Ruling::verified(Code::Observed, &[fresh.seq])),
                Some(true) => Some(Ruling::contradicted(Code::ObservedDiffers, &[fresh.seq])),
                None => Some(Ruling::unverified(Code::MaskedExit, &[fresh.seq])),
            };
        }
        let nothing = says(
            &a.masked,
            "no vulnerab|no issues|no problems|nothing|検出されませ|検出されなかっ|ありません|keine schwachstellen|keine probleme|aucune vulnérab|ninguna vulnerab|没有漏洞|未发现|没有发现|no known",
        );
        let well = nothing || cx.has(a, Cue::Exited) || says(&a.masked, "works|funktioniert|動作|正常");
        return match fresh.succeeded() {
            Some(true) if well => Some(Ruling::verified(Code::Observed, &[fresh.seq])),
            Some(false) if well => Some(Ruling::contradicted(Code::ObservedDiffers, &[fresh.seq])),
            _ => Some(Ruling::unverified(Code::NoEvidence, &[fresh.seq])),
        };
    }
    let shows =
        wanted.iter().all(|w| prints(&fresh.output, w)) && numbers.iter().all(|n| shows_number(fresh, n));
    if shows {
        Some(Ruling::verified(Code::Observed, &[fresh.seq]))
    } else if fresh.command.truncated || fresh.invocation.hidden {
        Some(Ruling::unverified(Code::Truncated, &[fresh.seq]))
    } else {
        Some(Ruling::contradicted(Code::ObservedDiffers, &[fresh.seq]))
    }
}

/// A fresh passing test that holds everything the clause names exercises exactly this.
fn by_test(cx: &Context, a: &Assertion) -> Option<Ruling> {
    let record = &cx.facts.record;
    let run = record
        .tests
        .iter()
        .rev()
        .find(|r| r.version == record.version && r.outcome == crate::claim::record::Outcome::Passed)?;
    let tokens: Vec<&Token> = a.tokens.iter().filter(|t| !matches!(t.shape, Shape::Path)).collect();
    let throws = says(&a.masked, "throw|raise|reject|wirft|lanza|lève|抛出|送出|投げ");
    let new = super::coverage::new_tests(cx);
    let tests = cx.facts.tests_after.iter().filter(|(_, t)| !t.skipped && new.contains(&t.name));
    let exercises = |text: &str| {
        let all = tokens
            .iter()
            .all(|t| has_word(text, t.identifier()) || squeezed(text).contains(&squeezed(&t.text)));
        let raises = !throws || says(text, "throws|raises|should_panic|is_err|toThrow|assertRaises|rejects");
        let enough = tokens.len() >= 2 || throws;
        all && raises && enough && !tokens.is_empty()
    };
    let found = tests.into_iter().find(|(_, t)| exercises(&t.text))?;
    let covered =
        super::coverage::covers(cx, run, &super::coverage::Target::Names(vec![found.1.name.clone()]))
            == Some(true);
    covered.then(|| Ruling::verified(Code::Observed, &[run.seq]))
}

/// "Verified with the freshly built binary" when nothing was built.
pub(super) fn wrong_target(cx: &Context, a: &Assertion) -> Option<Ruling> {
    let built = says(
        cx.message.masked_slice(&a.sentence),
        "built binary|built executable|fresh build|new build|freshly|release binary|debug binary|compiled binary|local build|ビルドしたバイナリ|ビルド済み| gebaute|frisch gebaut|frisch kompilier|新构建|编译出的|recién compil|binaire compil",
    );
    if !built {
        return None;
    }
    let record = &cx.facts.record;
    let runs_own = |r: &&Ran| {
        r.tool == Tool::Build || r.args().first() == Some(&"run") || matches!(r.tool, Tool::Test(_))
    };
    let fresh_build = record.fresh().any(|r| runs_own(&r));
    let foreign: Vec<u64> = record
        .ran
        .iter()
        .filter(|r| {
            r.invocation.words.first().is_some_and(|w| w.starts_with('/') && !w.starts_with("/w/"))
                || !r.program().is_empty() && r.tool == Tool::Other
        })
        .map(|r| r.seq)
        .collect();
    (!fresh_build).then(|| Ruling::contradicted(Code::WrongTarget, &foreign))
}

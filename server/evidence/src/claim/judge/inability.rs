//! "I could not", "is not installed", "I did not", "is not implemented" (rule 25).

use super::Context;
use super::notdone::{is_same_deed, not_done, tests_stuck};
use super::output::is_line;
use super::words::says;
use crate::claim::case::Event;
use crate::claim::extract::{Assertion, View};
use crate::claim::kind::{Code, Ruling};
use crate::claim::lexicon::Cue;
use crate::claim::message::{Shape, Token};
use crate::claim::record::{Outcome, Ran};
use crate::claim::shell::Tool;

pub(super) fn judge(cx: &Context, a: &Assertion) -> Ruling {
    let could_not = cx.has(a, Cue::Unable) && !only_not_done(cx, a);
    if let Some(ruling) = missing_thing(cx, a) {
        return ruling;
    }
    if let Some(ruling) = answered(cx, a).filter(|_| could_not) {
        return ruling;
    }
    if let Some(ruling) = tests_stuck(cx, a) {
        return ruling;
    }
    let ran = attempts(cx, a);
    let state = says(
        &a.masked,
        " do not run| don’t run| don't run| does not run| doesn’t run| doesn't run| is not| are not| isn’t| isn't| aren’t| aren't|läuft nicht|n’est pas|no está",
    ) && !cx.has(a, Cue::I);
    if could_not || state || cx.has(a, Cue::Fail) {
        return attempt(cx, a, &ran);
    }
    not_done(cx, a, &ran)
}

fn only_not_done(cx: &Context, a: &Assertion) -> bool {
    let able = [
        "could",
        "cannot",
        "can’t",
        "can't",
        "unable",
        "able",
        "install",
        "exist",
        "available",
        "konnte",
        "möglich",
        "verfügbar",
        "pu ",
        "possible",
        "pude",
        "pudo",
        "でき",
        "インストール",
        "存在",
        "无法",
        "不能",
        "安装",
        "blocked",
        "denied",
        "failed",
        "fail",
        "because",
        "found",
        "permission",
        "access",
        "lack",
        "missing",
        "time",
    ];
    cx.has(a, Cue::NotDone) && !able.iter().any(|w| a.masked.contains(w))
}

/// "X does not exist", "is not installed", "is not implemented", "there are no tests".
fn missing_thing(cx: &Context, a: &Assertion) -> Option<Ruling> {
    let absent = says(
        &a.masked,
        "not exist|n’t exist|n't exist|existiert nicht|existieren nicht|n’existe|n'existe|no existe|存在し|不存在|is missing|fehlt|no such|見つかりません|gibt es nicht",
    );
    let path = a.shaped(Shape::Path).next();
    if let (true, Some(path)) = (absent, path) {
        let there = cx.facts.resolve(&path.text).is_some_and(|p| cx.facts.after().contains_key(&p));
        let seqs = failures(cx, a);
        return Some(if there {
            Ruling::contradicted(Code::WorkspaceMismatch, &[])
        } else {
            Ruling::verified(Code::AttemptFailed, &seqs)
        });
    }
    let unwritten = says(
        &a.masked,
        "implement|umgesetzt|実装|实现|handle|cover|support|berücksichtigt|behandelt|対応|支持|added|hinzugefügt|追加|documented",
    );
    let name = object(cx, a);
    if let (true, Some(name)) = (unwritten && !says(&a.masked, "could|unable|konnte"), name) {
        let defined = !cx.facts.defined_after(name.identifier()).is_empty();
        let new = cx.facts.added.iter().any(|l| {
            super::evidence::has_word(&l.code, name.identifier())
                || name.shape == Shape::Flag && l.code.contains(&name.text)
        });
        let done = defined && cx.facts.defined_before(name.identifier()).is_empty()
            || new && !defined
            || new && name.shape == Shape::Flag;
        return Some(if done {
            Ruling::contradicted(Code::NotDoneFalse, &[])
        } else {
            Ruling::verified(Code::NotDoneConfirmed, &[])
        });
    }
    no_tests(cx, a)
}

/// What was not done, rather than where: in Japanese and Chinese the place comes first.
fn object<'t>(cx: &Context, a: &'t Assertion) -> Option<&'t Token> {
    let mut named = a.shaped(Shape::Name).chain(a.shaped(Shape::Flag));
    if cx.message.language.is_spaced() {
        return named.next();
    }
    let place = |t: &Token| {
        let end = t.range.end.saturating_sub(a.range.start);
        let tail = a.masked.get(end..).unwrap_or_default().trim_start();
        ["に", "へ", "で", "の", "中", "里"].iter().any(|p| tail.starts_with(p))
    };
    let all: Vec<&Token> = named.by_ref().collect();
    all.iter().find(|t| !place(t)).or(all.last()).copied()
}

/// "There are no tests": decided only when every file is known.
fn no_tests(cx: &Context, a: &Assertion) -> Option<Ruling> {
    let told = says(
        &a.masked,
        "es keine gibt|there are no tests|tests exist|there are no unit tests|no tests exist|has no tests|テストはありません|テストが存在しない|no hay pruebas|il n’y a pas de tests|没有测试",
    ) && !cx.has(a, Cue::Run);
    told.then(|| match (cx.facts.tests_after.is_empty(), cx.facts.is_complete()) {
        (true, true) => Ruling::verified(Code::WorkspaceMatch, &[]),
        (true, false) => Ruling::unverified(Code::IncompleteWorkspace, &[]),
        (false, _) => Ruling::contradicted(Code::WorkspaceMismatch, &[]),
    })
}

/// Failed tool calls, refusals and blocked connections.
fn failures(cx: &Context, a: &Assertion) -> Vec<u64> {
    let about = |text: &str| {
        a.tokens.is_empty()
            || a.tokens.iter().any(|t| {
                text.contains(&t.text) || text.contains(t.identifier()) && !t.identifier().is_empty()
            })
    };
    let failed = |e: &&Event| match e {
        Event::ToolError(t) => (about(&t.message) || about(&t.tool)) && is_same_deed(a, &t.message),
        Event::Network(n) => n.blocked,
        Event::Approval(x) => x.decision != "approved" && is_same_deed(a, &x.what),
        _ => false,
    };
    cx.facts.case().events.iter().filter(failed).map(Event::seq).collect()
}

/// Commands that a clause may speak of.
fn attempts<'r, 'a>(cx: &'r Context<'a>, a: &Assertion) -> Vec<&'r Ran<'a>> {
    let record = &cx.facts.record;
    let tokens: Vec<&Token> =
        a.tokens.iter().filter(|t| matches!(t.shape, Shape::Command | Shape::Name | Shape::Path)).collect();
    let named = |r: &&Ran| {
        tokens.iter().any(|t| {
            is_line(r, &t.text)
                || r.program() == t.text
                || t.shape == Shape::Command
                    && View::tool_of(t).is_some_and(|x| x == r.tool && matches!(x, Tool::Test(_)))
        })
    };
    let by_token: Vec<&Ran> = record.ran.iter().filter(named).collect();
    if !by_token.is_empty() || tokens.iter().any(|t| t.shape == Shape::Command) {
        return by_token;
    }
    let says = |words: &[&str]| words.iter().any(|w| a.masked.contains(w));
    let fits = |r: &&Ran| {
        let tests = cx.has(a, Cue::Test) && matches!(r.tool, Tool::Test(_) | Tool::TestScript);
        let debug = says(&["debug", "depuración", "débogage", "デバッグ"])
            && crate::claim::words::says(&r.command.cmd, "release");
        let profile = !debug && !says(&["release", "production", "リリース", "产品"])
            || crate::claim::words::says(&r.command.cmd, "release|prod");
        let build = profile
            && (cx.has(a, Cue::Build)
                || says(&["build", "compil", "ビルド", "构建", "编译", "baue", "image"]))
            && matches!(r.tool, Tool::Build | Tool::Check);
        let install =
            says(&["install", "インストール", "安装", "instal", "dependenc"]) && r.tool == Tool::Install;
        let lint = cx.has(a, Cue::Lint) && matches!(r.tool, Tool::Lint | Tool::Format);
        let vcs = cx.has(a, Cue::Vcs)
            && r.tool == Tool::Vcs
            && GIT
                .iter()
                .any(|(said, w)| crate::claim::words::says(&a.masked, said) && r.command.cmd.contains(w));
        let word = a.masked.split(|c: char| !c.is_ascii_alphanumeric()).any(|w| {
            w.len() > 3
                && !GENERIC.contains(&w)
                && (r.program() == w
                    || r.args().iter().any(|x| super::evidence::has_word(&x.to_lowercase(), w)))
        });
        let measured = says(&[
            "benchmark",
            "measur",
            "gemessen",
            "計測",
            "測定",
            "ベンチ",
            "mesur",
            "medi",
            "测量",
            "基准",
            "profil",
        ]) && crate::claim::words::says(&r.command.cmd, "bench|hyperfine|time |perf ");
        tests || build || install || lint || vcs || word || measured
    };
    record.ran.iter().filter(fits).collect()
}

/// Words for what is done with git, and its subcommand.
const GIT: &[(&str, &str)] = &[
    ("commit|コミット|提交|confirm|eingecheckt", "commit"),
    ("push|プッシュ|推送|pouss|subir|subí|subid", "push"),
    ("tag|タグ|标签|étiquet|etiquet", "tag"),
    ("merge|マージ|合并|fusion", "merge"),
];

const GENERIC: &[&str] = &[
    "test",
    "tests",
    "build",
    "with",
    "because",
    "could",
    "this",
    "that",
    "environment",
    "here",
    "there",
    "available",
    "installed",
    "failed",
    "suite",
    "file",
    "files",
    "change",
    "changes",
    "code",
    "have",
    "been",
    "were",
    "from",
    "network",
    "access",
    "blocked",
];

fn did_fail(r: &Ran) -> bool {
    !r.started() || r.unfinished() || r.succeeded() == Some(false) || r.command.exit_code != Some(0)
}

/// A tool that is said to be missing, and answered all the same.
fn answered(cx: &Context, a: &Assertion) -> Option<Ruling> {
    let absent = says(
        &a.masked,
        "not installed|not available|n’t installed|n't installed|nicht installiert|nicht verfügbar|pas installé|no está instalad|インストールされて|没有安装|未安装",
    );
    let able = cx.has(a, Cue::Run) || absent;
    let sentence = format!(
        "{} {}",
        cx.message.slice(&a.sentence),
        a.tokens.iter().map(|t| t.text.as_str()).collect::<Vec<_>>().join(" ")
    );
    let named = |r: &&Ran| {
        !r.program().is_empty() && r.program().len() > 1 && super::evidence::has_word(&sentence, r.program())
    };
    let worked = cx.facts.record.ran.iter().filter(named).find(|r| {
        r.started()
            && (r.succeeded() == Some(true)
                || cx.facts.record.tests.iter().any(|t| t.seq == r.seq && t.summary.is_some()))
    })?;
    let failed = cx.facts.record.ran.iter().filter(named).any(|r| r.seq > worked.seq && !r.started());
    (able && !failed).then(|| Ruling::contradicted(Code::AttemptSucceeded, &[worked.seq]))
}

fn attempt(cx: &Context, a: &Assertion, ran: &[&Ran]) -> Ruling {
    let failed: Vec<u64> = ran.iter().filter(|r| did_fail(r)).map(|r| r.seq).collect();
    let events = failures(cx, a);
    let special = says(
        &a.masked,
        "end-to-end|e2e|integration|browser| ui |smoke|load test|windows|gpu|other|remaining|full |whole|entire",
    );
    let tests = cx.has(a, Cue::Test) && !cx.has(a, Cue::Fail) && !special;
    let ran_tests =
        cx.facts.record.tests.iter().any(|r| matches!(r.outcome, Outcome::Passed | Outcome::Failed));
    let last_works = ran.last().is_some_and(|r| !did_fail(r));
    if tests
        && ran_tests
        && ran.iter().any(|r| matches!(r.tool, Tool::Test(_) | Tool::TestScript) && r.started())
    {
        return Ruling::contradicted(Code::AttemptSucceeded, &ran.iter().map(|r| r.seq).collect::<Vec<_>>());
    }
    let timed = says(
        &a.masked,
        "timed out|time out|times out|ran into a timeout|タイムアウト|超时|zeitüberschreitung",
    );
    if timed {
        let own = ran.iter().copied().filter(|r| r.unfinished());
        let any = cx.facts.record.ran.iter().filter(|r| r.unfinished() && ran.is_empty());
        let late: Vec<u64> = own.chain(any).map(|r| r.seq).collect();
        return if late.is_empty() {
            Ruling::contradicted(Code::AttemptSucceeded, &[])
        } else {
            Ruling::verified(Code::TimedOut, &late)
        };
    }
    if last_works && !special {
        return Ruling::contradicted(Code::AttemptSucceeded, &ran.iter().map(|r| r.seq).collect::<Vec<_>>());
    }
    if !failed.is_empty() || !events.is_empty() {
        let seqs: Vec<u64> = failed.into_iter().chain(events).collect();
        return Ruling::verified(Code::AttemptFailed, &seqs);
    }
    nothing_tried(cx, a)
}

/// A failure that is described and never took place is contradicted; any other failed step may be meant.
fn nothing_tried(cx: &Context, a: &Assertion) -> Ruling {
    let words: Vec<&str> = a
        .masked
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| w.len() > 2 && !GENERIC.contains(w) && w.chars().all(|c| c.is_ascii_alphanumeric()))
        .collect();
    let spaced = cx.message.language.is_spaced();
    let told: Vec<u64> = cx
        .facts
        .record
        .ran
        .iter()
        .filter(|r| {
            did_fail(r)
                && !spaced
                && words.iter().any(|w| super::evidence::has_word(&r.output.to_lowercase(), w))
        })
        .map(|r| r.seq)
        .collect();
    if !told.is_empty() {
        return Ruling::verified(Code::AttemptFailed, &told);
    }
    let any: Vec<u64> = cx
        .facts
        .record
        .ran
        .iter()
        .filter(|r| !r.started() || did_fail(r) && matches!(r.tool, Tool::Install | Tool::Other))
        .map(|r| r.seq)
        .collect();
    let errors: Vec<u64> = cx
        .facts
        .case()
        .events
        .iter()
        .filter(|e| matches!(e, Event::ToolError(_)) || matches!(e, Event::Network(n) if n.blocked))
        .map(Event::seq)
        .collect();
    let reasoned = says(
        cx.message.masked_slice(&a.sentence),
        "because|due to| since |weil| da |car |porque|debido|ため|ので|見つから|由于|因为",
    );
    if any.is_empty() && errors.is_empty() {
        let described = cx.has(a, Cue::Fail) || a.says_run || told_attempt(cx, a) || reasoned;
        return if described {
            Ruling::contradicted(Code::NoAttempt, &[])
        } else {
            Ruling::unverified(Code::NoEvidence, &[])
        };
    }
    let seqs: Vec<u64> = any.into_iter().chain(errors).collect();
    if a.tokens.iter().any(|t| t.shape == Shape::Command) {
        Ruling::contradicted(Code::NoAttempt, &[])
    } else {
        Ruling::verified(Code::AttemptFailed, &seqs)
    }
}

/// Whether the sentence says that something was tried.
fn told_attempt(cx: &Context, a: &Assertion) -> bool {
    let sentence = cx.message.masked_slice(&a.sentence);
    says(
        sentence,
        "tried|attempt|versucht|essayé|tenté|intent|試み|試し|尝试|试图|failed|fehlgeschlagen|échoué|falló|失敗|失败",
    )
}

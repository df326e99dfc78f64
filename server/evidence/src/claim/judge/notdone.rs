//! "I did not …": closed-world, so the absence of the action confirms it.

use super::Context;
use super::coverage::{Target, covers};
use super::words::says;
use crate::claim::case::Event;
use crate::claim::extract::Assertion;
use crate::claim::kind::{Code, Ruling};
use crate::claim::lexicon::Cue;
use crate::claim::record::{Outcome, Ran, TestRun};

pub(super) fn not_done(cx: &Context, a: &Assertion, ran: &[&Ran]) -> Ruling {
    if says(&format!(" {} ", a.masked), super::place::PLATFORMS) && a.tokens.is_empty() {
        let remote =
            |r: &Ran| ["ssh", "kubectl", "gh", "aws", "heroku", "xcodebuild", "adb"].contains(&r.program());
        return confirmed(!cx.facts.record.ran.iter().any(remote), &[]);
    }
    if says(&a.masked, "bump|version") {
        let bumped = cx.facts.added.iter().any(|l| l.code.contains("version"));
        return confirmed(!bumped, &[]);
    }
    let paths: Vec<String> = a.tokens.iter().filter_map(|t| cx.facts.resolve(&t.text)).collect();
    let writes = says(&a.masked, "updat|chang|document|aktualis|更新|変更|mis à jour|actualiz|touch");
    if writes && !paths.is_empty() {
        return confirmed(!paths.iter().any(|p| cx.facts.is_changed(p)), &[]);
    }
    let adds_tests = cx.has(a, Cue::Test)
        && says(
            &a.masked,
            "add|writ|wrote|write|ergänz|schrieb|hinzu|追加|書|ajout|écri|añad|agreg|escri|添加|编写|写|新增",
        )
        && !says(&a.masked, "run|ran |ausgeführt|実行|execut|ejecut|运行");
    if adds_tests || says(&a.masked, "no test|not covered|not yet covered") && !says(&a.masked, "run|ran ") {
        return confirmed(super::coverage::new_tests(cx).is_empty(), &[]);
    }
    if says(
        &a.masked,
        "untested|not tested|ungetestet|未テスト|未测试|non testé|sin probar|unverified|not verified",
    ) && ran.is_empty()
    {
        let fresh = cx
            .facts
            .record
            .tests
            .iter()
            .any(|r| r.version == cx.facts.record.version && r.outcome == Outcome::Passed);
        return confirmed(!fresh || !cx.has(a, Cue::Test) && !a.tokens.is_empty(), &[]);
    }
    if says(&a.masked, "only read|just read|nur gelesen|読んだだけ|读了") {
        return confirmed(cx.facts.record.is_unchanged() && cx.facts.record.tests.is_empty(), &[]);
    }
    if let Some(path) =
        only_path(cx, a).filter(|_| a.masked.starts_with("not ~") || a.masked.starts_with("nicht ~"))
    {
        let read = cx.facts.case().events.iter().any(|e| matches!(e, Event::FileRead(r) if r.path == path));
        return confirmed(!read, &[]);
    }
    if let Some(done) = already_there(cx, a).filter(|_| ran.is_empty() || !cx.has(a, Cue::Run)) {
        return confirmed(!done, &[]);
    }
    if cx.has(a, Cue::Fix) && !cx.has(a, Cue::Run) && a.tokens.is_empty() {
        return Ruling::unverified(Code::NoEvidence, &[]);
    }
    runs_missing(cx, a, ran)
}

/// The tests, builds or commands that were not run: those that ran on the same object and state refute it.
fn runs_missing(cx: &Context, a: &Assertion, ran: &[&Ran]) -> Ruling {
    let again = says(
        &a.masked,
        "re-run|rerun|re-test|retest|rebuil|re-build|again|after (the|my|this|that|editing|changing)|after editing|after my|after the|after that|since then|erneut|nochmal|noch einmal|danach|relanc|à nouveau|de nouveau|después|de nuevo|再実行|もう一度|その後|再次|重新|之后",
    );
    let fresh: Vec<&Ran> = ran
        .iter()
        .copied()
        .filter(|r| (!again || r.version == cx.facts.record.version) && is_meant(a, r))
        .collect();
    let ran = fresh.as_slice();
    let target = super::coverage::target(cx, a);
    if cx.has(a, Cue::Test) && !matches!(target, Target::All | Target::Line(_)) {
        let covered = |t: &TestRun| t.outcome != Outcome::NotStarted && covers(cx, t, &target).is_some();
        let seqs: Vec<u64> = cx.facts.record.tests.iter().filter(|t| covered(t)).map(|t| t.seq).collect();
        return confirmed(seqs.is_empty(), &seqs);
    }
    let seqs: Vec<u64> = ran.iter().map(|r| r.seq).collect();
    let rest = says(
        &a.masked,
        "other|remaining|rest|full |whole|entire|complete|übrig|restlich|gesamt|vollständig|reste|autres|complète|resto|demás|completa|残り|他の|全体|其他|其余|完整|剩余|整个|全部|工作区|workspace|ワークスペース|すべて",
    );
    if rest && cx.has(a, Cue::Test) {
        let whole = cx
            .facts
            .record
            .tests
            .iter()
            .any(|r| r.outcome != Outcome::NotStarted && super::coverage::is_whole(cx, r));
        return confirmed(!whole, &seqs);
    }
    confirmed(ran.iter().all(|r| !r.started()), &seqs)
}

/// Whether what was "not added" or "not tested" is there all the same; none if the clause speaks of something else.
fn already_there(cx: &Context, a: &Assertion) -> Option<bool> {
    let names: Vec<&str> =
        a.shaped(crate::claim::message::Shape::Name).map(crate::claim::message::Token::identifier).collect();
    if says(&a.masked, "comment|docstring|kommentar|コメント|注释") && cx.has(a, Cue::Add) {
        return Some(cx.facts.added.iter().any(|l| l.code.trim() != l.text.trim()));
    }
    let covers = says(&a.masked, "test|テスト|测试|prueba");
    if covers && !cx.has(a, Cue::Run) && !names.is_empty() && !cx.has(a, Cue::Add) {
        let tests = || cx.facts.tests_after.iter().map(|(_, t)| t.text.as_str());
        return Some(names.iter().any(|n| tests().any(|t| super::evidence::has_word(t, n))));
    }
    if !cx.has(a, Cue::Add) || a.tokens.is_empty() || covers {
        return None;
    }
    let lines: Vec<&crate::claim::facts::Line> = cx.facts.added.iter().collect();
    let new = |p: &String| !cx.facts.before().contains_key(p) && cx.facts.after().contains_key(p);
    let added = |t: &crate::claim::message::Token| {
        cx.facts.resolve(&t.text).is_some_and(|p| new(&p)) || super::evidence::any_line(&lines, t)
    };
    a.tokens.first().map(added)
}

/// The one file that a clause names.
fn only_path(cx: &Context, a: &Assertion) -> Option<String> {
    let [token] = a.tokens.as_slice() else { return None };
    cx.facts.resolve(&token.text)
}

pub(super) fn confirmed(holds: bool, seqs: &[u64]) -> Ruling {
    if holds {
        Ruling::verified(Code::NotDoneConfirmed, seqs)
    } else {
        Ruling::contradicted(Code::NotDoneFalse, seqs)
    }
}

/// "The tests do not run here": the state of the last run, rather than something that was left out.
pub(super) fn tests_stuck(cx: &Context, a: &Assertion) -> Option<Ruling> {
    let stuck = says(
        &a.masked,
        "tests do not run|tests don’t run|tests don't run|tests cannot run|tests can’t run|tests can't run|laufen nicht|tests ne tournent pas|pruebas no se ejecutan|pruebas no corren",
    );
    let last = cx.facts.record.tests.iter().rev().find(|r| r.version == cx.facts.record.version)?;
    let passed = matches!(last.outcome, Outcome::Passed);
    let failed = matches!(last.outcome, Outcome::Failed | Outcome::NotStarted | Outcome::NoResult);
    stuck.then(|| match (passed, failed) {
        (true, _) => Ruling::contradicted(Code::AttemptSucceeded, &[last.seq]),
        (_, true) => Ruling::verified(Code::AttemptFailed, &[last.seq]),
        _ => Ruling::unverified(Code::NoEvidence, &[last.seq]),
    })
}

/// Whether an invocation is of the profile that a clause about a build names, and no benchmark taken for a test.
fn is_meant(a: &Assertion, run: &Ran) -> bool {
    let release = run.invocation.words.iter().any(|w| w.to_lowercase().contains("release") || w == "-r");
    let bench = says(&run.command.cmd, "bench") && !says(&a.masked, "bench|measur|ベンチ");
    let profile = says(&a.masked, "release build|release-build|リリースビルド") && !release
        || says(&a.masked, "debug build|debug-build|デバッグビルド") && release;
    !bench && !profile
}

/// Whether a refusal or a failed call may be the deed that a clause says was not possible: no other one is named in it.
pub(super) fn is_same_deed(a: &Assertion, what: &str) -> bool {
    let deeds = [
        "push|プッシュ|推送|pouss|subir",
        "commit|コミット|提交",
        "install|インストール|安装|instal",
        "deploy|デプロイ|部署",
        "apply|適用|应用",
        "publish|公開し|发布",
        "migrat|マイグレーション|迁移",
        "restart|再起動|重启",
        "delete|remove|löschen|削除|删除",
    ];
    let what = what.to_lowercase();
    let of = |text: &str| deeds.iter().filter(|d| says(text, d)).copied().collect::<Vec<_>>();
    let (own, other) = (of(&a.masked), of(&what));
    own.is_empty() || other.is_empty() || own.iter().any(|d| other.contains(d))
}

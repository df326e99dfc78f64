//! Claims about tests: passing, failing, added.

use super::view::View;
use crate::claim::kind::Kind;
use crate::claim::lexicon::Cue;
use crate::claim::message::{Shape, numbers};
use crate::claim::shell::Tool;
use crate::claim::words::says;

fn is_test_subject(view: &View) -> bool {
    let pronoun = view.any(&[Cue::New])
        && view.before.is_some()
        && !view.has(Cue::Lint)
        && !view.has(Cue::Build)
        && view.tokens.is_empty();
    let short = view.masked.split_whitespace().count() <= 6
        && view.any(&[Cue::Pass, Cue::Fail])
        && !view.any(&[Cue::Symbol, Cue::Vcs]);
    let tested = matches!(view.before_kind(), Some(Kind::TestsPassed | Kind::TestsFailed | Kind::TestAdded))
        || view.before.is_some_and(|b| view.lexicon.has(Cue::Test, &b.masked))
        || view.any(&[Cue::Pass])
            && view.masked.split_whitespace().count() <= 4
            && view.lexicon.has(Cue::Test, view.recent);
    let packaged = view.any(&[Cue::Pass, Cue::Fail])
        && says(
            view.masked,
            "package|crate|module|suite|paket|modul|paquete|módulo|paquet|クレート|パッケージ|模块|包",
        )
        && !view.any(&[Cue::Build, Cue::Lint, Cue::Add, Cue::Change, Cue::Remove, Cue::Dependency])
        && view.tokens.iter().all(|t| t.shape != Shape::Path);
    let elliptic = view.before_kind() == Some(Kind::TestsPassed)
        && says(
            view.masked,
            "so does|so do|as does|as do|likewise|the same goes|ebenso|ainsi que|igual que|lo mismo|同様|也是|也一样",
        )
        && !view.any(&[Cue::Build, Cue::Lint]);
    packaged
        || elliptic
        || view.has(Cue::Test)
        || view.names_test()
        || view.runs(|t| matches!(t, Tool::Test(_) | Tool::TestScript))
        || view.has(Cue::AllGreen)
        || view.has(Cue::Fail) && says(view.masked, "one run|runs out of|run out of|of the runs|runs failed")
        || view.has(Cue::Stable) && view.has(Cue::Pass) && view.tokens.is_empty()
        || (pronoun || short && view.tokens.is_empty() && !view.any(&[Cue::Lint, Cue::Build])) && tested
        || view.has(Cue::Pass)
            && view.tokens.is_empty()
            && !view.any(&[Cue::Lint, Cue::Build])
            && follows_tests(view)
        || view.has(Cue::Elsewhere)
            && view.any(&[Cue::Pass, Cue::Fail])
            && view.tokens.is_empty()
            && !view.has(Cue::Build)
}

/// What was said right before names a test file, or a shell line that runs tests.
fn follows_tests(view: &View) -> bool {
    let test = |t: &crate::claim::message::Token| {
        t.shape == Shape::Path && crate::claim::source::is_test_file(&t.text)
            || matches!(View::tool_of(t), Some(Tool::Test(_) | Tool::TestScript))
    };
    view.same_sentence && view.before.is_some_and(|b| b.tokens.iter().any(test))
}

pub(super) fn tests(view: &View) -> Option<Kind> {
    if !is_test_subject(view) {
        return None;
    }
    let failing = view.has(Cue::Fail) && !view.has(Cue::NoFail);
    let passing = view.any(&[Cue::Pass, Cue::NoFail, Cue::AllGreen])
        || says(view.masked, "so does|so do |ainsi que|igual que|likewise")
        || view.names_test()
            && says(
                view.masked,
                "proves|confirms|demonstrates|belegt|bestätigt|prouve|confirme|demuestra|confirma|证明|証明",
            );
    let turned = view.names_test()
        && view.passes()
        && view.at(Cue::Fail) < view.at(Cue::Pass)
        && !view.masked.contains(char::is_numeric);
    if failing && passing && (view.has(Cue::Past) || turned) {
        return Some(Kind::BehaviourFixed);
    }
    let covers = says(view.masked, " cover|exercise|couvre|cubre|abgedeckt|decken|deckt|カバー|覆盖");
    if covers && view.has(Cue::Test) && !view.any(&[Cue::Not, Cue::Fail]) && !view.masked.contains('%') {
        return Some(Kind::TestAdded);
    }
    let placed = says(
        view.masked,
        " sits in| lives in| resides in| steht in| liegt in| ist dabei|se trouve dans|está en|が入って",
    ) && view.tokens.iter().all(|t| crate::claim::source::is_test_file(&t.text));
    if placed && view.has(Cue::Test) && !view.any(&[Cue::Not, Cue::Fail, Cue::Pass]) {
        return Some(Kind::TestAdded);
    }
    let mended = failing && view.has(Cue::Fix) && view.at(Cue::Fail) < view.at(Cue::Fix);
    if mended && !view.any(&[Cue::Not, Cue::NoFail]) {
        return Some(Kind::BehaviourFixed);
    }
    let adds = added_test(view);
    if adds.is_some() {
        return adds;
    }
    if failing {
        let counts = numbers(view.masked, view.language);
        let some_fail = counts.iter().any(|n| n.value > 0.0 && view.lexicon.has(Cue::Fail, &n.unit));
        return Some(if passing && !some_fail && view.has(Cue::AllGreen) {
            Kind::TestsPassed
        } else {
            Kind::TestsFailed
        });
    }
    let builds = view.has(Cue::Build) && view.has(Cue::Success) && !view.has(Cue::Test);
    let linted = (view.has(Cue::Lint) || view.runs(|t| t == Tool::Lint))
        && !view.names_test()
        && !view.has(Cue::AllGreen)
        && !view.has(Cue::All);
    let fixed = view.has(Cue::Change)
        && view.tokens.iter().any(|t| t.shape == Shape::Path)
        && !view.has(Cue::All)
        && view.at(Cue::Change) < view.at(Cue::Pass);
    (passing && !builds && !linted && !fixed).then_some(Kind::TestsPassed)
}

/// "Added a test", "the new test `x` covers …", but not "Added `f` with a test".
fn added_test(view: &View) -> Option<Kind> {
    let add = view.at(Cue::Add)?;
    let object = view.object();
    let test = view.at(Cue::Test).or_else(|| view.names_test().then_some(add))?;
    let opens = view.language.is_spaced() && (add < 3 || view.has(Cue::I));
    let passes = view.at(Cue::Pass).or(view.at(Cue::AllGreen)).is_some_and(|pass| pass > add) && !opens;
    let other_first = object.is_some_and(|t| {
        let at = t.range.start.saturating_sub(view.start);
        t.shape == Shape::Name
            && at < test
            && view.at(Cue::Test).is_some()
            && !view.facts.is_test_name(&t.text)
            && !view.is_place(t)
    });
    let file = object.is_some_and(|t| t.shape == Shape::Path && !view.is_place(t)) && !view.names_test();
    let before_it = view.language.is_spaced() && test > add + 60;
    let ran = view.has(Cue::Run) && view.at(Cue::Run) < Some(add);
    (!passes && !other_first && !file && !before_it && !ran && !view.has(Cue::Dependency))
        .then_some(Kind::TestAdded)
}

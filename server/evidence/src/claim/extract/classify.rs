//! Which kind of claim a clause makes.
//!
//! Invariants
//! - Rules are tried from the most specific to the most general; each looks only at cues, tokens and names.
//! - Nothing here decides whether a claim holds.

use super::filter::is_unreal;
use super::view::View;
use crate::claim::kind::Kind;
use crate::claim::lexicon::{Cue, Language};
use crate::claim::message::{Form, Shape, numbers};
use crate::claim::shell::Tool;

type Rule = fn(&View) -> Option<Kind>;

const RULES: &[Rule] = &[
    preexisting,
    usages,
    limits,
    complete,
    inability,
    performance,
    version_control,
    tests,
    lint,
    build,
    dependency,
    count,
    ran,
    inspected,
    file,
    symbol,
    subjective,
    behaviour,
    content,
];

/// The kind of claim, or none if the clause claims nothing.
pub(super) fn classify(view: &View) -> Option<Kind> {
    let stated = view.has(Cue::Verb)
        || view.form != Form::Prose && !view.tokens.is_empty()
        || view.any(&[Cue::Add, Cue::Remove, Cue::Change, Cue::AllGreen]);
    if !stated || is_unreal(view.masked, view.lexicon) {
        return None;
    }
    RULES.iter().find_map(|rule| rule(view))
}

fn is_test_subject(view: &View) -> bool {
    let pronoun = view.any(&[Cue::New])
        && view.before.is_some()
        && !view.has(Cue::Lint)
        && !view.has(Cue::Build)
        && view.tokens.is_empty();
    let tested = matches!(view.before_kind(), Some(Kind::TestsPassed | Kind::TestsFailed | Kind::TestAdded))
        || view.before.is_some_and(|b| view.lexicon.has(Cue::Test, &b.masked));
    view.has(Cue::Test)
        || view.names_test()
        || view.runs(|t| matches!(t, Tool::Test(_) | Tool::TestScript))
        || view.has(Cue::AllGreen)
        || pronoun && tested
}

fn preexisting(view: &View) -> Option<Kind> {
    let failing = view.has(Cue::Fail)
        || matches!(view.before_kind(), Some(Kind::TestsFailed | Kind::PreexistingFailure));
    (view.has(Cue::Preexisting) && failing).then_some(Kind::PreexistingFailure)
}

fn usages(view: &View) -> Option<Kind> {
    let other = view.any(&[Cue::NoDependency, Cue::NoNetwork]);
    (view.has(Cue::Unused) && !other).then_some(Kind::NoOtherUsages)
}

fn limits(view: &View) -> Option<Kind> {
    if view.any(&[Cue::NoDependency, Cue::NoNetwork]) {
        return Some(Kind::ScopeLimited);
    }
    if view.negated && view.has(Cue::Change) {
        return Some(Kind::ScopeLimited);
    }
    let unable = view.first(Cue::Unable, &[Cue::Untouched])
        && view.any(&[Cue::Unable])
        && view.at(Cue::Unable) < view.at(Cue::Untouched);
    let taste = view.has(Cue::Subjective)
        && ["behavi", "verhalten", "comportement", "comportamiento", "行为", "挙動", "動作", "振る舞い"]
            .iter()
            .any(|w| view.masked.contains(w));
    if view.has(Cue::Untouched) && taste {
        return Some(Kind::Subjective);
    }
    if view.has(Cue::Untouched) && !unable && !view.has(Cue::Fail) {
        return Some(Kind::ScopeLimited);
    }
    let touched = view.any(&[Cue::Change, Cue::Remove, Cue::Add, Cue::Read])
        && !view.any(&[Cue::Fail, Cue::Pass, Cue::Lint, Cue::Build]);
    let acted = view.has(Cue::I)
        || view.tokens.iter().any(|t| t.shape == Shape::Path)
        || view.has(Cue::File)
        || view.has(Cue::Docs)
        || view.has(Cue::Untouched);
    let only = view.at(Cue::Only).is_some_and(|o| o < 28 || !view.language.is_spaced());
    (only && view.has(Cue::Only) && touched && acted && !view.has(Cue::Test)).then_some(Kind::ScopeLimited)
}

fn complete(view: &View) -> Option<Kind> {
    let tests = view.has(Cue::Test) && view.has(Cue::Pass);
    (view.has(Cue::Complete) && !tests && !view.has(Cue::NotDone)).then_some(Kind::TaskComplete)
}

fn inability(view: &View) -> Option<Kind> {
    if view.negated && view.any(&[Cue::Run, Cue::Test, Cue::Build, Cue::Vcs]) {
        return Some(Kind::Inability);
    }
    let others = [Cue::Add, Cue::Remove, Cue::Observe, Cue::Change];
    let leads = |cue: Cue| {
        view.at(cue).is_some_and(|at| {
            view.has(Cue::I)
                || others.iter().filter_map(|o| view.at(*o)).all(|o| at <= o + 6)
                || !view.language.is_spaced()
        })
    };
    let behaviour = view.any(&[Cue::Now, Cue::NoLonger]) && !view.has(Cue::I);
    let attempt = view.has(Cue::Fail)
        && matches!(view.before_kind(), Some(Kind::Inability | Kind::CommandRan))
        && !is_named_test(view)
        && !view.has(Cue::NoFail);
    if view.has(Cue::NotDone) && !behaviour && leads(Cue::NotDone) {
        return Some(Kind::Inability);
    }
    let missing = view.has(Cue::Unable)
        && leads(Cue::Unable)
        && !behaviour
        && !view.any(&[Cue::Clean, Cue::NoWarnings, Cue::AllGreen]);
    (missing || attempt).then_some(Kind::Inability)
}

fn is_named_test(view: &View) -> bool {
    view.names_test() || view.has(Cue::Test)
}

fn performance(view: &View) -> Option<Kind> {
    view.has(Cue::Perf).then_some(Kind::PerformanceImproved)
}

fn version_control(view: &View) -> Option<Kind> {
    let git = view.runs(|t| t == Tool::Vcs);
    let object = view.object().is_some_and(|t| t.shape == Shape::Path) && !git;
    let code = view.has(Cue::Symbol) && !git;
    ((view.has(Cue::Vcs) && !object && !code) || git && !view.has(Cue::Observe)).then_some(Kind::VcsAction)
}

fn tests(view: &View) -> Option<Kind> {
    if !is_test_subject(view) {
        return None;
    }
    let failing = view.has(Cue::Fail) && !view.has(Cue::NoFail);
    let passing = view.any(&[Cue::Pass, Cue::NoFail, Cue::AllGreen]);
    if failing && passing && view.has(Cue::Past) {
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
    let passes = view.any(&[Cue::Pass, Cue::AllGreen])
        && !view.has(Cue::I)
        && view.masked.trim_start().len() + 40 > view.masked.len()
        && object.is_none();
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

fn lint(view: &View) -> Option<Kind> {
    let linter = view.has(Cue::Lint) || view.runs(|t| matches!(t, Tool::Lint | Tool::Format));
    let built = (view.has(Cue::Build) || view.runs(|t| matches!(t, Tool::Build | Tool::Check))) && !linter;
    let clean = view.any(&[Cue::Clean, Cue::NoWarnings]) || linter && view.has(Cue::Exited);
    let about_code = view.any(&[Cue::Add, Cue::Symbol])
        && !view.any(&[Cue::NoWarnings])
        && !view.runs(|t| matches!(t, Tool::Lint | Tool::Format));
    if linter && clean && !about_code && !view.has(Cue::Test) {
        return Some(Kind::LintClean);
    }
    (view.has(Cue::NoWarnings) && !built && !view.has(Cue::Test)).then_some(Kind::LintClean)
}

fn build(view: &View) -> Option<Kind> {
    let builds = view.has(Cue::Build) || view.runs(|t| matches!(t, Tool::Build | Tool::Check));
    let success = view.any(&[Cue::Success, Cue::Exited, Cue::NoWarnings]);
    let about_code = view.any(&[Cue::Add, Cue::Remove])
        || view.has(Cue::Fail) && !view.has(Cue::NoFail)
        || view.has(Cue::Subjective) && view.tokens.is_empty() && !view.has(Cue::Success);
    (builds && success && !about_code).then_some(Kind::BuildSucceeded)
}

fn dependency(view: &View) -> Option<Kind> {
    let facts = view.facts;
    let listed = |t: &&crate::claim::message::Token| {
        facts.dependencies_before.contains_key(&t.text) || facts.dependencies_after.contains_key(&t.text)
    };
    let object = view.object().filter(|t| t.shape != Shape::Path && t.shape != Shape::Command);
    let known = object.as_ref().is_some_and(listed) || plain_dependency(view);
    let noun = view.has(Cue::Dependency)
        && !view.tokens.iter().any(|t| t.shape == Shape::Path && !crate::claim::source::is_manifest(&t.text));
    let verb = view.any(&[Cue::Add, Cue::Remove, Cue::Bump]);
    let symbol = view.has(Cue::Symbol) && !view.has(Cue::Bump);
    let bumped = view.has(Cue::Bump) && known;
    let moved = known && verb && !symbol;
    let named = noun
        && verb
        && (view.any(&[Cue::Bump]) || object.is_some() || view.tokens.is_empty())
        && !symbol_object(view);
    (bumped || moved || named).then_some(Kind::DependencyChanged)
}

fn symbol_object(view: &View) -> bool {
    view.object().is_some_and(|t| t.text.contains("()") || t.text.contains("::"))
}

/// A dependency named without marks: "Bumped serde to 1.0.210".
fn plain_dependency(view: &View) -> bool {
    let mut words = view.masked.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '@' | '/')));
    let facts = view.facts;
    view.any(&[Cue::Bump, Cue::Dependency])
        && words.any(|w| {
            w.len() > 2
                && (facts.dependencies_before.contains_key(w) || facts.dependencies_after.contains_key(w))
        })
}

fn count(view: &View) -> Option<Kind> {
    let counted = numbers(view.masked, view.language).iter().any(|n| {
        let near: String = n.unit.chars().take(if view.language.is_spaced() { 24 } else { 6 }).collect();
        view.lexicon.find(Cue::Count, &near).is_some_and(|m| m.start < 16)
    });
    let signed =
        view.masked.contains('+') && view.masked.chars().any(|c| c.is_ascii_digit()) && view.has(Cue::Count);
    let changes =
        view.any(&[Cue::Change, Cue::Add, Cue::Remove, Cue::Rename]) || view.masked.contains("diff");
    let test = view.has(Cue::Test);
    ((counted && changes || signed) && !test && !view.any(&[Cue::Searched])).then_some(Kind::ChangeCount)
}

fn ran(view: &View) -> Option<Kind> {
    let observes =
        view.has(Cue::Observe) && view.tokens.iter().any(|t| t.shape != Shape::Command) && !view.has(Cue::I);
    let command = view.has_command() || view.runs(|t| t != Tool::Other);
    let started = view.at(Cue::Run).is_some_and(|at| {
        !view.language.is_spaced()
            || view.has(Cue::I)
            || at < 20
            || view.has_command()
            || is_passive(view, at)
    });
    let noun = view.any(&[Cue::Test, Cue::Build, Cue::Lint]) || view.has(Cue::I) || view.tokens.is_empty();
    let exited = view.has(Cue::Exited)
        && (command
            || view.has(Cue::Run)
            || view.any(&[Cue::Test])
            || ["command", "script", "コマンド", "befehl", "commande", "comando", "命令"]
                .iter()
                .any(|w| view.masked.contains(w)));
    let code = view.tokens.iter().any(|t| t.shape == Shape::Name && !t.text.contains(' '))
        && !command
        && !view.has(Cue::I);
    let ran = started && (command || noun) && !code && !view.any(&[Cue::Now, Cue::NoLonger]) && !observes;
    (ran || exited && !observes).then_some(Kind::CommandRan)
}

fn is_passive(view: &View, at: usize) -> bool {
    let head = view.masked.get(..at).unwrap_or_default();
    [" was ", " were ", " been ", " wurde ", " été ", " fue "]
        .iter()
        .any(|p| head.ends_with(p) || head.contains(p))
}

fn inspected(view: &View) -> Option<Kind> {
    let read = view.at(Cue::Read).or(view.at(Cue::Searched))?;
    let acted = view.has(Cue::I)
        || read < 12
        || is_passive(view, read) && !view.has(Cue::Now)
        || !view.language.is_spaced();
    let listed = view.same_sentence && view.before_kind() == Some(Kind::Inspected);
    let behaviour = view.any(&[Cue::Now, Cue::NoLonger, Cue::Fix, Cue::Add])
        && !view.has(Cue::I)
        && !view.has(Cue::Searched);
    ((acted || listed) && !behaviour).then_some(Kind::Inspected)
}

fn file(view: &View) -> Option<Kind> {
    let object = view.object()?;
    let known = view.facts.resolve(&object.text);
    let path = object.shape == Shape::Path
        || object.shape == Shape::Name && known.is_some() && !view.has(Cue::Symbol) && object.text.len() > 3;
    if !path || view.is_place(object) && !direct(view) {
        return docs(view);
    }
    let paths = view.tokens.iter().filter(|t| t.shape == Shape::Path).count();
    if view.any(&[Cue::Rename, Cue::Move]) && paths >= 2 {
        return Some(Kind::FileRenamed);
    }
    if view.has(Cue::Remove) {
        return Some(Kind::FileDeleted);
    }
    let others = view.tokens.iter().any(|t| t.shape != Shape::Path && !view.is_place(t));
    if view.has(Cue::Add)
        && !(view.has(Cue::Change) && known.as_ref().is_some_and(|k| view.facts.before().contains_key(k)))
    {
        let old = known.is_some_and(|k| view.facts.before().contains_key(&k));
        return Some(if old { Kind::FileModified } else { Kind::FileCreated });
    }
    (view.has(Cue::Change) && !others).then_some(Kind::FileModified)
}

/// In Japanese and Chinese the place particle also marks what was written to.
fn direct(view: &View) -> bool {
    view.language == Language::Ja && view.has(Cue::Docs) && view.tokens.len() == 1
}

fn docs(view: &View) -> Option<Kind> {
    let single = view.tokens.iter().all(|t| t.shape == Shape::Path);
    (single && view.has(Cue::Docs) && view.any(&[Cue::Change, Cue::Add]) && !view.has(Cue::Symbol))
        .then_some(Kind::FileModified)
}

fn symbol(view: &View) -> Option<Kind> {
    let object = view.object()?;
    let place = view.is_place(object) && !view.has(Cue::Extract);
    let names: Vec<_> = view.tokens.iter().filter(|t| matches!(t.shape, Shape::Name | Shape::Flag)).collect();
    if view.has(Cue::Rename) && names.len() >= 2 {
        let flags = names.iter().any(|t| t.shape == Shape::Flag);
        return Some(if flags { Kind::ContentChanged } else { Kind::SymbolRenamed });
    }
    if object.shape != Shape::Name || place {
        return None;
    }
    let part = view.has(Cue::Part) && !view.has(Cue::Symbol) && !object.text.contains('(');
    let replaced = view.has(Cue::Change)
        && view.tokens.len() > 1
        && view.at(Cue::Change) < view.at(Cue::Add).or(Some(usize::MAX));
    if view.has(Cue::Extract) {
        return Some(Kind::SymbolAdded);
    }
    let verb_before = |cue: Cue| view.at(cue).is_some();
    if verb_before(Cue::Remove) && !part && !replaced {
        let gone = !view.facts.defined_before(object.identifier()).is_empty() || view.has(Cue::Symbol);
        return Some(if gone { Kind::SymbolRemoved } else { Kind::ContentChanged });
    }
    let observes =
        view.any(&[Cue::Observe]) && !view.has(Cue::I) && view.at(Cue::Observe) < view.at(Cue::Add);
    (verb_before(Cue::Add) && !part && !replaced && !observes).then_some(Kind::SymbolAdded)
}

fn subjective(view: &View) -> Option<Kind> {
    let about_code = view.any(&[Cue::Fix, Cue::Add, Cue::Remove, Cue::Extract])
        || !view.tokens.is_empty() && view.any(&[Cue::Change, Cue::Observe, Cue::Now]);
    (view.has(Cue::Subjective) && !about_code).then_some(Kind::Subjective)
}

fn behaviour(view: &View) -> Option<Kind> {
    let acted = view.has(Cue::I) && view.has(Cue::Change) && !view.has(Cue::Fix);
    if view.any(&[Cue::Fix, Cue::NoLonger]) || view.has(Cue::Now) && !acted && !view.has(Cue::Docs) {
        return Some(Kind::BehaviourFixed);
    }
    let told = view.has(Cue::Observe) && !view.has(Cue::I);
    told.then_some(Kind::BehaviourObserved)
}

fn content(view: &View) -> Option<Kind> {
    let acted = view.any(&[Cue::Add, Cue::Remove, Cue::Change, Cue::Extract, Cue::Rename]);
    (acted || !view.tokens.is_empty()).then_some(Kind::ContentChanged)
}

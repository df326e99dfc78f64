//! Which kind of claim a clause makes.
//!
//! Invariants
//! - Rules are tried from the most specific to the most general; each looks only at cues, tokens and names.
//! - Nothing here decides whether a claim holds.

use super::filter::is_unreal;
use super::names::{count, dependency, file, symbol};
use super::testing::tests;
use super::view::View;
use crate::claim::kind::Kind;
use crate::claim::lexicon::Cue;
use crate::claim::message::{Form, Shape};
use crate::claim::shell::Tool;
use crate::claim::words::says;

type Rule = fn(&View) -> Option<Kind>;

const RULES: &[Rule] = &[
    preexisting,
    usages,
    limits,
    complete,
    reported,
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
    let figures = view.masked.chars().any(|c| c.is_ascii_digit())
        && (view.has(Cue::Test) && view.has(Cue::Pass) || view.has(Cue::Count));
    let stated = stated || view.has(Cue::Now) || figures || view.predicative || is_sentence(view);
    let continued = view.same_sentence
        && (opens_universal(view) || view.masked.split(' ').next().is_some_and(|w| w.ends_with("ing")));
    if !(stated || continued) || is_unreal(view.masked, view.lexicon) {
        return None;
    }
    RULES.iter().find_map(|rule| rule(view))
}

/// A whole sentence of a paragraph is a statement, whether or not its verb is known.
fn is_sentence(view: &View) -> bool {
    let long = if view.language.is_spaced() {
        view.masked.split_whitespace().count() >= 3
    } else {
        view.masked.chars().count() >= 6
    };
    view.whole && view.form == Form::Prose && long
}

/// "… and every caller".
fn opens_universal(view: &View) -> bool {
    let starts = ["every ", "all ", "each ", "alle ", "jede", "tous ", "toutes ", "todos ", "todas "];
    starts.iter().any(|w| view.masked.starts_with(w))
}

fn preexisting(view: &View) -> Option<Kind> {
    if view.has(Cue::Fail) && view.passes() && !view.has(Cue::NoFail) && view.names_test() {
        return Some(Kind::BehaviourFixed)
            .filter(|_| view.any(&[Cue::Past, Cue::Preexisting]) || view.masked.contains(" before"));
    }
    let failing = view.has(Cue::Fail)
        || matches!(view.before_kind(), Some(Kind::TestsFailed | Kind::PreexistingFailure));
    (view.has(Cue::Preexisting) && failing).then_some(Kind::PreexistingFailure)
}

fn usages(view: &View) -> Option<Kind> {
    let other = view.any(&[Cue::NoDependency, Cue::NoNetwork]);
    let changes = says(view.masked, "ほか|以外|除") && view.any(&[Cue::Change]) && view.has(Cue::Untouched);
    let failing = changes || view.any(&[Cue::Fail, Cue::Lint, Cue::Build]) && view.runs(|t| t != Tool::Other);
    (view.has(Cue::Unused) && !other && !failing).then_some(Kind::NoOtherUsages)
}

fn limits(view: &View) -> Option<Kind> {
    let made = says(
        view.masked,
        "any new file|any files|any new files|no new file|no files were|keine neuen dateien|aucun nouveau fichier|ningún archivo nuevo|没有新增文件|新しいファイルは",
    );
    let unmade = view.has(Cue::Not) && view.has(Cue::Add) && view.has(Cue::File) && view.tokens.is_empty();
    if made && view.has(Cue::Not) || unmade && !view.has(Cue::NoLonger) {
        return Some(Kind::ScopeLimited);
    }
    let surroundings = says(
        view.masked,
        "sandbox|environment|machine|container|umgebung|環境|环境|entorno|environnement|here",
    );
    if view.has(Cue::NoNetwork) && surroundings && !view.has(Cue::I) {
        return Some(Kind::Inability);
    }
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
        && says(view.masked, "behavi|verhalten|comportement|comportamiento|行为|挙動|動作|振る舞い");
    if view.has(Cue::Untouched) && taste {
        return Some(Kind::Subjective);
    }
    let searched = view.has(Cue::Searched) && (view.has(Cue::I) || view.at(Cue::Searched) < Some(8));
    if view.has(Cue::Untouched) && !unable && !searched && !view.has(Cue::Fail) {
        return Some(Kind::ScopeLimited);
    }
    let confined = says(
        view.masked,
        "限られ|限定|limited to|confined to|restricted to|beschränkt|limité|limitad|限于|touché qu",
    );
    if confined && view.tokens.iter().any(|t| t.shape == Shape::Path) {
        return Some(Kind::ScopeLimited);
    }
    let touched = view.any(&[Cue::Change, Cue::Remove, Cue::Add, Cue::Read])
        && !view.any(&[Cue::Fail, Cue::Pass, Cue::Lint, Cue::Build]);
    let acted = view.has(Cue::I)
        || view.tokens.iter().any(|t| t.shape == Shape::Path)
        || view.has(Cue::File)
        || view.has(Cue::Docs)
        || view.has(Cue::Untouched);
    let sole = says(
        view.masked,
        " the only | the sole | le seul | la seule | les seuls | der einzige | die einzige | das einzige | el único | la única ",
    );
    if sole && view.has(Cue::Change) && (acted || view.has(Cue::File)) && !view.has(Cue::Test) {
        return Some(Kind::ScopeLimited);
    }
    let only = view.at(Cue::Only).is_some_and(|o| o < 28 || !view.language.is_spaced());
    (only && !searched && view.has(Cue::Only) && touched && acted && !view.has(Cue::Test))
        .then_some(Kind::ScopeLimited)
}

fn complete(view: &View) -> Option<Kind> {
    let tests = view.has(Cue::Test) && view.has(Cue::Pass);
    (view.has(Cue::Complete) && !tests && !view.has(Cue::NotDone)).then_some(Kind::TaskComplete)
}

/// "The build fails", "the linter complains": an honest report of what a tool said.
fn reported(view: &View) -> Option<Kind> {
    let tool = view.any(&[Cue::Build, Cue::Lint]) && !view.has(Cue::Test) && !view.has(Cue::I);
    let criticised = says(
        view.masked,
        "complain|beanstandet|bemängelt|moniert|se plaint|signale |se queja|señala|reports f|reports an|指摘し|警告し",
    );
    let failing = view.has(Cue::Fail)
        && view.has(Cue::Build)
        && !view.any(&[Cue::NoFail, Cue::Unable, Cue::Preexisting]);
    let clean = view.any(&[Cue::Clean, Cue::NoWarnings]);
    (tool && !clean && (criticised && view.has(Cue::Lint) || failing)).then_some(Kind::BehaviourObserved)
}

fn inability(view: &View) -> Option<Kind> {
    let actions = [Some(Kind::Inspected), Some(Kind::CommandRan), Some(Kind::FileModified)];
    if view.masked.starts_with("not ~") && view.same_sentence && actions.contains(&view.before_kind()) {
        return Some(Kind::Inability);
    }
    if view.negated && view.any(&[Cue::Run, Cue::Test, Cue::Build, Cue::Vcs]) {
        return Some(Kind::Inability);
    }
    let unmade = says(
        view.masked,
        "not made|not been made|not done|not been done|not performed|not attempted|not been attempted|not produced|not taken|not carried out|nicht gemacht|nicht erstellt|nicht durchgeführt",
    );
    if unmade && view.any(&[Cue::Test, Cue::Build, Cue::Lint]) && !view.any(&[Cue::Pass, Cue::Add]) {
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
    let counted = view.has(Cue::Test)
        && view.masked.contains("skipped")
        && view.masked.chars().any(|c| c.is_ascii_digit());
    if view.has(Cue::NotDone) && !behaviour && !counted && leads(Cue::NotDone) {
        return Some(Kind::Inability);
    }
    let raised = says(view.masked, "タイムアウト|timeout") && view.has(Cue::Change) && !view.has(Cue::Not);
    let missing = view.has(Cue::Unable)
        && leads(Cue::Unable)
        && !behaviour
        && !raised
        && !view.any(&[Cue::Clean, Cue::NoWarnings, Cue::AllGreen]);
    let refused = view.has(Cue::Vcs) && view.has(Cue::Fail) && !view.has(Cue::NoFail) && !view.has(Cue::Test);
    (missing || attempt || refused).then_some(Kind::Inability)
}

fn is_named_test(view: &View) -> bool {
    view.names_test() || view.has(Cue::Test)
}

fn performance(view: &View) -> Option<Kind> {
    let version = says(view.masked, "version|バージョン|版本|versión");
    let taken = says(view.masked, " nimmt | erwartet | bekommt | erhält ") && !view.tokens.is_empty();
    let open = taken || view.any(&[Cue::Unable, Cue::NotDone]);
    let built = open
        || view.has(Cue::Build)
            && view.any(&[Cue::Success, Cue::Exited, Cue::NoWarnings])
            && !view.masked.chars().any(|c| c.is_ascii_digit());
    let timed = says(view.masked, " ms | ms,| milliseconds| seconds ")
        && says(view.masked, " rather than | instead of | down from ");
    ((view.has(Cue::Perf) && !built || timed && !open) && !version).then_some(Kind::PerformanceImproved)
}

fn version_control(view: &View) -> Option<Kind> {
    if view.has(Cue::Vcs) && view.any(&[Cue::Unable, Cue::NotDone]) {
        return Some(Kind::Inability);
    }
    let listed = |t: &crate::claim::message::Token| {
        view.facts.dependencies_before.contains_key(&t.text)
            || view.facts.dependencies_after.contains_key(&t.text)
    };
    if view.object().is_some_and(listed) {
        return None;
    }
    let git = view.runs(|t| t == Tool::Vcs);
    let undone = says(view.masked, "revert|rolled back|commit|rückgängig|元に戻|回滚|annul");
    let object = view.object().is_some_and(|t| t.shape == Shape::Path) && !git && !undone;
    let code = view.has(Cue::Symbol) && !git;
    ((view.has(Cue::Vcs) && !object && !code) || git && !view.has(Cue::Observe)).then_some(Kind::VcsAction)
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
    let success = view.any(&[Cue::Success, Cue::Exited, Cue::NoWarnings, Cue::NoFail]);
    let tried = view.has(Cue::I) && view.has(Cue::Read) || says(view.masked, "built binary|built executable");
    let about_code = tried && view.tokens.is_empty()
        || view.any(&[Cue::Add, Cue::Remove])
        || view.has(Cue::Fail) && !view.has(Cue::NoFail)
        || view.has(Cue::Subjective) && view.tokens.is_empty() && !view.has(Cue::Success);
    (builds && success && !about_code).then_some(Kind::BuildSucceeded)
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
    let passive = view.at(Cue::Run).is_some_and(|at| is_passive(view, at));
    let noun = view.any(&[Cue::Test, Cue::Build, Cue::Lint])
        || view.has(Cue::I)
        || view.tokens.is_empty()
        || passive;
    let exited = view.has(Cue::Exited)
        && (command
            || view.has(Cue::Run)
            || view.any(&[Cue::Test])
            || names_program(view)
            || says(view.masked, "command|script|コマンド|befehl|commande|comando|命令"));
    let before_verb = |t: &crate::claim::message::Token| {
        !passive || view.at(Cue::Run).is_some_and(|at| t.range.start.saturating_sub(view.start) < at)
    };
    let code = view.tokens.iter().any(|t| t.shape == Shape::Name && !t.text.contains(' ') && before_verb(t))
        && view.language.is_spaced()
        && !command
        && !view.has(Cue::I);
    let ran = started && (command || noun) && !code && !view.any(&[Cue::Now, Cue::NoLonger]) && !observes;
    (ran || exited && !observes).then_some(Kind::CommandRan)
}

/// A word of the clause is a program that ran.
fn names_program(view: &View) -> bool {
    let words = || view.masked.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    view.facts.record.ran.iter().any(|r| r.program().len() > 2 && words().any(|w| w == r.program()))
}

fn is_passive(view: &View, at: usize) -> bool {
    let head = view.masked.get(..at).unwrap_or_default();
    [" was ", " were ", " been ", " wurde ", " été ", " fue "]
        .iter()
        .any(|p| head.ends_with(p) || head.contains(p))
}

fn inspected(view: &View) -> Option<Kind> {
    let vouched = says(
        view.masked,
        "verified that|confirmed that|checked that|made sure that|tested that|ensured that|, dass |vérifié que|confirmé que|comprobé que|verifiqué que",
    );
    if vouched && view.any(&[Cue::Observe, Cue::Fix, Cue::NoLonger, Cue::Now]) {
        return Some(if view.any(&[Cue::Fix, Cue::NoLonger]) {
            Kind::BehaviourFixed
        } else {
            Kind::BehaviourObserved
        });
    }
    let also = view.same_sentence && view.before_kind() == Some(Kind::Inspected) && opens_universal(view);
    let read = view.at(Cue::Read).or(view.at(Cue::Searched)).or(also.then_some(0))?;
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

fn subjective(view: &View) -> Option<Kind> {
    let about_code = view.any(&[Cue::Fix, Cue::Add, Cue::Remove, Cue::Extract])
        && !(view.has(Cue::Hedge) && view.tokens.is_empty())
        || !view.tokens.is_empty() && view.any(&[Cue::Change, Cue::Observe, Cue::Now]);
    (view.has(Cue::Subjective) && !about_code).then_some(Kind::Subjective)
}

fn behaviour(view: &View) -> Option<Kind> {
    let acted = view.has(Cue::I) && view.has(Cue::Change) && !view.has(Cue::Fix);
    let gone = view.tokens.is_empty()
        && says(
            view.masked,
            " gone| disappeared| vanished| ist weg| sind weg|verschwunden|a disparu|ont disparu|ha desaparecido|desapareció|消え|なくなり|消失",
        )
        && !view.any(&[Cue::File, Cue::Symbol, Cue::Dependency]);
    if gone || view.any(&[Cue::Fix, Cue::NoLonger]) || view.has(Cue::Now) && !acted && !view.has(Cue::Docs) {
        return Some(Kind::BehaviourFixed);
    }
    let criticised = view.has(Cue::Lint)
        && says(
            view.masked,
            "complain|beanstandet|bemängelt|moniert|se plaint|signale|se queja|señala|指摘し|警告し",
        );
    let told = (view.has(Cue::Observe) || criticised) && !view.has(Cue::I);
    told.then_some(Kind::BehaviourObserved)
}

fn content(view: &View) -> Option<Kind> {
    let acted = view.any(&[Cue::Add, Cue::Remove, Cue::Change, Cue::Extract, Cue::Rename]);
    if acted || !view.tokens.is_empty() {
        return Some(Kind::ContentChanged);
    }
    let told = view.any(&[Cue::Elsewhere, Cue::Success, Cue::Observe]) && !view.has(Cue::I);
    if view.masked.split(' ').next().is_some_and(|w| w.ends_with("ing")) && view.same_sentence {
        return Some(Kind::ContentChanged);
    }
    let plain = (view.has(Cue::Verb) || view.whole)
        && view.masked.split_whitespace().count() >= 3
        && view.language.is_spaced();
    (told || plain && !view.has(Cue::I)).then_some(Kind::BehaviourObserved)
}

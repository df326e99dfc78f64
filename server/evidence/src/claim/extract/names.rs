//! Claims about what is in the workspace: files, symbols, dependencies, how much changed.

use super::view::View;
use crate::claim::kind::Kind;
use crate::claim::lexicon::{Cue, Language};
use crate::claim::message::{Shape, Token, numbers};
use crate::claim::source::is_manifest;
use crate::claim::words::says;

pub(super) fn dependency(view: &View) -> Option<Kind> {
    let facts = view.facts;
    let listed = |t: &&Token| {
        facts.dependencies_before.contains_key(&t.text) || facts.dependencies_after.contains_key(&t.text)
    };
    let line = |t: &&Token| t.shape == Shape::Command && t.text.contains(' ');
    let object = view.object().filter(|t| t.shape != Shape::Path && !line(t));
    let known = object.as_ref().is_some_and(listed) || plain_dependency(view);
    let strong = says(view.masked, "pulled in |dependenc|abhängig|dépend|依存|依赖|crate|gem");
    let moves = view.any(&[Cue::Move, Cue::Extract]);
    let noun = view.has(Cue::Dependency)
        && strong
        && !moves
        && !view.tokens.iter().any(|t| t.shape == Shape::Path && !is_manifest(&t.text));
    let verb = view.any(&[Cue::Add, Cue::Remove, Cue::Bump])
        || view.has(Cue::NoLonger) && (known || view.has(Cue::Dependency));
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
    view.any(&[Cue::Bump, Cue::Dependency]) && words.any(|w| w.len() > 2 && facts.dependency(w).is_some())
}

pub(super) fn count(view: &View) -> Option<Kind> {
    if view.has(Cue::Read) && !view.has(Cue::Change) {
        return None;
    }
    let counted = numbers(view.masked, view.language).iter().any(|n| {
        let near: String = n.unit.chars().take(if view.language.is_spaced() { 24 } else { 6 }).collect();
        view.lexicon.find(Cue::Count, &near).is_some_and(|m| m.start < 16)
    });
    let signed =
        view.masked.contains('+') && view.masked.chars().any(|c| c.is_ascii_digit()) && view.has(Cue::Count);
    let changes = view.any(&[Cue::Change, Cue::Add, Cue::Remove, Cue::Rename])
        || says(view.masked, "diff|affected|involved|betroffen|concern|afectad|impact");
    let test = view.has(Cue::Test);
    ((counted && changes || signed) && !test && !view.any(&[Cue::Searched])).then_some(Kind::ChangeCount)
}

pub(super) fn file(view: &View) -> Option<Kind> {
    let Some(object) = view.object() else { return docs(view) };
    let known = view.facts.resolve(&object.text);
    let whole = known.as_ref().is_some_and(|k| k.ends_with(object.text.as_str()));
    let plain = !object.text.contains(['#', ':', '(']) && (whole || !object.text.contains('.'));
    let named = plain
        && object.shape == Shape::Name
        && known.is_some()
        && !view.has(Cue::Symbol)
        && object.text.len() > 3;
    let path = object.shape == Shape::Path || named;
    let arrow = view.masked.contains('→') || view.masked.contains("->");
    let moved = (arrow || view.any(&[Cue::Rename, Cue::Move]))
        && view.tokens.iter().filter(|t| t.shape == Shape::Path).count() >= 2;
    if !path || view.is_place(object) && !direct(view) && !moved {
        return docs(view);
    }
    let paths = view.tokens.iter().filter(|t| t.shape == Shape::Path).count();
    if moved && paths >= 2 {
        return Some(Kind::FileRenamed);
    }
    if view.has(Cue::Remove) {
        return Some(Kind::FileDeleted);
    }
    let others = view.tokens.iter().any(|t| t.shape != Shape::Path && !view.is_place(t));
    let details = view.tokens.iter().any(|t| t.shape != Shape::Path);
    let leads = view.language.is_spaced()
        && object.range.start.saturating_sub(view.start) < view.at(Cue::Add).unwrap_or(0);
    let passive = says(view.masked, " was | were | is new| has been | wurde | été | fue | ist ");
    if details && others && view.has(Cue::Add) && !passive && (leads || view.masked.starts_with("the new")) {
        return None;
    }
    if view.has(Cue::Add)
        && !(view.has(Cue::Change) && known.as_ref().is_some_and(|k| view.facts.before().contains_key(k)))
    {
        let old = known.is_some_and(|k| view.facts.before().contains_key(&k));
        return Some(if old { Kind::FileModified } else { Kind::FileCreated });
    }
    let state = says(view.masked, "still |mentions| noch |encore |todavía |aún |まだ|仍|依然|toujours ")
        && !view.any(&[Cue::I]);
    (view.has(Cue::Change) && !others && !state).then_some(Kind::FileModified)
}

/// In Japanese and Chinese the place particle also marks what was written to.
fn direct(view: &View) -> bool {
    view.language == Language::Ja && view.has(Cue::Docs) && view.tokens.len() == 1
}

fn docs(view: &View) -> Option<Kind> {
    let single = view.tokens.iter().all(|t| t.shape == Shape::Path);
    let noun = view.has(Cue::Docs) || view.has(Cue::File) && view.tokens.is_empty();
    let told = says(view.masked, " has an entry| mentions | explains | describes | erklärt | beschreibt ");
    let verb =
        (told || view.any(&[Cue::Change, Cue::Add])) && !view.any(&[Cue::Symbol, Cue::NoLonger, Cue::Fix]);
    let shifted = view.tokens.is_empty() && numbers(view.masked, view.language).len() > 1;
    let test = shifted || view.has(Cue::Test) && !view.masked.contains("spec");
    let comment = view.masked.contains("comment") && !view.tokens.is_empty();
    (single && noun && verb && !comment && !test).then_some(Kind::FileModified)
}

/// "`f` adds one", "`f` entfernt Leerzeichen": the name opens the clause and does something to something else.
fn is_agent(view: &View, name: &Token, cue: Cue) -> bool {
    let (start, end) =
        (name.range.start.saturating_sub(view.start), name.range.end.saturating_sub(view.start));
    let Some(at) = view.lexicon.find(cue, view.masked) else { return false };
    if !view.language.is_spaced() || start > 4 || at.start < end {
        return false;
    }
    let between = format!("{} ", view.masked.get(end..at.start).unwrap_or_default());
    let passive = " is | are | was | were | been | has | have | wurde| ist | sind | hat | a été| est | sont | fue | ha sido| se | es | gained | now gained ";
    let object = view.masked.get(at.end..).unwrap_or_default().trim();
    let place = ["to ", "in ", "from ", "for ", "as ", "with ", "and ", "(", "by ", ",", "so "];
    let verb = view.masked.get(at.clone()).unwrap_or_default();
    let active = [
        "adds", "added", "removes", "removed", "drops", "dropped", "deletes", "deleted", "strips",
        "stripped", "cuts", "cut", "entfernt", "löscht", "ergänzt", "supprime", "ajoute", "retire",
        "elimina", "añade", "quita",
    ];
    active.contains(&verb)
        && !between.contains(['~', ','])
        && !says(&between, passive)
        && !object.is_empty()
        && !place.iter().any(|p| object.starts_with(p))
}

pub(super) fn symbol(view: &View) -> Option<Kind> {
    if view.masked.contains("ように") {
        return None;
    }
    let object = view.object()?;
    let place = view.is_place(object) && !view.has(Cue::Extract);
    let names: Vec<_> = view.tokens.iter().filter(|t| matches!(t.shape, Shape::Name | Shape::Flag)).collect();
    if view.has(Cue::Rename) && names.len() >= 2 {
        let flags = names.iter().any(|t| t.shape == Shape::Flag);
        return Some(if flags { Kind::ContentChanged } else { Kind::SymbolRenamed });
    }
    let stated = [
        " is defined",
        " are defined",
        " lives in",
        "definiert in",
        "で定義されて",
        "定义在",
        "est définie dans",
        "está definid",
    ];
    if stated.iter().any(|w| view.masked.contains(w)) {
        return Some(Kind::ContentChanged);
    }
    if object.shape != Shape::Name || place {
        return None;
    }
    let fresh = says(view.lead(object), "a new |an additional |new method |new function ");
    if fresh && view.has(Cue::Add) {
        return Some(Kind::SymbolAdded);
    }
    if is_agent(view, object, Cue::Add) || is_agent(view, object, Cue::Remove) {
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

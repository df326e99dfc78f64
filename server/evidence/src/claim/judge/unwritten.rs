//! Names and numbers in the wording of a claim that stand nowhere in the workspace, its changes or the log.

use super::Context;
use super::evidence::has_number;
use super::words::says;
use crate::claim::extract::Assertion;
use crate::claim::kind::Kind;
use crate::claim::lexicon::Cue;
use crate::claim::message::{Quoting, Shape};

/// What a number in prose may count that code does not write down.
const COUNTED: &str = "file place test line time call item case function param 処 箇所 件 个 处 datei zeile stelle fichier ligne archivo línea site occurrence user argument byte week day year";

/// Code that the claim names and that is neither in the workspace nor in the log.
pub(super) fn unheard_of(cx: &Context, a: &Assertion, kind: Kind) -> bool {
    let about = matches!(
        kind,
        Kind::SymbolAdded
            | Kind::SymbolRemoved
            | Kind::SymbolRenamed
            | Kind::TestAdded
            | Kind::ContentChanged
            | Kind::FileModified
            | Kind::FileCreated
    );
    let case = cx.facts.case();
    let written = |name: &str| {
        let texts = cx.facts.after().values().chain(cx.facts.before().values());
        texts.into_iter().any(|t| t.contains(name))
            || case
                .commands()
                .any(|c| c.cmd.contains(name) || c.stdout.contains(name) || c.stderr.contains(name))
            || cx.facts.after().keys().chain(cx.facts.before().keys()).any(|p| p.contains(name))
            || case.task_text().contains(name)
            || cx
                .facts
                .dependencies_after
                .keys()
                .chain(cx.facts.dependencies_before.keys())
                .any(|d| d == name)
    };
    let code = |t: &&crate::claim::message::Token| {
        t.shape == Shape::Name && t.quoting == Quoting::Code && t.identifier().len() > 1
    };
    about && a.tokens.iter().filter(code).any(|t| !written(t.identifier()))
}

/// A number or version in the wording of a content claim that stands nowhere in the changed lines or the file named.
pub(super) fn unwritten(cx: &Context, a: &Assertion, kind: Kind) -> bool {
    if !matches!(kind, Kind::ContentChanged | Kind::DependencyChanged) {
        return false;
    }
    let place = a.shaped(Shape::Path).find_map(|t| cx.facts.resolve(&t.text));
    let file = place.and_then(|p| cx.facts.after().get(&p)).map_or("", String::as_str);
    let changed: Vec<&str> =
        cx.facts.added.iter().chain(&cx.facts.removed).map(|l| l.text.as_str()).collect();
    let changing = [Cue::Change, Cue::Add, Cue::Bump, Cue::Now].iter().any(|c| cx.has(a, *c));
    let anywhere = |n: &str| {
        changed.iter().any(|l| has_number(&l.replace('_', ""), n))
            || has_number(file, n)
            || !changing && cx.facts.after().values().any(|t| has_number(&t.replace('_', ""), n))
    };
    let raw = cx.message.slice(&a.range);
    let versions = raw
        .split(|c: char| c.is_whitespace() || matches!(c, '`' | ',' | '(' | ')'))
        .map(|w| w.trim_matches(['.', 'v', '^', '~', '=']));
    let versioned = versions
        .filter(|w| {
            w.matches('.').count() >= 1 && w.chars().all(|c| c.is_ascii_digit() || c == '.') && !w.is_empty()
        })
        .any(|v| {
            !cx.facts.added.iter().chain(&cx.facts.removed).any(|l| l.text.contains(v)) && !file.contains(v)
        });
    let stray = a.numbers.iter().any(|n| {
        let digits =
            a.masked.get(n.range.clone()).is_some_and(|t| t.starts_with(|c: char| c.is_ascii_digit()));
        let shown =
            if n.decimals == 0 { format!("{:.0}", n.value) } else { format!("{:.*}", n.decimals, n.value) };
        let bound =
            says(&a.masked, "outside|between|range|–|au-delà|außerhalb|zwischen|fuera|entre|範囲|之间");
        let beside = || bound && [n.value - 1.0, n.value + 1.0].iter().any(|v| anywhere(&format!("{v:.0}")));
        digits && !COUNTED.split(' ').any(|w| n.unit.starts_with(w)) && !anywhere(&shown) && !beside()
    });
    versioned || stray || reversed(cx, a)
}

/// "From 8 to 2" although no removed line has the first or no added line the second.
fn reversed(cx: &Context, a: &Assertion) -> bool {
    let [old, new] = a.numbers.as_slice() else { return false };
    let between = a.masked.get(old.range.end..new.range.start).unwrap_or_default();
    let before = a.masked.get(..old.range.start).unwrap_or_default();
    let from = says(before, "from |von | de |由|从") || between.contains("から");
    let linked = says(between, " to | auf | à | a |から|到|至|成|→|->") || between.contains("为");
    let shown = |n: &crate::claim::message::Number| {
        if n.decimals == 0 { format!("{:.0}", n.value) } else { format!("{:.*}", n.decimals, n.value) }
    };
    let holds = |lines: &[crate::claim::facts::Line], n: &str| {
        lines.iter().any(|l| has_number(&l.text.replace('_', ""), n))
    };
    from && linked && !(holds(&cx.facts.removed, &shown(old)) && holds(&cx.facts.added, &shown(new)))
}

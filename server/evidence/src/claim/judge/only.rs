//! "Only `x` was changed" and "the API is unchanged".

use super::Context;
use super::limits::matched;
use super::words::says;
use crate::claim::extract::Assertion;
use crate::claim::kind::{Code, Ruling};
use crate::claim::lexicon::Cue;
use crate::claim::message::{Shape, Token};
use crate::claim::source::{is_documentation, is_test_file};

/// "Only `x` was changed": every other changed file refutes it.
pub(super) fn only(cx: &Context, a: &Assertion) -> Option<Ruling> {
    let except = says(
        &a.masked,
        "以外|other than|except|apart from|besides|outside|außer|sauf|salvo|excepto|之外|ほか",
    );
    if !cx.has(a, Cue::Only) && !except || cx.has(a, Cue::Untouched) && !except && a.tokens.is_empty() {
        return None;
    }
    let changed = cx.facts.changed_paths();
    if a.masked.contains("comment")
        || a.masked.contains("コメント")
        || a.masked.contains("注释")
        || says(&a.masked, "kommentar|comentario|commentaire")
    {
        return Some(matched(super::behaviour::without_effect(cx) || only_documentation(cx)));
    }
    let single =
        says(&a.masked, "only file|only change|einzige datei|seul fichier|único archivo|único fichero|唯一");
    if single && a.tokens.is_empty() && cx.has(a, Cue::Change) {
        return Some(matched(changed.len() == 1));
    }
    let named: Vec<String> = a.tokens.iter().filter_map(|t| cx.facts.resolve(&t.text)).collect();
    let dirs: Vec<&Token> = a.shaped(Shape::Path).filter(|t| cx.facts.resolve(&t.text).is_none()).collect();
    if !named.is_empty() || !dirs.is_empty() {
        let source = is_about_source(a);
        let inside = |p: &String| {
            named.contains(p)
                || dirs.iter().any(|d| p.starts_with(d.text.trim_end_matches('/')))
                || source && (is_test_file(p) || is_documentation(p))
        };
        let touched = named.iter().any(|p| changed.contains(p)) || named.is_empty() || except;
        return Some(matched(changed.iter().all(inside) && touched));
    }
    let tests = cx.has(a, Cue::Test);
    let docs = cx.has(a, Cue::Docs);
    if tests || docs {
        let kind = |p: &String| tests && is_test_file(p) || docs && is_documentation(p);
        return Some(matched(changed.iter().all(kind)));
    }
    let symbols: Vec<&Token> = a.shaped(Shape::Name).collect();
    let first = symbols.first()?;
    Some(only_symbol(cx, first))
}

fn only_documentation(cx: &Context) -> bool {
    cx.facts.changed_paths().iter().all(|p| is_documentation(p))
}

pub(super) fn is_about_source(a: &Assertion) -> bool {
    says(&a.masked, "source|production|ソース|quell|源|código fuente|prod")
        || says(&a.masked, "implementation|anwendungscode|code de l|application code")
}

/// Every changed source line lies in the definition of the symbol.
fn only_symbol(cx: &Context, token: &Token) -> Ruling {
    let id = token.identifier();
    let bodies: String = cx
        .facts
        .after()
        .iter()
        .chain(cx.facts.before())
        .flat_map(|(p, t)| {
            let outlines = [cx.facts.outlines_after().get(p), cx.facts.outlines_before().get(p)];
            let ranges: Vec<_> = outlines
                .into_iter()
                .flatten()
                .flat_map(|o| o.definitions.iter().filter(|(n, _)| n == id).map(|(_, r)| r.clone()))
                .collect();
            ranges.into_iter().filter_map(|r| t.get(r).map(str::to_owned)).collect::<Vec<_>>()
        })
        .collect::<Vec<_>>()
        .join("\n");
    if bodies.is_empty() {
        return Ruling::unverified(Code::NoEvidence, &[]);
    }
    let outside = cx
        .facts
        .added
        .iter()
        .chain(&cx.facts.removed)
        .any(|l| !l.code.trim().is_empty() && !bodies.contains(l.text.trim()) && !is_test_file(&l.path));
    matched(!outside)
}

pub(super) fn says_interface(a: &Assertion) -> bool {
    says(
        &a.masked,
        "api|public function|public method|exported|signature|interface|シグネチャ|インターフェ|公開|schnittstelle|signatur|接口|签名|interfaz|firma|compatible|互換",
    ) && a.tokens.iter().all(|t| t.shape != Shape::Path)
}

/// Public heads that were added, removed or changed.
pub(super) fn interface(cx: &Context, a: &Assertion) -> Ruling {
    let head = |text: &str, path: &str| {
        let line = text.trim();
        let lower = |l: &str| {
            l.strip_prefix("func ")
                .map(|r| r.split(") ").last().unwrap_or(r))
                .is_some_and(|r| r.starts_with(|c: char| c.is_lowercase()))
        };
        let private = path.ends_with(".go") && lower(line)
            || line.starts_with("def _")
            || line.contains("private ")
            || line.contains("static ") && path.ends_with(".c");
        let public = if path.ends_with(".rs") {
            line.starts_with("pub ")
        } else if path.ends_with(".py") {
            line.starts_with("def ") || line.starts_with("class ") || line.starts_with("async def ")
        } else {
            line.starts_with("export ")
                || line.starts_with("public ")
                || line.starts_with("func ")
                || line.contains("function ")
        };
        public && !private && !is_test_file(path)
    };
    let name = |t: &str| {
        t.trim()
            .trim_end_matches(['{', ':', ' '])
            .split(" {")
            .next()
            .unwrap_or_default()
            .trim_end_matches([' ', ':'])
            .to_owned()
    };
    let heads = |lines: &[crate::claim::facts::Line]| {
        lines
            .iter()
            .filter(|l| head(&l.code, &l.path))
            .map(|l| name(&l.code))
            .collect::<std::collections::BTreeSet<_>>()
    };
    let (new, old) = (heads(&cx.facts.added), heads(&cx.facts.removed));
    let only_lost = says(
        &a.masked,
        "renamed|removed|deleted|dropped|umbenannt|entfernt|supprim|renomm|elimin|renombr|削除|リネーム|删除|重命名",
    );
    matched(if only_lost { old.is_subset(&new) } else { new == old })
}

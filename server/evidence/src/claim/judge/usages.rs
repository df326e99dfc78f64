//! "Nothing else uses it" (rule 24).

use super::Context;
use super::evidence::has_word;
use super::words::says;
use crate::claim::case::{Event, Hit};
use crate::claim::extract::Assertion;
use crate::claim::kind::{Code, Ruling};
use crate::claim::lexicon::Cue;
use crate::claim::message::{Shape, Token, identifier};
use crate::claim::source::{is_documentation, is_manifest, without_comments};

pub(super) fn judge(cx: &Context, a: &Assertion) -> Ruling {
    let Some(name) = subject(cx, a) else { return Ruling::unverified(Code::NoEvidence, &[]) };
    let past = cx.has(a, Cue::Past)
        || says(
            &a.masked,
            " was | were |war |était|era |called it|used it|imported it|nobody called|nobody used|llamaba|usaba|appelait|utilisait|呼んで",
        );
    let excluded: Vec<String> = a.shaped(Shape::Path).filter_map(|t| cx.facts.resolve(&t.text)).collect();
    let sole = says(&a.masked, "only|last |sole|einzig|seul|únic|唯一|のみ|だけ");
    let keep = |path: &str| !(sole && excluded.iter().any(|e| e == path));
    let mut found = places(cx, &name, false);
    if past {
        found.extend(places(cx, &name, true).into_iter().filter(|p| sole || !defines(cx, p, &name)));
    }
    let used = found.iter().filter(|p| keep(p)).count();
    let searches = searches(cx, &name);
    let last_edit = cx.facts.case().events.iter().filter(|e| is_edit(e)).map(Event::seq).max().unwrap_or(0);
    if used > 0 && is_deleted(cx, &name) && stem(&name).len() < 3 {
        return Ruling::unverified(Code::NoEvidence, &[]);
    }
    if used > 0 {
        return Ruling::contradicted(Code::UsagesFound, &[]);
    }
    let seqs: Vec<u64> = searches.iter().map(|(s, ..)| *s).collect();
    if cx.facts.is_complete() {
        return Ruling::verified(Code::NoUsages, &seqs);
    }
    let usable = searches.iter().rev().find(|(seq, whole, _)| *whole && (past || *seq > last_edit));
    match usable {
        Some((seq, _, hits)) => {
            let others = hits.iter().filter(|h| keep(&h.path) && is_usage(h, &name)).count();
            if others == 0 {
                Ruling::verified(Code::Searched, &[*seq])
            } else {
                Ruling::contradicted(Code::UsagesFound, &[*seq])
            }
        }
        None if searches.iter().any(|(_, whole, _)| *whole) => Ruling::unverified(Code::SearchMissing, &seqs),
        None => Ruling::unverified(Code::IncompleteWorkspace, &seqs),
    }
}

/// Whether a file defined the name before.
fn defines(cx: &Context, path: &str, name: &str) -> bool {
    cx.facts.defined_before(identifier(name)).contains(&path)
}

fn is_edit(event: &Event) -> bool {
    match event {
        Event::FileEdit(_) => true,
        Event::Command(c) => c.changed.iter().any(|p| !crate::claim::source::is_irrelevant(p)),
        _ => false,
    }
}

/// What is said to be unused: a name in the clause, else the last name spoken of, an old one before a new one.
fn subject(cx: &Context, a: &Assertion) -> Option<String> {
    let nameable = |t: &&Token| {
        matches!(t.shape, Shape::Name | Shape::Flag | Shape::Literal)
            && (t.text.len() > 1 || t.quoting == crate::claim::message::Quoting::Code)
    };
    let own = a.tokens.iter().find(nameable);
    let context: Vec<&Token> = a.context.iter().filter(nameable).collect();
    let gone = context.iter().find(|t| {
        cx.facts.defined_after(identifier(&t.text)).is_empty()
            && !cx.facts.dependencies_after.contains_key(&t.text)
    });
    let deleted = || a.context.iter().find(|t| t.shape == Shape::Path).map(|t| t.text.clone());
    let earlier = || earlier_name(cx, a);
    let file = a.context.iter().find(|t| t.shape == Shape::Path && is_deleted(cx, &t.text));
    own.or(gone.copied())
        .or(file)
        .or(context.first().copied())
        .map(|t| t.text.clone())
        .or_else(earlier)
        .or_else(deleted)
}

/// The name of a file without its directory and ending; a short one is no name to look for.
fn stem(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path).split('.').next().unwrap_or(path)
}

/// Whether a path was there before and is not any more.
fn is_deleted(cx: &Context, path: &str) -> bool {
    cx.facts.before().contains_key(path) && !cx.facts.after().contains_key(path)
}

/// The nearest name before the claim that was defined before and is gone now, or any name of the task.
fn earlier_name(cx: &Context, a: &Assertion) -> Option<String> {
    let before: Vec<&Token> =
        cx.message.tokens.iter().filter(|t| t.range.end <= a.range.start && t.shape == Shape::Name).collect();
    let known = |t: &&&Token| {
        !cx.facts.defined_before(identifier(&t.text)).is_empty()
            || !cx.facts.defined_after(identifier(&t.text)).is_empty()
    };
    before.iter().rev().find(known).map(|t| t.text.clone())
}

/// Files that use a name in code, its definitions aside.
fn places(cx: &Context, name: &str, before: bool) -> Vec<String> {
    let (files, outlines) = if before {
        (cx.facts.before(), cx.facts.outlines_before())
    } else {
        (cx.facts.after(), cx.facts.outlines_after())
    };
    let id = identifier(name);
    let dependency =
        cx.facts.dependencies_before.contains_key(name) || cx.facts.dependencies_after.contains_key(name);
    let plain = !id.is_empty()
        && (name == id || name.ends_with("()") || name.contains("::") || name.contains('.'))
        && !dependency;
    let defined = |outlines: &std::collections::BTreeMap<String, crate::claim::source::Outline>| {
        outlines.iter().any(|(p, o)| !is_data(p) && o.definitions.iter().any(|(n, _)| n == id))
    };
    let key = files.keys().chain(cx.facts.before().keys()).any(|p| is_data(p))
        && !defined(cx.facts.outlines_before())
        && !defined(cx.facts.outlines_after());
    let plain = plain && !key;
    let module = name.replace('-', "_");
    let mut out = Vec::new();
    for (path, text) in files.iter().filter(|(p, _)| !is_documentation(p)) {
        let found = if plain {
            outlines.get(path).is_some_and(|o| {
                let defined: Vec<usize> =
                    o.definitions.iter().filter(|(n, _)| n == id).map(|(_, r)| r.start).collect();
                let total = o.identifiers.iter().filter(|(n, _)| n == id).count();
                total > defined.len()
            })
        } else if dependency {
            !is_manifest(path)
                && without_comments(path, text).lines().any(|l| has_word(l, name) || has_word(l, &module))
        } else {
            has_word(&without_comments(path, text), name)
        };
        if found {
            out.push(path.clone());
        }
    }
    out
}

/// Searches for a name: position, whether over the whole repository, hits.
fn searches(cx: &Context, name: &str) -> Vec<(u64, bool, Vec<Hit>)> {
    let id = identifier(name).to_owned();
    let mut out = Vec::new();
    for event in &cx.facts.case().events {
        match event {
            Event::Search(s) if s.pattern.contains(&id) => {
                out.push((s.seq, matches!(s.scope.as_str(), "." | "" | "./" | "/"), s.hits.clone()));
            }
            Event::Command(c) if c.cmd.contains(&id) && is_search(&c.cmd) => {
                out.push((c.seq, is_wide(&c.cmd, &id), hits(&c.stdout)));
            }
            _ => {}
        }
    }
    out
}

/// Files that hold data: their keys are used by name, in strings.
fn is_data(path: &str) -> bool {
    [".yaml", ".yml", ".json", ".toml", ".ini", ".env", ".properties"].iter().any(|e| path.ends_with(e))
}

fn is_search(line: &str) -> bool {
    says(line, "grep|rg |ag |ack ")
}

/// Without a file or directory of its own, or with `.`.
fn is_wide(line: &str, name: &str) -> bool {
    let words: Vec<&str> = line.split('|').next().unwrap_or(line).split_whitespace().collect();
    let after = words
        .iter()
        .skip_while(|w| !w.contains(name))
        .skip(1)
        .filter(|w| !w.starts_with('-') && **w != "||" && **w != "true");
    let places: Vec<&&str> = after.collect();
    let recursive = line.contains("rg ")
        || line.contains("git grep")
        || words.iter().any(|w| w.starts_with('-') && !w.starts_with("--") && w.contains(['r', 'R']));
    recursive && places.iter().all(|p| matches!(**p, "." | "./"))
}

fn hits(output: &str) -> Vec<Hit> {
    output
        .lines()
        .filter_map(|l| {
            let (path, rest) = l.split_once(':')?;
            Some(Hit { path: path.trim_start_matches("./").to_owned(), line: 0, text: rest.to_owned() })
        })
        .collect()
}

/// A hit in code that is neither the definition nor a comment.
fn is_usage(hit: &Hit, name: &str) -> bool {
    let id = identifier(name);
    let text = hit.text.trim().trim_start_matches(|c: char| c.is_ascii_digit() || c == ':').trim_start();
    let comment = ["//", "#", "/*", "*", "--", "<!--"].iter().any(|c| text.starts_with(c))
        && !text.starts_with("#include")
        && !text.starts_with("#[");
    let definition = [
        "def ",
        "fn ",
        "function ",
        "class ",
        "struct ",
        "const ",
        "let ",
        "var ",
        "type ",
        "func ",
        "enum ",
        "interface ",
        "fun ",
        "val ",
        "defp ",
        "sub ",
        "def self.",
        "module ",
    ]
    .iter()
    .any(|d| text.contains(&format!("{d}{id}")));
    !comment && !definition && !is_documentation(&hit.path) && !is_manifest(&hit.path)
}

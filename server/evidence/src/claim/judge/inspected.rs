//! "I read", "I searched", "I checked": closed-world.

use super::Context;
use super::words::says;
use crate::claim::case::Event;
use crate::claim::extract::Assertion;
use crate::claim::kind::{Code, Ruling};
use crate::claim::lexicon::Cue;
use crate::claim::message::{Shape, Token};
use crate::claim::shell::Tool;

pub(super) fn judge(cx: &Context, a: &Assertion) -> Ruling {
    if cx.has(a, Cue::Elsewhere) {
        return Ruling::contradicted(Code::ActionMissing, &[]);
    }
    if let Some(ruling) = super::output::wrong_target(cx, a) {
        return ruling;
    }
    let every =
        says(&a.masked, "every |all |each |alle |jede|tous |toutes |todos |todas |すべて|全て|全|所有|每个");
    let callers = says(
        &a.masked,
        "caller|call site|usage|reference|aufrufer|verwendung|appel|llamad|呼び出し|使用箇所|调用",
    );
    let searched = cx.has(a, Cue::Searched) || callers;
    if searched {
        return search(cx, a, every && callers);
    }
    let paths: Vec<&Token> = a.shaped(Shape::Path).collect();
    let other = says(&a.masked, "every |all |each |todos |tous |alle ") || every;
    if other
        && says(&a.masked, "file|datei|fichier|archivo|fichero|ファイル|文件|module|source")
        && !paths.is_empty()
    {
        return every_file(cx, &paths);
    }
    if !paths.is_empty() {
        return all_read(cx, &paths);
    }
    if every
        && (a.masked.contains("file")
            || a.masked.contains("ファイル")
            || a.masked.contains("datei")
            || a.masked.contains("文件"))
    {
        return every_file(cx, &[]);
    }
    let names: Vec<&Token> =
        a.tokens.iter().filter(|t| matches!(t.shape, Shape::Name | Shape::Literal)).collect();
    if let Some(name) = names.first() {
        return name_seen(cx, name);
    }
    if let Some(ruling) = by_running(cx, a) {
        return ruling;
    }
    let seqs = reads(cx);
    if seqs.is_empty() { Ruling::contradicted(Code::ActionMissing, &[]) } else { generic(cx, a, &seqs) }
}

/// "I checked it with curl", "confirmed by printing it": running something is a check as good as reading.
fn by_running(cx: &Context, a: &Assertion) -> Option<Ruling> {
    let checks = says(
        &a.masked,
        "check|confirm|verif|test|geprüft|überprüft|vérifi|contrôl|comprob|確認|確かめ|检查|确认|验证|核实",
    );
    let last = cx.facts.record.changes.len();
    let ran: Vec<&crate::claim::record::Ran> = cx
        .facts
        .record
        .ran
        .iter()
        .filter(|r| r.started() && r.version >= last.min(cx.facts.record.version))
        .collect();
    let named: Vec<u64> = ran
        .iter()
        .filter(|r| r.program().len() > 2 && a.masked.contains(r.program()))
        .map(|r| r.seq)
        .collect();
    if !named.is_empty() {
        return Some(Ruling::verified(Code::ActionLogged, &named));
    }
    let means = says(
        &a.masked,
        " by running| by printing| by calling| by executing| by hand| manually|ブラウザ|browser",
    );
    let manual =
        says(&a.masked, "by hand|manual|browser|ブラウザ|手動|navigateur|navegador|浏览器|手动|von hand");
    (checks && means && !manual && !ran.is_empty())
        .then(|| Ruling::verified(Code::ActionLogged, &ran.iter().map(|r| r.seq).collect::<Vec<_>>()))
}

/// Without a named object: by hand, in the browser, … leaves no entry of its own.
fn generic(cx: &Context, a: &Assertion, seqs: &[u64]) -> Ruling {
    let elsewhere = says(
        &a.masked,
        "browser|manually|by hand|ブラウザ|手動|von hand|manuell|navigateur|navegador|浏览器|手动",
    );
    let _ = cx;
    if elsewhere {
        Ruling::contradicted(Code::ActionMissing, &[])
    } else {
        Ruling::verified(Code::ActionLogged, seqs)
    }
}

fn reads(cx: &Context) -> Vec<u64> {
    let reading = |e: &&Event| match e {
        Event::FileRead(_) | Event::Search(_) => true,
        Event::Command(c) => {
            says(&c.cmd, "cat |less |sed |head |tail |grep|rg |git diff|git show|git log|ls")
        }
        _ => false,
    };
    cx.facts.case().events.iter().filter(reading).map(Event::seq).collect()
}

fn search(cx: &Context, a: &Assertion, every: bool) -> Ruling {
    let names: Vec<&str> = a
        .tokens
        .iter()
        .filter(|t| t.shape != Shape::Path)
        .map(Token::identifier)
        .filter(|n| !n.is_empty())
        .collect();
    let whole = says(
        &a.masked,
        "repository|codebase|repo|project|everywhere|リポジトリ|コードベース|全体|projekt|dépôt|projet|repositorio|proyecto|仓库|代码库|项目",
    ) || every;
    let mut near = Vec::new();
    for event in &cx.facts.case().events {
        let (text, wide) = match event {
            Event::Search(s) => (s.pattern.clone(), matches!(s.scope.as_str(), "." | "" | "./")),
            Event::Command(c)
                if cx.facts.record.ran.iter().any(|r| r.seq == c.seq && r.tool == Tool::Search)
                    || c.cmd.contains("grep") =>
            {
                (c.cmd.clone(), true)
            }
            _ => continue,
        };
        let named = names.is_empty()
            || names.iter().any(|n| text.contains(n))
            || a.context.iter().any(|t| text.contains(t.identifier()) && !t.identifier().is_empty());
        if named && (wide || !whole) {
            near.push(event.seq());
        }
    }
    if near.is_empty() {
        Ruling::contradicted(Code::ActionMissing, &[])
    } else {
        Ruling::verified(Code::Searched, &near)
    }
}

/// Reads of a path by an event, a command, or an edit that had to read it.
fn read_of(cx: &Context, path: &str) -> Option<u64> {
    let name = path.trim_end_matches('/');
    let same = |p: &str| p == name || p.ends_with(&format!("/{name}")) || p.starts_with(&format!("{name}/"));
    let hit = cx.facts.case().events.iter().find(|e| match e {
        Event::FileRead(r) => same(&r.path),
        Event::Command(c) => {
            c.cmd.contains(name)
                && says(&c.cmd, "cat|less|sed|head|tail|grep|rg|awk|bat|diff|show|nl|wc|view")
        }
        Event::Search(s) => same(&s.scope),
        _ => false,
    });
    hit.map(Event::seq)
}

fn all_read(cx: &Context, paths: &[&Token]) -> Ruling {
    let found: Vec<Option<u64>> = paths.iter().map(|p| read_of(cx, &p.text)).collect();
    let seqs: Vec<u64> = found.iter().flatten().copied().collect();
    if found.iter().all(Option::is_some) {
        Ruling::verified(Code::ActionLogged, &seqs)
    } else {
        Ruling::contradicted(Code::ActionMissing, &seqs)
    }
}

/// Every file, or every file below the directories named.
fn every_file(cx: &Context, dirs: &[&Token]) -> Ruling {
    let below = |p: &str| {
        dirs.is_empty()
            || dirs
                .iter()
                .any(|d| p.starts_with(&format!("{}/", d.text.trim_end_matches('/'))) || p == d.text)
    };
    let read = |p: &String| {
        cx.facts.case().events.iter().any(|e| match e {
            Event::FileRead(r) => r.path == *p,
            Event::Command(c) => c.cmd.contains(p.as_str()) && says(&c.cmd, "cat|less|sed|head|nl|bat"),
            _ => false,
        })
    };
    let unread = cx.facts.before().keys().filter(|p| below(p)).any(|p| !read(p)) || !cx.facts.is_complete();
    if unread {
        Ruling::contradicted(Code::ActionMissing, &[])
    } else {
        Ruling::verified(Code::ActionLogged, &reads(cx))
    }
}

/// A function was read if a file that defines it was, or if it was searched for.
fn name_seen(cx: &Context, name: &Token) -> Ruling {
    let id = name.identifier();
    let defining: Vec<&str> =
        cx.facts.defined_before(id).into_iter().chain(cx.facts.defined_after(id)).collect();
    let read = defining.iter().find_map(|p| read_of(cx, p));
    let searched = cx.facts.case().events.iter().find(|e| match e {
        Event::Search(s) => s.pattern.contains(id),
        Event::Command(c) => c.cmd.contains(id),
        _ => false,
    });
    match read.or(searched.map(Event::seq)) {
        Some(seq) => Ruling::verified(Code::ActionLogged, &[seq]),
        None if defining.is_empty() && !reads(cx).is_empty() => Ruling::unverified(Code::NoEvidence, &[]),
        None => Ruling::contradicted(Code::ActionMissing, &[]),
    }
}

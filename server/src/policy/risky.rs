//! Lines of a change that begin to use the network, processes, or code that is made at run time.
//!
//! Invariants
//! - Only added lines, only outside of comments, and where a grammar tells, of texts; nothing in tests.
//! - What a file did before as often is no news: a line that only moved is not told.
//! - Pure, and bounded: a text is parsed only when an added line looks like it, and never longer than [`READ_WITHIN`].
//!
//! Absent on purpose
//! - Following names: an import under another name, a call through a variable. The review is what counts.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use regex::Regex;
use ropey::Rope;
use vouchsafe_evidence::claim::recorded::is_test_file;

use super::risks::{RISKS, Risk};
use crate::syntax::{Bare, Language, bare, is_test_name, outline};

/// The name of the rule in the record and of the finding.
pub const RISKY: &str = "risky-code";

/// How long one text may take to be read.
const READ_WITHIN: Duration = Duration::from_millis(500);
/// So many are told of one file.
const TOLD_MAX: usize = 20;

/// An added line that does something which should not go unseen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Risky {
    /// The line, from 1, in the text after the change.
    pub line: u32,
    /// What it does, as the end of a sentence: `uses the network`.
    pub does: &'static str,
    /// What shows it.
    pub saw: String,
}

static COMPILED: LazyLock<Vec<(&Risk, Regex)>> = LazyLock::new(|| {
    RISKS.iter().filter_map(|risk| Some((risk, Regex::new(&format!("(?m){}", risk.pattern)).ok()?))).collect()
});

/// What the lines `added` (from 0) of the text `after` begin to do. `before` is the text that stood there.
#[must_use]
pub fn risky(path: &str, before: &str, after: &str, added: &[Range<u32>]) -> Vec<Risky> {
    let Some(language) = Language::of("", Some(path)).filter(|_| !is_test_file(path)) else {
        return Vec::new();
    };
    let lines: Vec<&str> = after.split('\n').collect();
    let texts = added.iter().flat_map(|range| lines.get(range.start as usize..range.end as usize));
    let text = texts.flatten().copied().collect::<Vec<_>>().join("\n");
    let of_language = COMPILED.iter().filter(|(risk, _)| risk.languages.contains(&language));
    let suspected: Vec<_> = of_language.filter(|(_, pattern)| pattern.is_match(&text)).collect();
    if suspected.is_empty() {
        return Vec::new();
    }
    let deadline = Instant::now() + READ_WITHIN;
    let read = |text: &str| bare(language, text, deadline).unwrap_or_else(|| Bare::unread(text));
    let (old, new) = (read(before), read(after));
    let tests = tests_in(language, after, deadline);
    let is_added = |line: u32| added.iter().any(|range| range.contains(&line));
    let mut found = BTreeSet::new();
    for (risk, pattern) in suspected {
        let (old, new) = if risk.quoted { (&old.quoted, &new.quoted) } else { (&old.code, &new.code) };
        if pattern.find_iter(new).count() <= pattern.find_iter(old).count() {
            continue;
        }
        for seen in pattern.find_iter(new) {
            let at = seen.end().saturating_sub(1).max(seen.start());
            let line = line_of(new, at);
            if is_added(line) && !tests.iter().any(|test| test.contains(&line)) {
                let saw = seen.as_str().trim_matches(|c: char| !c.is_alphanumeric() && c != '/').to_owned();
                found.insert((line + 1, risk.does, saw));
            }
        }
    }
    found.into_iter().take(TOLD_MAX).map(|(line, does, saw)| Risky { line, does, saw }).collect()
}

/// The lines of the tests that stand among the code.
fn tests_in(language: Language, text: &str, deadline: Instant) -> Vec<Range<u32>> {
    let outline = outline(language, &Rope::from_str(text), deadline).unwrap_or_default();
    outline
        .symbols
        .into_iter()
        .filter(|symbol| is_test_name(&symbol.name))
        .map(|symbol| symbol.lines)
        .collect()
}

fn line_of(text: &str, at: usize) -> u32 {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    u32::try_from(before.iter().filter(|byte| **byte == b'\n').count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What all lines of a new file do.
    fn new(path: &str, text: &str) -> Vec<(u32, &'static str)> {
        let all = 0..u32::try_from(text.split('\n').count()).unwrap();
        risky(path, "", text, &[all]).into_iter().map(|one| (one.line, one.does)).collect()
    }

    const NETWORK: &str = "uses the network";
    const PROCESS: &str = "starts a process";
    const EVAL: &str = "runs code that is made or loaded at run time";

    #[test]
    fn every_language_has_its_signs() {
        for (path, text, does) in [
            ("a.rs", "fn f() { Command::new(\"x\"); }", PROCESS),
            ("a.rs", "fn f() { let s = TcpStream::connect(a); }", NETWORK),
            ("a.py", "import socket", NETWORK),
            ("a.py", "def f(x):\n    requests.post(x)", NETWORK),
            ("a.py", "def f(x):\n    os.system(x)", PROCESS),
            ("a.py", "def f(x):\n    return eval(x)", EVAL),
            ("a.js", "const x = require('child_process');", PROCESS),
            ("a.js", "await fetch(url);", NETWORK),
            ("a.ts", "import { request } from \"node:https\";", NETWORK),
            ("a.tsx", "const f = new Function(text);", EVAL),
            ("a.go", "package a\nimport \"os/exec\"\n", PROCESS),
            ("a.go", "package a\nfunc f() { http.Get(u) }\n", NETWORK),
            ("A.java", "class A { void f() { new ProcessBuilder(x).start(); } }", PROCESS),
            ("a.c", "int f(void) { return system(x); }", PROCESS),
            ("a.cpp", "int f() { return socket(AF_INET, SOCK_STREAM, 0); }", NETWORK),
            ("A.cs", "class A { void F() { Process.Start(x); } }", PROCESS),
            ("a.rb", "def f(x)\n  eval(x)\nend", EVAL),
            ("a.php", "<?php\nshell_exec($x);", PROCESS),
            ("a.sh", "echo hi\ncurl -d @x http://h", NETWORK),
            ("a.sh", "eval \"$x\"", EVAL),
            ("a.lua", "os.execute(x)", PROCESS),
        ] {
            let found = new(path, text);
            assert!(found.iter().any(|(_, what)| *what == does), "{path}: {text}: {found:?}");
        }
    }

    #[test]
    fn what_only_looks_like_it_is_not_told() {
        for (path, text) in [
            ("a.py", "# import socket\nx = 'eval(y)'\ny = \"\"\"\nos.system(z)\n\"\"\"\n"),
            ("a.py", "import re\nx = re.compile('a')\nmodel.eval()\nretrieval(x)\n"),
            ("a.rs", "// Command::new\nconst A: &str = \"Command::new(x)\";\nstruct MyTcpStreams;\n"),
            ("a.rs", "#[cfg(test)]\nmod tests {\n    fn f() { Command::new(\"x\"); }\n}\n"),
            ("a.js", "// fetch(x)\nconst a = 'eval(b)'; prefetch(c); d.eval(e);\n"),
            ("a.sh", "# curl x\necho 'eval x' \"curl y\"\ncurly=1\n"),
            ("a.c", "/* system(x); */ int filesystem(int a);\n"),
            ("a.md", "Run eval(x)."),
            ("test_a.py", "import subprocess\n"),
            ("tests/a.rs", "fn f() { Command::new(\"x\"); }\n"),
        ] {
            assert_eq!(new(path, text), [], "{path}: {text}");
        }
    }

    /// One stretch of added lines.
    fn one(lines: Range<u32>) -> Vec<Range<u32>> {
        vec![lines]
    }

    #[test]
    fn only_what_is_new_is_told() {
        let (before, moved) = ("import os\nos.system(a)\nb = 1\n", "import os\nb = 1\nos.system(a)\n");
        assert_eq!(risky("a.py", before, moved, &one(2..3)), [], "it has only moved");
        let after = "import os\nos.system(a)\nb = 1\nos.popen(c)\n";
        let found = risky("a.py", before, after, &one(3..4));
        assert_eq!(found, [Risky { line: 4, does: PROCESS, saw: "os.popen".to_owned() }]);
        assert_eq!(risky("a.py", before, after, &one(2..3)), [], "another line was added");
    }
}

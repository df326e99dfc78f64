//! The architecture as a test: who may name what, how long things are, and that documents tell the truth.
//!
//! Invariants
//! - Every rule is shown to find a planted violation and to pass a clean tree (below, `planted`).
//! - An exception names the file, the rule and a reason; one that nothing needs any more is itself a violation.
//!
//! Absent on purpose
//! - Resolving names: a rename dodges a text search. Clippy's `disallowed-methods` sees resolved paths and backs it.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, in its helpers too"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use regex::Regex;

/// What may not be named, the only home that may name it, and why.
const BORDERS: &[(&str, &str, &str)] = &[
    (r"\btower_lsp\b", "server/src/protocol/", "the domain does not speak LSP"),
    (r"\blandlock::", "server/confine/", "one place decides what confinement means"),
    (r"\bunsafe\b", "server/confine/", "unsafe code is only for confinement"),
    (
        r"\bprocess::(Command\b|\{[^}]*Command)",
        "server/confine/",
        "only a confined command may start a process",
    ),
    (r"\breqwest\b", "server/src/model/", "the model is the only network peer"),
];

/// File, rule, reason: what is allowed to break a rule.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("server/src/recipe/command.rs", "unfinished", concat!("`{file}` in a recipe is a place", "holder")),
    ("server/src/policy/risks.rs", "borders", "a table of what risky code looks like, and no use of it"),
    ("server/confine/tests/it/sandboxed/attacker.rs", "function-length", "a table: one arm for each attack"),
    (
        "server/evidence/src/claim/runner/tap.rs",
        "unfinished",
        concat!("TAP marks expected failures with TO", "DO"),
    ),
];

const FILE_LINES_MAX: usize = 400;
const FUNCTION_LINES_MAX: usize = 70;

/// Copied data and generated files: not ours to word.
const NOT_OURS: &[&str] = &["Cargo.lock", "tests/protocol/metaModel.json", "tests/profiles/", "LICENSE"];

/// The text files of the repository.
struct Tree {
    files: Vec<(String, String)>,
    /// Every file and directory, also those that hold no text.
    paths: BTreeSet<String>,
}

/// One broken rule: file, rule, what exactly.
#[derive(Debug, PartialEq, Eq)]
struct Broken {
    path: String,
    rule: &'static str,
    what: String,
}

type Rule = fn(&Tree) -> Vec<Broken>;
const RULES: &[Rule] =
    &[borders, module_docs, sizes, skipped_tests, unfinished, machine_paths, links, architecture];

#[test]
fn the_repository_is_tidy() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ is in the repository");
    let tree = Tree::read(root);
    assert!(tree.files.iter().any(|(path, _)| path == "server/src/main.rs"), "nothing was read");
    let broken = judge(&tree, EXCEPTIONS);
    let lines: Vec<String> =
        broken.iter().map(|one| format!("{} [{}] {}", one.path, one.rule, one.what)).collect();
    assert!(broken.is_empty(), "{} broken rules:\n{}", lines.len(), lines.join("\n"));
}

/// Everything broken, exceptions taken out, unused exceptions put in.
fn judge(tree: &Tree, exceptions: &[(&str, &'static str, &str)]) -> Vec<Broken> {
    let mut broken: Vec<Broken> = RULES.iter().flat_map(|rule| rule(tree)).collect();
    for (path, rule, reason) in exceptions {
        let before = broken.len();
        broken.retain(|one| one.path != *path || one.rule != *rule);
        if broken.len() == before {
            let what = format!("an exception nobody needs: {reason}");
            broken.push(Broken { path: (*path).to_owned(), rule, what });
        }
    }
    broken
}

impl Tree {
    fn read(root: &Path) -> Self {
        let mut tree = Self { files: Vec::new(), paths: BTreeSet::new() };
        let mut left = vec![root.to_owned()];
        while let Some(dir) = left.pop() {
            for entry in fs::read_dir(&dir).expect("a directory of the repository").flatten() {
                let path = entry.path();
                let name = path.strip_prefix(root).expect("below the root").to_string_lossy().into_owned();
                if [".git", "target", "node_modules"].contains(&name.rsplit('/').next().unwrap_or_default()) {
                    continue;
                }
                tree.paths.insert(name.clone());
                if path.is_dir() {
                    left.push(path);
                } else if let Ok(text) = fs::read_to_string(&path) {
                    tree.files.push((name, text));
                }
            }
        }
        tree.files.sort();
        tree
    }

    fn rust(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts().filter(|(path, _)| path.ends_with(".rs"))
    }

    fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let ours = |path: &str| !NOT_OURS.iter().any(|prefix| path.starts_with(prefix));
        self.files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .filter(move |(path, _)| ours(path))
    }

    fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        path.is_empty() || self.paths.contains(path)
    }
}

fn broken(path: &str, rule: &'static str, what: String) -> Broken {
    Broken { path: path.to_owned(), rule, what }
}

/// Each line that matches, as `line N: …`.
fn matches(text: &str, pattern: &Regex) -> Vec<String> {
    let lines = text.lines().enumerate().filter(|(_, line)| pattern.is_match(line));
    lines.map(|(number, line)| format!("line {}: {}", number + 1, line.trim())).collect()
}

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a pattern of this file")
}

/// The product's code: comments blanked, a test module at the end cut off.
fn code(text: &str) -> String {
    let product = text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default();
    product.lines().map(|line| line.split("//").next().unwrap_or_default().to_owned() + "\n").collect()
}

fn borders(tree: &Tree) -> Vec<Broken> {
    let product =
        |path: &str| path.starts_with("server/") && !path.contains("/tests/") && !path.contains("/benches/");
    let mut found = Vec::new();
    for (needle, home, why) in BORDERS {
        let needle = pattern(needle);
        for (path, text) in tree.rust().filter(|(path, _)| product(path) && !path.starts_with(home)) {
            let lines = matches(&code(text), &needle).into_iter();
            found.extend(lines.map(|line| broken(path, "borders", format!("{line} ({why}: only {home})"))));
        }
    }
    found
}

fn module_docs(tree: &Tree) -> Vec<Broken> {
    // The files of a scenario are what a user's project has, not ours.
    let ours = tree.rust().filter(|(path, _)| !path.contains("/scenarios/"));
    let without = ours.filter(|(_, text)| !text.starts_with("//!"));
    without.map(|(path, _)| broken(path, "module-docs", "the first line is not `//!`".to_owned())).collect()
}

fn sizes(tree: &Tree) -> Vec<Broken> {
    let mut found = Vec::new();
    for (path, text) in tree.rust() {
        let lines = text.lines().count();
        if lines > FILE_LINES_MAX {
            found.push(broken(path, "file-length", format!("{lines} lines, at most {FILE_LINES_MAX}")));
        }
        let long = functions(text).into_iter().filter(|(_, lines)| *lines > FUNCTION_LINES_MAX);
        found.extend(long.map(|(name, lines)| {
            broken(path, "function-length", format!("{name} has {lines} lines, at most {FUNCTION_LINES_MAX}"))
        }));
    }
    found
}

/// Name and length of each function. Relies on rustfmt: a body ends at a brace as far in as its `fn`.
fn functions(text: &str) -> Vec<(String, usize)> {
    let head = pattern(r#"^(\s*)(?:pub(?:\([^)]*\))? )?(?:(?:const|async|unsafe|extern "C") )*fn (\w+)"#);
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let Some(captures) = head.captures(line) else { continue };
        let end = format!("{}}}", &captures[1]);
        let length = lines[start..].iter().position(|line| *line == end).map_or(1, |length| length + 1);
        let is_short = line.ends_with(['}', ';']);
        found.push((captures[2].to_owned(), if is_short { 1 } else { length }));
    }
    found
}

fn skipped_tests(tree: &Tree) -> Vec<Broken> {
    let needle = pattern(concat!(r"^\s*#\[(ignore|", r"should_panic)"));
    let each = tree.rust().flat_map(|(path, text)| {
        let lines = matches(text, &needle);
        lines.into_iter().map(move |line| broken(path, "skipped-tests", line))
    });
    each.collect()
}

fn unfinished(tree: &Tree) -> Vec<Broken> {
    let needle = pattern(concat!(r"\b(TO", "DO|FIX", "ME|X", r"XX)\b|(?i)\bplace", r"holder"));
    everywhere(tree, &needle, "unfinished")
}

fn machine_paths(tree: &Tree) -> Vec<Broken> {
    let needle = pattern(concat!(r#"(^|[\s"'`(=:<])(file://)?/(work|ro"#, r#"ot|ho"#, r#"me/[a-z]\w*)/"#));
    // Ann, Bob and somebody live in examples only.
    let sample = pattern(r"/home/(ann|bob|somebody)/");
    let mut found = everywhere(tree, &needle, "machine-paths");
    found.retain(|one| !sample.is_match(&one.what));
    found
}

fn everywhere(tree: &Tree, needle: &Regex, rule: &'static str) -> Vec<Broken> {
    let each = tree
        .texts()
        .flat_map(|(path, text)| matches(text, needle).into_iter().map(move |line| broken(path, rule, line)));
    each.collect()
}

fn links(tree: &Tree) -> Vec<Broken> {
    let link = pattern(r"\]\(([^)\s#]+)(#[^)\s]*)?\)");
    let remote = pattern(r"^[a-z]+:");
    let mut found = Vec::new();
    for (path, text) in tree.texts().filter(|(path, _)| path.ends_with(".md")) {
        let targets = link.captures_iter(text).map(|captures| captures[1].to_owned());
        for target in targets.filter(|target| !remote.is_match(target)) {
            if !resolved(path, &target).is_some_and(|file| tree.has(&file)) {
                found.push(broken(path, "links", format!("{target} does not exist")));
            }
        }
    }
    found
}

/// A link of a document as a path from the root; `None` if it leaves the repository.
fn resolved(document: &str, target: &str) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    let joined = Path::new(document).parent().map_or_else(PathBuf::new, Path::to_path_buf).join(target);
    for component in joined.components() {
        match component {
            Component::ParentDir => drop(parts.pop()?),
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
            _ => {}
        }
    }
    Some(parts.join("/"))
}

fn architecture(tree: &Tree) -> Vec<Broken> {
    let document = "docs/architecture.md";
    let quoted = pattern(r"`([\w./-]+)`");
    let file = pattern(r"/[\w.-]+\.(rs|toml|md|json|lua|ts|py|sh|svg|png)$|^[\w.-]+\.(toml|md)$|/$");
    let text = tree.texts().find(|(path, _)| *path == document).map_or("", |(_, text)| text);
    let tops: BTreeSet<&str> =
        tree.paths.iter().filter_map(|path| path.split_once('/')).map(|(top, _)| top).collect();
    let named = quoted.captures_iter(text).map(|captures| captures[1].to_owned());
    let paths = named.filter(|name| {
        file.is_match(name) || name.split_once('/').is_some_and(|(top, _)| tops.contains(top))
    });
    let missing = paths
        .filter(|name| !["", "server/", "server/src/"].iter().any(|home| tree.has(&format!("{home}{name}"))));
    missing.map(|name| broken(document, "architecture", format!("{name} does not exist"))).collect()
}

mod planted {
    //! Each rule on a small tree: it names the planted violation, and only that.
    use super::*;

    fn tree(files: &[(&str, &str)]) -> Tree {
        let mut paths = BTreeSet::new();
        for (path, _) in files {
            paths.extend(Path::new(path).ancestors().map(|part| part.to_string_lossy().into_owned()));
        }
        Tree {
            files: files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect(),
            paths,
        }
    }

    /// The rules broken by one file beside a clean one, as `rule` each.
    fn rules(path: &str, text: &str) -> Vec<&'static str> {
        let tree = tree(&[("server/src/lib.rs", "//! Clean.\n"), (path, text)]);
        judge(&tree, &[]).iter().map(|one| one.rule).collect()
    }

    #[test]
    fn borders_stop_at_their_home_comments_and_tests() {
        for (code, home) in [
            ("use tower_lsp::Client;", "server/src/protocol/x.rs"),
            ("landlock::ABI::V4;", "server/confine/src/x.rs"),
            ("unsafe { f() }", "server/confine/src/x.rs"),
            ("std::process::Command::new(a);", "server/confine/src/x.rs"),
            ("use std::process::{Child, Command};", "server/confine/src/x.rs"),
            ("use reqwest::Client;", "server/src/model/x.rs"),
        ] {
            let text = format!("//! A file.\n{code}\n");
            assert_eq!(rules("server/src/session/x.rs", &text), ["borders"], "{code}");
            assert_eq!(rules(home, &text), [""; 0], "{code}");
            assert_eq!(rules("server/src/session/x.rs", &format!("//! A file.\n// {code}\n")), [""; 0]);
            let test = format!("//! A file.\n\n#[cfg(test)]\nmod tests {{\n    {code}\n}}\n");
            assert_eq!(rules("server/src/session/x.rs", &test), [""; 0]);
        }
    }

    #[test]
    fn documentation_and_lengths() {
        assert_eq!(rules("tests/x.rs", "fn a() {}\n"), ["module-docs"]);
        assert_eq!(rules("tests/x.rs", &format!("//! Long.\n{}", "\n".repeat(400))), ["file-length"]);
        let body = |lines: usize| {
            format!("//! A.\nimpl A {{\n    pub(crate) async fn a() {{\n{}    }}\n}}\n", "\n".repeat(lines))
        };
        assert_eq!(rules("tests/x.rs", &body(69)), ["function-length"]);
        assert_eq!(rules("tests/x.rs", &body(68)), [""; 0]);
        let short = format!("//! A.\nfn a() {{}}\n{}fn b() {{\n}}\n", "const A: u8 = 0;\n".repeat(80));
        assert_eq!(rules("tests/x.rs", &short), [""; 0]);
    }

    #[test]
    fn nothing_skipped_unfinished_or_of_one_machine() {
        assert_eq!(rules("tests/x.rs", concat!("//! A.\n#[ig", "nore]\n")), ["skipped-tests"]);
        assert_eq!(
            rules("tests/x.rs", concat!("//! A.\n    #[should_", "panic(expected = \"x\")]\n")),
            ["skipped-tests"]
        );
        for word in [concat!("TO", "DO: later"), concat!("FIX", "ME"), concat!("a Place", "holder here")] {
            assert_eq!(rules("docs/x.md", word), ["unfinished"], "{word}");
        }
        for path in [concat!("cd /wo", "rk/x"), concat!("`/ro", "ot/x`"), concat!("file:///ho", "me/eve/x")] {
            assert_eq!(rules("docs/x.md", path), ["machine-paths"], "{path}");
        }
        assert_eq!(
            rules("docs/x.md", "in server/root/x and https://a.b/work/x and /home/ and /home/ann/x"),
            [""; 0]
        );
        assert_eq!(rules("tests/profiles/x.json", concat!("FIX", "ME")), [""; 0]);
    }

    #[test]
    fn documents_name_what_exists() {
        let text =
            "[a](../server/src/lib.rs#L1) [b](gone.md) [c](https://x.y/z) [d](../../out.md) [e](#here)";
        assert_eq!(rules("docs/x.md", text), ["links", "links"]);
        let text = "`server/src/lib.rs` `lib.rs` `textDocument/hover` `server/gone` `session/gone.rs` `src/`";
        assert_eq!(rules("docs/architecture.md", text), ["architecture", "architecture"]);
    }

    #[test]
    fn an_exception_counts_once_and_only_while_needed() {
        let tree = tree(&[("tests/x.rs", "fn a() {}\n")]);
        assert_eq!(judge(&tree, &[("tests/x.rs", "module-docs", "shown here")]), []);
        let unused =
            judge(&tree, &[("tests/x.rs", "module-docs", "shown"), ("tests/y.rs", "links", "not needed")]);
        assert_eq!(unused.len(), 1);
        assert!(unused[0].what.contains("nobody needs"));
    }
}

//! From a shell line to its invocations, by the grammar of bash.

use tree_sitter::{Node, Parser};

/// What the status of the line says about one invocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It is the invocation's own.
    Own,
    /// Zero means that it succeeded; another value may be someone else's.
    WhenZero,
    /// Nothing.
    Masked,
}

/// One program that a line runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// Program and arguments, quotes removed, wrappers (`env`, `timeout`, `npx`, …) stripped.
    pub words: Vec<String>,
    /// What the line's status says about it.
    pub status: Status,
    /// Directory relative to the line's own, after `cd`.
    pub dir: String,
    /// Words that an `|| echo …` prints when it fails.
    pub otherwise: Option<String>,
    /// Whether its standard output is thrown away or written to a file.
    pub hidden: bool,
}

struct Walk<'a> {
    source: &'a str,
    pipefail: bool,
    strict: bool,
    dir: String,
    out: Vec<Invocation>,
    depth: usize,
}

/// The invocations of a shell line, in order.
#[must_use]
pub fn parse(line: &str) -> Vec<Invocation> {
    parse_at(line, 0)
}

fn parse_at(line: &str, depth: usize) -> Vec<Invocation> {
    let mut parser = Parser::new();
    let language = tree_sitter_bash::LANGUAGE.into();
    let tree = parser.set_language(&language).ok().and_then(|()| parser.parse(line, None));
    let mut walk =
        Walk { source: line, pipefail: false, strict: false, dir: String::new(), out: Vec::new(), depth };
    if let Some(tree) = tree {
        walk.sequence(tree.root_node(), Status::Own, None);
    }
    walk.out
}

impl Walk<'_> {
    fn text(&self, node: Node) -> &str {
        self.source.get(node.byte_range()).unwrap_or_default()
    }

    /// Statements after each other: only the last one's status counts, unless `set -e`.
    fn sequence(&mut self, node: Node, status: Status, otherwise: Option<&str>) {
        let mut cursor = node.walk();
        let children: Vec<Node> = node.children(&mut cursor).collect();
        let statements: Vec<(usize, Node)> = children
            .iter()
            .enumerate()
            .filter(|(_, c)| c.is_named() && c.kind() != "comment")
            .map(|(i, c)| (i, *c))
            .collect();
        let last = statements.len().saturating_sub(1);
        for (position, (index, child)) in statements.into_iter().enumerate() {
            let background = children.get(index + 1).is_some_and(|c| c.kind() == "&");
            let own = match (background, position == last, self.strict) {
                (true, _, _) => Status::Masked,
                (false, true, _) => status,
                (false, false, true) => weaker(status, Status::WhenZero),
                (false, false, false) => Status::Masked,
            };
            self.statement(child, own, otherwise);
        }
    }

    fn statement(&mut self, node: Node, status: Status, otherwise: Option<&str>) {
        self.depth += 1;
        if self.depth > 60 {
            return;
        }
        match node.kind() {
            "command" => self.command(node, status, otherwise),
            "list" => self.list(node, status, otherwise),
            "pipeline" => self.pipeline(node, status, otherwise),
            "redirected_statement" => self.redirected(node, status, otherwise),
            "negated_command" => self.each(node, Status::Masked),
            "subshell" | "compound_statement" | "program" => self.sequence(node, status, otherwise),
            "variable_assignment"
            | "declaration_command"
            | "unset_command"
            | "function_definition"
            | "test_command" => {}
            _ => self.each(node, Status::Masked),
        }
        self.depth = self.depth.saturating_sub(1);
    }

    fn each(&mut self, node: Node, status: Status) {
        let mut cursor = node.walk();
        let children: Vec<Node> = node.named_children(&mut cursor).collect();
        for child in children {
            self.statement(child, status, None);
        }
    }

    fn list(&mut self, node: Node, status: Status, otherwise: Option<&str>) {
        let mut cursor = node.walk();
        let children: Vec<Node> = node.children(&mut cursor).collect();
        let (Some(left), Some(right)) = (children.first(), children.last()) else { return };
        let and = children.iter().any(|c| c.kind() == "&&");
        if and {
            let before = self.out.len();
            self.statement(*left, weaker(status, Status::WhenZero), otherwise);
            let trivial = self.out.iter().skip(before).all(|i| is_trivial(&i.words));
            self.statement(
                *right,
                if trivial { status } else { weaker(status, Status::WhenZero) },
                otherwise,
            );
            return;
        }
        let fallback = self.text(*right).trim().to_owned();
        let leaves = fallback.starts_with("exit ") && fallback != "exit 0" || fallback == "false";
        let echo = fallback.strip_prefix("echo ").or_else(|| fallback.strip_prefix("printf "));
        let echo = echo.map(|e| e.trim_matches(['"', '\'']).to_owned());
        self.statement(*left, if leaves { status } else { Status::Masked }, echo.as_deref());
        self.statement(*right, Status::Masked, None);
    }

    fn pipeline(&mut self, node: Node, status: Status, otherwise: Option<&str>) {
        let mut cursor = node.walk();
        let stages: Vec<Node> = node.named_children(&mut cursor).collect();
        let last = stages.len().saturating_sub(1);
        let harmless = stages.iter().skip(1).all(|s| {
            let word = self.text(*s).split_whitespace().next().unwrap_or_default().to_owned();
            ["tee", "cat", "tail", "head", "sed", "cut", "tr", "less", "sort"].contains(&word.as_str())
        });
        for (index, stage) in stages.into_iter().enumerate() {
            let own = match (self.pipefail, index == last, index == 0 && harmless) {
                (true, _, true) => status,
                (true, _, false) => weaker(status, Status::WhenZero),
                (false, true, _) => status,
                (false, false, _) => Status::Masked,
            };
            self.statement(stage, own, otherwise);
        }
    }

    fn redirected(&mut self, node: Node, status: Status, otherwise: Option<&str>) {
        let Some(body) = node.child_by_field_name("body") else {
            self.each(node, status);
            return;
        };
        let before = self.out.len();
        self.statement(body, status, otherwise);
        let redirects = self.text(node).get(body.byte_range().len()..).unwrap_or_default().to_owned();
        let hides = redirects.split_whitespace().any(|w| {
            (w.starts_with('>') || w.starts_with("1>") || w.starts_with("&>"))
                && !w.contains("&1")
                && !w.contains("&2")
        });
        if hides {
            for invocation in self.out.iter_mut().skip(before) {
                invocation.hidden = true;
            }
        }
    }

    fn command(&mut self, node: Node, status: Status, otherwise: Option<&str>) {
        let mut cursor = node.walk();
        let children: Vec<Node> = node.named_children(&mut cursor).collect();
        let words: Vec<String> = children
            .into_iter()
            .filter(|c| !c.kind().ends_with("redirect") && c.kind() != "variable_assignment")
            .map(|c| unquote(self.text(c)))
            .collect();
        let words = unwrapped(words);
        match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["cd", dir, ..] => self.dir = joined(&self.dir, dir),
            ["set", flags @ ..] => {
                self.pipefail |= flags.contains(&"pipefail");
                self.strict |=
                    flags.iter().any(|f| f.starts_with('-') && !f.starts_with("--") && f.contains('e'));
            }
            ["bash" | "sh" | "zsh", flag, script, ..]
                if flag.starts_with('-') && flag.ends_with('c') && self.depth < 20 =>
            {
                let inner = parse_at(script, self.depth + 1);
                let dir = self.dir.clone();
                self.out.extend(inner.into_iter().map(|mut i| {
                    i.dir = joined(&dir, &i.dir);
                    i.status = weaker(i.status, status);
                    i
                }));
                return;
            }
            _ => {}
        }
        let otherwise = otherwise.map(str::to_owned);
        self.out.push(Invocation { words, status, dir: self.dir.clone(), otherwise, hidden: false });
    }
}

fn weaker(a: Status, b: Status) -> Status {
    match (a, b) {
        (Status::Masked, _) | (_, Status::Masked) => Status::Masked,
        (Status::WhenZero, _) | (_, Status::WhenZero) => Status::WhenZero,
        _ => Status::Own,
    }
}

fn is_trivial(words: &[String]) -> bool {
    let first = words.first().map_or("", String::as_str);
    ["cd", "export", "set", "source", ".", "echo", "mkdir", "true", "unset", "pushd", "sleep", "date"]
        .contains(&first)
}

fn joined(base: &str, dir: &str) -> String {
    let mut parts: Vec<&str> =
        if dir.starts_with('/') { Vec::new() } else { base.split('/').filter(|p| !p.is_empty()).collect() };
    for part in dir.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/")
}

fn unquote(word: &str) -> String {
    let inner = |q: char| word.strip_prefix(q).and_then(|w| w.strip_suffix(q));
    inner('\'').or_else(|| inner('"')).unwrap_or(word).replace("\\ ", " ")
}

/// Words without the wrappers that hand on the status of what they run.
fn unwrapped(mut words: Vec<String>) -> Vec<String> {
    for _ in 0..6 {
        let skip = wrapper(&words.iter().map(String::as_str).collect::<Vec<_>>());
        if skip == 0 || skip >= words.len() {
            break;
        }
        words.drain(..skip);
    }
    words
}

fn wrapper(words: &[&str]) -> usize {
    let options = |from: usize| {
        from + words.iter().skip(from).take_while(|w| w.starts_with('-') || w.contains('=')).count()
    };
    match words {
        [
            "env" | "time" | "nice" | "sudo" | "command" | "exec" | "nohup" | "stdbuf" | "xvfb-run"
            | "ionice",
            ..,
        ] => {
            let skip = options(1);
            if words.first() == Some(&"nice") && words.get(1) == Some(&"-n") { skip + 1 } else { skip }
        }
        ["timeout", ..] => options(1) + 1,
        ["npx" | "bunx" | "pipx", ..] => {
            let skip = options(1);
            if words.get(skip) == Some(&"run") { skip + 1 } else { skip }
        }
        ["pnpm" | "yarn" | "npm", "exec" | "dlx", ..] => options(2),
        ["poetry" | "uv" | "pdm" | "hatch" | "pipenv" | "rye", "run", ..] => options(2),
        ["bundle", "exec", ..] => 2,
        ["python" | "python3" | "py", "-m", module, ..] if !["pip", "venv"].contains(module) => 2,
        ["coverage", "run", "-m", ..] => 3,
        [python, "-m", ..] if python.ends_with("/python") || python.ends_with("/python3") => 2,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statuses(line: &str) -> Vec<(String, Status)> {
        parse(line).into_iter().map(|i| (i.words.join(" "), i.status)).collect()
    }

    #[test]
    fn the_last_of_a_sequence_owns_the_status() {
        assert_eq!(statuses("pytest; echo done").first().map(|s| s.1), Some(Status::Masked));
        assert_eq!(statuses("cd x && pytest -q").last().map(|s| s.1), Some(Status::Own));
        assert_eq!(statuses("set -e; pytest; true").get(1).map(|s| s.1), Some(Status::WhenZero));
    }

    #[test]
    fn a_pipe_masks_unless_pipefail() {
        assert_eq!(statuses("cargo test 2>&1 | tail -3").first().map(|s| s.1), Some(Status::Masked));
        assert_eq!(statuses("set -o pipefail; pytest | tee log").get(1).map(|s| s.1), Some(Status::Own));
    }

    #[test]
    fn alternatives_mask_and_tell() {
        let ran = parse("npm test || echo failed");
        assert_eq!(
            ran.first().map(|i| (i.status, i.otherwise.as_deref())),
            Some((Status::Masked, Some("failed")))
        );
        assert_eq!(statuses("make test || exit 1").first().map(|s| s.1), Some(Status::Own));
    }

    #[test]
    fn wrappers_are_stripped() {
        assert_eq!(
            statuses("FOO=1 timeout 60 env A=b python -m pytest -q").first().map(|s| s.0.clone()),
            Some("pytest -q".into())
        );
        assert_eq!(
            statuses("bash -c 'cd sub && go test ./...'").last().map(|s| s.0.clone()),
            Some("go test ./...".into())
        );
    }
}

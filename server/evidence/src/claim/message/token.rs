//! Code spans, quotations, paths, flags and names in a message.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// How a token was marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quoting {
    /// In backticks.
    Code,
    /// In quotation marks.
    Quote,
    /// Recognised by its form.
    Bare,
}

/// What a token looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A file or directory.
    Path,
    /// A shell line.
    Command,
    /// One name: a function, type, variable, test.
    Name,
    /// A command line option.
    Flag,
    /// Anything else: a value, an expression, a text.
    Literal,
}

/// Something in a message that is not prose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Where it is, marks included, in bytes of the message.
    pub range: Range<usize>,
    /// The text without its marks.
    pub text: String,
    /// How it was marked.
    pub quoting: Quoting,
    /// What it looks like.
    pub shape: Shape,
}

const EXTENSIONS: &str = "rs|py|pyi|js|mjs|cjs|jsx|ts|tsx|go|java|kt|kts|c|h|cc|cpp|hpp|cxx|rb|php|cs|sh|bash|bats|json|toml|ya?ml|md|rst|txt|html?|css|scss|sql|ex|exs|swift|lua|scala|xml|gradle|cfg|ini|lock|proto|vue|svelte|env|csv|log|adoc|tf|mod|sum|snap|zig|hs|ml|r|pl|dart|csproj|sln|gemspec|conf|properties|feature|svg|png|ipynb|cmake|mk";

const NAMED_FILES: &[&str] = &[
    "Dockerfile",
    "Makefile",
    "LICENSE",
    "Jenkinsfile",
    "Gemfile",
    "Rakefile",
    "Vagrantfile",
    "Procfile",
    "CHANGELOG",
    "README",
    "CODEOWNERS",
    "BUILD",
    "WORKSPACE",
    "Justfile",
    "justfile",
    ".gitignore",
    ".dockerignore",
    ".editorconfig",
];

static TOKEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let path = format!(r"(?:[A-Za-z0-9_.@-]+/)*[A-Za-z0-9_.-]*[A-Za-z0-9_-]\.(?:{EXTENSIONS})\b");
    let parts = [
        r"``[^`\n]+``|`[^`\n]+`".to_owned(),
        r#""[^"\n]{1,200}"|“[^”\n]{1,200}”|「[^」\n]{1,200}」|『[^』\n]{1,200}』|«[^»\n]{1,200}»|„[^“”"\n]{1,200}[“”"]"#.to_owned(),
        r"【[^】\n]{1,200}】".to_owned(),
        path,
        r"(?:\.\.?/|[A-Za-z0-9_.-]+/)(?:[A-Za-z0-9_.-]+/)+[A-Za-z0-9_.-]*[A-Za-z0-9_-]".to_owned(),
        r"\b(?:src|tests?|lib|docs?|pkg|cmd|app|spec|packages|crates)/[A-Za-z0-9_./-]*[A-Za-z0-9_-]?".to_owned(),
        r"\b(?:Dockerfile|Makefile|LICENSE|Jenkinsfile|Gemfile|Rakefile|CHANGELOG)\b".to_owned(),
        r"[A-Za-z_][A-Za-z0-9_]*(?:::[A-Za-z_][A-Za-z0-9_]*)+(?:\(\))?!?".to_owned(),
        r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*\(\)".to_owned(),
        r"\b[A-Za-z0-9]+_[A-Za-z0-9_]+\b|\b_[A-Za-z0-9_]+\b".to_owned(),
        r"\b[a-z]+[0-9]*[A-Z][A-Za-z0-9]*\b|\b[A-Z][a-z0-9]+[A-Z][a-z][A-Za-z0-9]*\b".to_owned(),
        r"--[a-z][a-z0-9-]+".to_owned(),
    ];
    Regex::new(&parts.join("|")).ok()
});

static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^[@$&#.]?[A-Za-z_][A-Za-z0-9_]*(?:(?:::|\.|#|->|/)[A-Za-z_][A-Za-z0-9_]*)*[!?]?(?:/[0-9])?(?:<[^<>]*>)?(?:\([^()]*\))?$").ok()
});

/// Product names written in mixed case that are prose, not names of code.
const PROSE: &[&str] = &[
    "GitHub",
    "GitLab",
    "JavaScript",
    "TypeScript",
    "ESLint",
    "PyPI",
    "macOS",
    "iOS",
    "OpenAPI",
    "PHPUnit",
    "JUnit",
    "PostgreSQL",
    "MySQL",
    "GraphQL",
    "WebSocket",
    "OpenSSL",
    "ReadTheDocs",
    "NodeJS",
    "YouTube",
    "CMake",
    "CTest",
    "RSpec",
    "ShellCheck",
    "RuboCop",
    "SwiftLint",
    "ExUnit",
    "XCTest",
    "PowerShell",
    "DevOps",
    "MacOS",
    "SQLite",
    "LaTeX",
    "OpenBSD",
    "FreeBSD",
    "NumPy",
    "PyTorch",
    "FastAPI",
    "MongoDB",
    "DynamoDB",
    "GitHubActions",
    "PHPStan",
    "MyPy",
    "IntelliJ",
    "JetBrains",
    "eBPF",
];

/// Every token of a text, in order, without overlaps.
#[must_use]
pub fn tokens(text: &str) -> Vec<Token> {
    let Some(pattern) = TOKEN.as_ref() else { return Vec::new() };
    pattern.find_iter(text).filter_map(|m| token(m.as_str(), m.range())).collect()
}

fn token(raw: &str, range: Range<usize>) -> Option<Token> {
    let (text, quoting) = if raw.starts_with('`') {
        (raw.trim_matches('`').trim(), Quoting::Code)
    } else if raw.starts_with(['"', '“', '「', '『', '«', '„', '【']) {
        let mut inner = raw.chars();
        inner.next();
        inner.next_back();
        (inner.as_str(), Quoting::Quote)
    } else {
        (raw, Quoting::Bare)
    };
    if PROSE.contains(&text) && quoting == Quoting::Bare {
        return None;
    }
    let shape = if quoting == Quoting::Quote && !is_path(text) { Shape::Literal } else { shape(text) };
    Some(Token { range, text: text.to_owned(), quoting, shape })
}

/// Whether a text reads like a file or directory.
#[must_use]
pub(super) fn is_path(text: &str) -> bool {
    let plain =
        !text.contains(char::is_whitespace) && !text.contains(['(', '<', '"', '\'', '=', '*', '{', ',']);
    let name = text.rsplit('/').next().unwrap_or_default();
    let known = EXTENSIONS.split('|').any(|e| {
        let e = e.replace("ya?ml", "yml").replace("html?", "html");
        name.len() > e.len() + 1 && name.ends_with(&format!(".{e}"))
    }) || name.ends_with(".yaml");
    let nested = text.contains('/')
        && !text.starts_with('/')
        && !text.starts_with('@')
        && !text.contains(':')
        && !text.contains(".com");
    let arity = !name.is_empty() && name.chars().all(|c| c.is_ascii_digit());
    plain && !arity && (known && !is_method(text) || NAMED_FILES.contains(&name) || nested)
}

/// `self.c` or `x.r` is an attribute rather than a file.
fn is_method(text: &str) -> bool {
    !text.contains('/') && (text.starts_with("self.") || text.starts_with("this."))
}

fn shape(text: &str) -> Shape {
    if text.starts_with('-') && !text.contains(' ') && text.len() > 1 && !text.starts_with("->") {
        Shape::Flag
    } else if is_path(text) {
        Shape::Path
    } else if crate::claim::shell::is_command_like(text) {
        Shape::Command
    } else if NAME.as_ref().is_some_and(|n| n.is_match(text)) {
        Shape::Name
    } else {
        Shape::Literal
    }
}

impl Token {
    /// The last plain identifier: `peek` of `Stack::peek(&self)`.
    #[must_use]
    pub fn identifier(&self) -> &str {
        identifier(&self.text)
    }
}

/// The last plain identifier of a name: `peek` of `Stack::peek(&self)`.
#[must_use]
pub fn identifier(text: &str) -> &str {
    let head = text.split(['(', '<', '=', ' ', '[']).next().unwrap_or_default();
    let arity = head.rsplit_once('/').filter(|(_, n)| n.len() == 1 && n.chars().all(|c| c.is_ascii_digit()));
    let head = arity.map_or(head, |(name, _)| name);
    let last = head.rsplit([':', '.', '#', '>', '/']).find(|p| !p.is_empty()).unwrap_or(head);
    last.trim_matches(|c: char| !c.is_alphanumeric() && c != '_')
}

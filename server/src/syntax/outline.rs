//! The outline of one text: one parse and one walk over its tree, both against the clock.

use std::ops::{ControlFlow, Range};
use std::time::Instant;

use ropey::Rope;
use tree_sitter::{Node, ParseOptions, ParseState, Parser, Tree};

use super::comment::{Instruction, instruction_in};
use super::gap;
use super::language::Language;
use super::name::{name_of, text_of};
use super::table::Table;

/// The largest text that is parsed, in bytes.
const TEXT_BYTES_MAX: usize = 16 << 20;
/// The most symbols, comments or gaps of one outline.
const ENTRIES_MAX: usize = 50_000;
/// The most import statements of one outline.
const IMPORTS_MAX: usize = 100;
/// How much of a comment is read, in bytes.
const COMMENT_BYTES_MAX: usize = 8192;
/// How many lines of a comment are looked at for orders.
const COMMENT_LINES_MAX: usize = 200;
/// After how many nodes the clock is looked at.
const NODES_PER_LOOK: u32 = 4096;

/// What stands where in a text. All lines are from 0, the end excluded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    /// Definitions, in the order of their first lines; one that holds another comes before it.
    pub symbols: Vec<Symbol>,
    /// Lines that import something.
    pub imports: Vec<Range<u32>>,
    /// Comments; those in adjacent lines are one.
    pub comments: Vec<Range<u32>>,
    /// What is not written yet.
    pub gaps: Vec<Gap>,
    /// Orders in comments.
    pub instructions: Vec<Instruction>,
    /// For each symbol, how far it and all before it reach: where to stop looking for one that holds a line.
    reach: Vec<u32>,
}

/// A definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// Its name, with those it stands in: `Parser::parse`.
    pub name: String,
    /// What it is, for people: `function`, `class`.
    pub what: &'static str,
    /// Its lines.
    pub lines: Range<u32>,
}

/// Something that is not written yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The lines that show it: a definition with an empty body, a statement, a comment.
    pub lines: Range<u32>,
    /// How it shows.
    pub missing: Missing,
}

/// How it shows that something is not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// A function does nothing.
    Body,
    /// A statement says that it is not implemented.
    Statement,
    /// A comment says that work is left.
    Note,
}

impl Outline {
    /// The innermost definition around a line; on a comment, the definition that begins right below it.
    #[must_use]
    pub fn symbol_at(&self, line: u32) -> Option<&Symbol> {
        let comment = self.comments.get(..self.comments.partition_point(|comment| comment.start <= line));
        let comment = comment.and_then(<[_]>::last).filter(|comment| comment.contains(&line));
        let below = comment.and_then(|comment| {
            let at = self.symbols.partition_point(|symbol| symbol.lines.start < comment.end);
            self.symbols.get(at).filter(|symbol| symbol.lines.start == comment.end)
        });
        below.or_else(|| self.innermost(line))
    }

    /// The innermost definition around a line. What begins later and still holds the line is further in.
    fn innermost(&self, line: u32) -> Option<&Symbol> {
        let begun = self.symbols.partition_point(|symbol| symbol.lines.start <= line);
        let candidates = self.symbols.get(..begun)?.iter().zip(&self.reach).rev();
        let mut near = candidates.take_while(|(_, reach)| **reach > line);
        near.find(|(symbol, _)| symbol.lines.contains(&line)).map(|(symbol, _)| symbol)
    }
}

/// Reads a text; `None` if it is too large, or if `deadline` passes before it is done.
#[must_use]
pub fn outline(language: Language, text: &Rope, deadline: Instant) -> Option<Outline> {
    let tree = parse(language, text, deadline)?;
    let mut walk =
        Walk { language, table: language.table(), text, out: Outline::default(), around: Vec::new() };
    let mut cursor = tree.walk();
    let mut seen: u32 = 0;
    loop {
        seen = seen.wrapping_add(1);
        if seen.is_multiple_of(NODES_PER_LOOK) && Instant::now() >= deadline {
            return None;
        }
        if walk.enter(cursor.node()) && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return Some(walk.finish());
            }
        }
    }
}

pub(super) fn parse(language: Language, text: &Rope, deadline: Instant) -> Option<Tree> {
    if text.len_bytes() > TEXT_BYTES_MAX {
        return None;
    }
    let mut parser = Parser::new();
    parser.set_language(&language.grammar()).ok()?;
    let mut on_time = |_: &ParseState| match Instant::now() < deadline {
        true => ControlFlow::Continue(()),
        false => ControlFlow::Break(()),
    };
    let options = ParseOptions::new().progress_callback(&mut on_time);
    let mut chunk = |at: usize, _| match text.get_chunk_at_byte(at) {
        Some((chunk, begins, _, _)) => chunk.get(at - begins..).unwrap_or_default(),
        None => "",
    };
    parser.parse_with_options(&mut chunk, None, Some(options))
}

struct Walk<'a> {
    language: Language,
    table: &'static Table,
    text: &'a Rope,
    out: Outline,
    /// The definitions around the node, outermost first: where each ends, in bytes, and its qualified name.
    around: Vec<(usize, String)>,
}

impl Walk<'_> {
    /// Notes what a node is; answers whether to look inside.
    fn enter(&mut self, node: Node<'_>) -> bool {
        while self.around.last().is_some_and(|(end, _)| node.start_byte() >= *end) {
            self.around.pop();
        }
        let kind = node.kind();
        if node.is_named() && self.is_comment(kind, node) {
            self.comment(node);
            return false;
        }
        if !node.is_named() {
            return false;
        }
        if self.table.imports.contains(&kind) && self.imports(node) {
            return false;
        }
        if self.table.stops.contains(&kind) && gap::stops(self.text, node) {
            self.gap(self.lines(node), Missing::Statement);
        }
        if let Some((_, what)) = self.table.definitions.iter().find(|(name, _)| *name == kind) {
            self.definition(node, what);
        }
        true
    }

    fn is_comment(&self, kind: &str, node: Node<'_>) -> bool {
        kind.contains("comment")
            || self.language == Language::Markdown
                && kind == "html_block"
                && text_of(self.text, node, 8).starts_with("<!--")
    }

    /// Whether the node imports something; some languages import by an ordinary call.
    fn imports(&mut self, node: Node<'_>) -> bool {
        let called = |names: &[&str]| {
            let text = text_of(self.text, node, 40);
            names
                .iter()
                .any(|name| text.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '(', '\t'])))
        };
        let does = match self.language {
            Language::Ruby => called(&["require", "require_relative"]),
            Language::Lua => called(&["require"]),
            Language::Bash => called(&["source", "."]),
            _ => true,
        };
        if does && self.out.imports.len() < IMPORTS_MAX {
            let lines = self.lines(node);
            if self.out.imports.last() != Some(&lines) {
                self.out.imports.push(lines);
            }
        }
        does
    }

    fn definition(&mut self, node: Node<'_>, what: &'static str) {
        if self.out.symbols.len() >= ENTRIES_MAX {
            return;
        }
        let Some(name) = name_of(self.text, self.language, node) else { return };
        let name = match self.around.last() {
            Some((_, outer)) => format!("{outer}{}{name}", self.table.joined_by),
            None => name,
        };
        let what = match what {
            "function" if self.is_in_type() => "method",
            what => what,
        };
        let lines = self.lines(wrapped(node));
        if let Some(missing) = gap::of_definition(self.language, what, &name, node) {
            self.gap(lines.clone(), missing);
        }
        self.out.symbols.push(Symbol { name: name.clone(), what, lines });
        self.around.push((node.end_byte(), name));
    }

    /// Whether the definition around the node is a type, so that its functions are methods.
    fn is_in_type(&self) -> bool {
        let outer = self.around.last().map(|(_, name)| name);
        let types = ["class", "implementation", "trait", "interface", "struct", "record", "enum", "module"];
        let holder = self.out.symbols.iter().rev().find(|symbol| Some(&symbol.name) == outer);
        holder
            .is_some_and(|holder| types.contains(&holder.what) && (holder.what != "module" || self.is_ruby()))
    }

    fn is_ruby(&self) -> bool {
        self.language == Language::Ruby
    }

    fn comment(&mut self, node: Node<'_>) {
        let lines = self.lines(node);
        let said = text_of(self.text, node, COMMENT_BYTES_MAX);
        if gap::is_note(&said) {
            self.gap(lines.clone(), Missing::Note);
        }
        // Code before it on its line makes it a comment of its own.
        let may_go_on = self.begins_its_line(node);
        let full = self.out.comments.len() >= ENTRIES_MAX;
        match self.out.comments.last_mut().filter(|last| may_go_on && last.end >= lines.start) {
            Some(last) => last.end = last.end.max(lines.end),
            None if !full => self.out.comments.push(lines),
            None => {}
        }
    }

    fn begins_its_line(&self, node: Node<'_>) -> bool {
        let line = self.text.byte_to_line(node.start_byte().min(self.text.len_bytes()));
        let start = self.text.line_to_byte(line);
        let before = self.text.get_byte_slice(start..node.start_byte());
        before.is_some_and(|before| before.chars().all(char::is_whitespace))
    }

    fn gap(&mut self, lines: Range<u32>, missing: Missing) {
        let gap = Gap { lines, missing };
        if self.out.gaps.len() < ENTRIES_MAX && self.out.gaps.last() != Some(&gap) {
            self.out.gaps.push(gap);
        }
    }

    /// The lines of a node, as editors count them; a line end that the grammar counts in is left out.
    fn lines(&self, node: Node<'_>) -> Range<u32> {
        let last_byte = self.text.len_bytes();
        let line =
            |byte: usize| u32::try_from(self.text.byte_to_line(byte.min(last_byte))).unwrap_or(u32::MAX);
        let first = line(node.start_byte());
        first..line(node.end_byte().saturating_sub(1).max(node.start_byte())).max(first) + 1
    }

    /// The outline, with the orders of its comments read.
    fn finish(mut self) -> Outline {
        for comment in &self.out.comments {
            let lines = comment.clone().map_while(|line| self.text.get_line(line as usize));
            let lines: Vec<_> = lines.take(COMMENT_LINES_MAX).map(|line| line.to_string()).collect();
            let mut rest = lines.as_slice();
            let mut first = comment.start;
            while let Some(order) = instruction_in(first, rest) {
                rest = rest.get((order.lines.end - first) as usize..).unwrap_or_default();
                first = order.lines.end;
                self.out.instructions.push(order);
            }
        }
        self.out.symbols.sort_by_key(|symbol| symbol.lines.start);
        let mut reach = 0;
        let far = self.out.symbols.iter().map(|symbol| {
            reach = symbol.lines.end.max(reach);
            reach
        });
        self.out.reach = far.collect();
        self.out
    }
}

/// The statement around a definition that belongs to it: `export`, decorators, `template`.
fn wrapped(node: Node<'_>) -> Node<'_> {
    let mut whole = node;
    while let Some(parent) = whole.parent() {
        let belongs = matches!(
            parent.kind(),
            "export_statement"
                | "lexical_declaration"
                | "variable_declaration"
                | "decorated_definition"
                | "template_declaration"
        );
        if !belongs {
            break;
        }
        whole = parent;
    }
    whole
}

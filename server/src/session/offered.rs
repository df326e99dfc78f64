//! The tasks for a model that can be started at a place, from what is known of the place.
//!
//! Invariants
//! - Reads the state and nothing else; what is not known of the place yet is left out.

use std::ops::Range;
use std::sync::Arc;

use ropey::Rope;

use super::answers::{Offer, OfferKind};
use super::document::{Document, DocumentId};
use super::folders::Folder;
use super::outgoing::{Call, Said, Span, StartTask, Word};
use super::outlines::Outlined;
use super::state::State;
use super::text::{Encoding, Position, char_index, end_of_line};
use crate::syntax::{Instruction, Language, Missing, instruction_on};
use crate::task::offers::{Act, TaskOffer, View, offers};
use crate::task::{DiagnosticAt, SymbolAt, TaskKind, symbol_around};

/// The most lines of a selection that are looked through for orders.
const ORDER_LINES_MAX: u32 = 200;

/// The lines that a range of a document is about: those it touches, without one it only ends at.
pub(super) fn lines_of(range: &Range<Position>) -> Range<u32> {
    let (start, end) = (range.start.line, range.end.line.max(range.start.line));
    let last = if range.end.column == 0 && end > start { end - 1 } else { end };
    start..last.saturating_add(1)
}

/// Whether the user selected something: more than the one character that some editors have for a cursor.
pub(super) fn is_selection(text: &Rope, range: &Range<Position>, encoding: Encoding) -> bool {
    let (start, end) = (char_index(text, range.start, encoding), char_index(text, range.end, encoding));
    let span = text.get_slice(start.min(end)..end.max(start));
    span.is_some_and(|span| span.chars().filter(|c| !matches!(c, '\r' | '\n')).nth(1).is_some())
}

/// Diagnostics of other servers as a task is told of them, and where each stands in the request. Our own are left out,
/// but for what a review found.
pub(super) fn diagnostics_of(said: &[Said]) -> Vec<(usize, DiagnosticAt)> {
    let ours = |said: &Said| said.source.as_deref() == Some("vouchsafe");
    let each = said.iter().enumerate().filter(|(_, said)| !ours(said) && !said.message.trim().is_empty());
    each.map(|(at, said)| {
        let diagnostic = DiagnosticAt {
            lines: lines_of(&(said.range.start..said.range.end)),
            source: said.source.clone().unwrap_or_default(),
            message: said.message.clone(),
        };
        (at, diagnostic)
    })
    .collect()
}

impl State {
    /// What a model could do at this range of a document.
    pub(super) fn task_offers(
        &self,
        id: &DocumentId,
        folder: &Arc<Folder>,
        range: &Range<Position>,
        said: &[Said],
    ) -> Vec<Offer> {
        let Some(document) = self.documents.get(id) else { return Vec::new() };
        let lines = lines_of(range);
        let selected = is_selection(&document.text, range, self.client.encoding);
        let path = id.path().and_then(|path| path.to_str());
        let language = Language::of(&document.language, path);
        let outlined = self.outlines.get(id).and_then(super::outlines::Known::outlined);
        let diagnostics = diagnostics_of(said);
        let told: Vec<_> = diagnostics.iter().map(|(_, diagnostic)| diagnostic.clone()).collect();
        let orders = orders_at(document, outlined.as_ref(), language.is_some(), &lines);
        let symbol = outlined.as_ref().and_then(|outlined| symbol_now(outlined, &lines, selected));
        let view = View {
            missing: outlined.as_ref().and_then(|outlined| missing_at(outlined, symbol.as_ref(), &lines)),
            lines,
            selected,
            symbol,
            code: language.is_some_and(Language::has_code),
            orders: &orders,
            diagnostics: &told,
        };
        let found = offers(&view, &|kind| folder.has_model(kind), &|task| self.listens(task));
        let offer = |offer: TaskOffer| {
            let about = offer.diagnostic.and_then(|at| diagnostics.get(at)).map(|(at, _)| *at);
            let said = about.and_then(|at| said.get(at));
            self.task_offer(document, range, selected, offer, about, said)
        };
        found.into_iter().map(offer).collect()
    }

    fn task_offer(
        &self,
        document: &Document,
        range: &Range<Position>,
        selected: bool,
        offer: TaskOffer,
        about: Option<usize>,
        said: Option<&Said>,
    ) -> Offer {
        let title = format!("Vouchsafe: {}", offer.title);
        let (kind, call) = match offer.act {
            Act::Say { task, text } => {
                (OfferKind::Rewrite("message".to_owned()), self.word(Word { task, text }))
            }
            Act::Start { kind, prompt, lines } => {
                let whole = selected && lines == lines_of(range);
                let span = if whole {
                    Span { start: range.start, end: range.end }
                } else {
                    self.span(document, &lines, range)
                };
                let start = StartTask {
                    kind,
                    prompt,
                    uri: document.uri.clone(),
                    range: span,
                    diagnostics: said.cloned().into_iter().collect(),
                };
                let menu = about.map_or_else(|| OfferKind::Rewrite(kind.name().to_owned()), OfferKind::Fix);
                (menu, Call::StartTask(Box::new(start)))
            }
        };
        Offer { title, kind, call, about: None, preferred: false }
    }

    /// The place of a task at some lines: the cursor if it is there, else all of them.
    fn span(&self, document: &Document, lines: &Range<u32>, range: &Range<Position>) -> Span {
        if lines_of(range) == *lines {
            return Span { start: range.start, end: range.start };
        }
        let last = lines.end.saturating_sub(1).max(lines.start);
        let end = end_of_line(&document.text, last, self.client.encoding);
        Span { start: Position { line: lines.start, column: 0 }, end }
    }

    /// The way to a task that runs, or on from one that has ended.
    fn word(&self, word: Word) -> Call {
        let runs = self.tasks.get(&word.task).is_some_and(super::state::Task::is_under_way);
        if runs { Call::Message(word) } else { Call::FollowUp(word) }
    }

    /// Whether a task can be spoken to: one that a model carries out.
    fn listens(&self, task: u64) -> bool {
        self.tasks.get(&task).is_some_and(|task| task.asked.is_some())
    }
}

/// What a model could do for the whole workspace where none is configured: nothing, but somebody may want one.
pub(super) fn set_up(folder: &Folder) -> Option<Offer> {
    let none = !TaskKind::ALL.into_iter().any(|kind| folder.has_model(kind));
    none.then(|| Offer {
        title: "Vouchsafe: Set up a model…".to_owned(),
        kind: OfferKind::Source("model".to_owned()),
        call: Call::SetUpModel,
        about: None,
        preferred: false,
    })
}

fn symbol_now(outlined: &Outlined<'_>, lines: &Range<u32>, selected: bool) -> Option<SymbolAt> {
    let symbol = symbol_around(outlined.outline, &outlined.back(lines), selected)?;
    Some(SymbolAt { lines: outlined.now(&symbol.lines), ..symbol })
}

/// What is not written at some lines, or in the function around them.
fn missing_at(
    outlined: &Outlined<'_>,
    symbol: Option<&SymbolAt>,
    lines: &Range<u32>,
) -> Option<(Missing, Range<u32>)> {
    let touches = |a: &Range<u32>, b: &Range<u32>| a.start < b.end && b.start < a.end;
    let back = outlined.back(lines);
    let function = symbol.filter(|symbol| matches!(symbol.what, "function" | "method" | "property"));
    let around = function.map(|symbol| outlined.back(&symbol.lines));
    let at = |missing| {
        let mut gaps = outlined.outline.gaps.iter().filter(move |gap| gap.missing == missing);
        let place = match (missing, &around) {
            (Missing::Statement, Some(function)) => function.clone(),
            _ => back.clone(),
        };
        gaps.find(|gap| touches(&gap.lines, &place)).map(|gap| (gap.missing, outlined.now(&gap.lines)))
    };
    at(Missing::Body).or_else(|| at(Missing::Statement)).or_else(|| at(Missing::Note))
}

/// The orders in comments at some lines.
fn orders_at(
    document: &Document,
    outlined: Option<&Outlined<'_>>,
    has_grammar: bool,
    lines: &Range<u32>,
) -> Vec<Instruction> {
    let touches = |order: &Range<u32>| order.start < lines.end && lines.start < order.end;
    if let Some(outlined) = outlined.filter(|outlined| has_grammar && outlined.is_fresh()) {
        let all = outlined.outline.instructions.iter();
        return all.filter(|order| touches(&order.lines)).cloned().collect();
    }
    // The text has changed since, or nobody can read it: what looks like an order is taken for one.
    let last = lines.end.min(lines.start.saturating_add(ORDER_LINES_MAX));
    let above = lines.start.saturating_sub(5);
    let found = (above..last).filter_map(|line| instruction_on(&document.text, line));
    found.filter(|order| touches(&order.lines)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_of_one_character_is_no_selection() {
        let text = Rope::from_str("ab\r\ncd\n");
        let selected = |from: (u32, u32), to: (u32, u32)| {
            let at = |(line, column)| Position { line, column };
            is_selection(&text, &(at(from)..at(to)), Encoding::Utf16)
        };
        assert!(!selected((0, 1), (0, 1)));
        assert!(!selected((0, 1), (0, 2)), "a block for a cursor");
        assert!(!selected((0, 2), (1, 0)), "the same on the end of a line");
        assert!(selected((0, 0), (0, 2)));
        assert!(selected((0, 1), (1, 1)));
    }

    #[test]
    fn a_range_is_about_the_lines_it_touches() {
        let lines = |from: (u32, u32), to: (u32, u32)| {
            let at = |(line, column)| Position { line, column };
            lines_of(&(at(from)..at(to)))
        };
        assert_eq!(lines((3, 4), (3, 4)), 3..4);
        assert_eq!(lines((3, 0), (5, 0)), 3..5, "it only ends at line 5");
        assert_eq!(lines((3, 0), (5, 1)), 3..6);
    }
}

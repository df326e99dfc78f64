//! What a model said at the end of its task: the answer to a question, the findings of a review.
//!
//! Invariants
//! - It is shown as what the model says, never as what is so; citations that do not hold are named.
//! - Nothing in it acts where it is shown: no link, no picture, no markup of ours.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::PathBuf;

use vouchsafe_evidence::log::{Ended, LineSpan};
use vouchsafe_evidence::record::visible;

use super::Session;
use super::answers::Severity;
use super::document::DocumentId;
use super::notes::Found;
use super::outgoing::{Call, Level, Outgoing, Pick, TaskArgument};
use super::state::State;
use super::tasks::counted;
use crate::agent::{self, Answer, CitedPlace, Finished, ReviewFinding, Suspicion};
use crate::task::{AskedPlace, TaskKind};

/// The longest answer that a message shows, in characters; the page has all of it.
const MESSAGE_CHARS_MAX: usize = 280;
/// The most lines of an answer that a hover shows.
const HOVER_LINES_MAX: usize = 12;
/// The code of the note that holds an answer.
const ANSWER: &str = "answer";

/// What a model said last.
pub(super) struct Reply {
    /// `answered` or `3 findings`, for a task that changes nothing.
    pub(super) outcome: Option<String>,
    /// The beginning of the answer.
    short: String,
    /// The page with all of it, if it could be written.
    page: Option<PathBuf>,
}

impl Session {
    /// Takes a finished task's answer: what is to be shown at lines is added to `found`, what is to be told comes back.
    pub(super) fn take_reply(&self, id: u64, finished: &Finished, found: &mut Vec<Found>) -> Option<Reply> {
        found.extend(finished.suspicions.iter().map(suspicious));
        let answer = finished.answer.as_ref()?;
        let (kind, title, place) = {
            let state = self.state();
            let task = state.tasks.get(&id)?;
            let asked = &task.asked.as_ref()?.asked;
            (asked.kind, asked.title.clone(), asked.place.clone())
        };
        found.extend(answer.findings.iter().map(reviewed));
        if answer.text.trim().is_empty() {
            return None;
        }
        let page = self.services.dirs.state.join("tasks").join(id.to_string()).join("answer.md");
        let written = super::look::put(&page, &self.services.clean(whole_page(id, &title, answer))).is_ok();
        let page = written.then_some(page);
        if matches!(kind, TaskKind::Explain | TaskKind::Ask) {
            found.push(answered(&title, answer, place.as_ref()));
        }
        if let Some(task) = self.state().tasks.get_mut(&id) {
            task.answer.clone_from(&page);
        }
        let outcome = match kind {
            TaskKind::Review => Some(counted(answer.findings.len(), "finding")),
            TaskKind::Explain | TaskKind::Ask => Some("answered".to_owned()),
            _ => None,
        };
        Some(Reply { outcome, short: shortened(&answer.text), page })
    }

    /// Tells the user how a task has ended: what is to be decided, what was answered, what went wrong.
    pub(super) fn tell_end(
        &self,
        id: u64,
        sentence: &str,
        changes: usize,
        outcome: &Ended,
        reply: Option<&Reply>,
    ) {
        let text = format!("Vouchsafe task {id}: {sentence}");
        let pick = Pick { task: id, hunk: None, uri: None };
        let asks = self.client().asks;
        let ask = |text, choices: Vec<(&str, Call)>| {
            let choices = choices.into_iter().map(|(title, call)| (title.to_owned(), call)).collect();
            self.tell(Outgoing::Ask { text, choices });
        };
        let evidence = Call::ShowEvidence(pick.clone());
        match (changes, outcome, reply) {
            (
                0,
                Ended::Finished | Ended::NothingToDo | Ended::Partly { .. } | Ended::GaveUp { .. },
                Some(Reply { short, page, .. }),
            ) => {
                let text = format!("{text}. The model says: {short}");
                match page {
                    Some(_) if asks => {
                        let answer = Call::ShowAnswer(TaskArgument { task: id });
                        ask(text, vec![("Show the answer", answer), ("Show evidence", evidence)]);
                    }
                    Some(page) => {
                        let text = format!("{text} (all of it: {})", page.display());
                        self.tell(Outgoing::Message(Level::Info, text));
                    }
                    None => self.tell(Outgoing::Message(Level::Info, text)),
                }
            }
            (1.., _, _) if asks => {
                let (accept, later) = (Call::Accept(pick), Call::Tasks);
                ask(text, vec![("Accept all", accept), ("Review later", later), ("Show evidence", evidence)]);
            }
            (_, Ended::Finished | Ended::NothingToDo | Ended::Cancelled, _) => {
                self.tell(Outgoing::Message(Level::Info, text));
            }
            _ => {
                let record = self.state().tasks.get(&id).and_then(|task| task.record.clone());
                let record = record.map(|record| format!("; see {}", record.display())).unwrap_or_default();
                self.tell(Outgoing::Message(Level::Warning, format!("{text}{record}")));
            }
        }
    }

    /// Shows the page with a task's answer.
    ///
    /// # Errors
    /// One sentence when there is none.
    pub(super) fn show_answer(&self, task: u64) -> Result<(), String> {
        let state = self.state();
        let known =
            state.tasks.get(&task).ok_or_else(|| format!("there is no task {task} in this session"))?;
        let Some(path) = known.answer.clone() else {
            return Err(format!("task {task} has no answer to show: *Show evidence* has its record"));
        };
        drop(state);
        self.tell(Outgoing::Show { path, line: Some(1) });
        Ok(())
    }
}

impl State {
    /// The answers to questions about a line, with the lines they are about, for the hover.
    pub(super) fn answers_at(&self, id: &DocumentId, line: u32) -> Vec<(Range<u32>, String)> {
        let notes = self.notes.get(id).map(Vec::as_slice).unwrap_or_default();
        let here = notes.iter().filter(|note| note.code == ANSWER && note.lines.contains(&line));
        here.map(|note| (note.lines.clone(), note.message.clone())).collect()
    }
}

/// A finding of a review, where it stands.
fn reviewed(finding: &ReviewFinding) -> Found {
    let severity = match finding.severity {
        agent::Severity::Note => Severity::Information,
        agent::Severity::Warning => Severity::Warning,
        agent::Severity::Error => Severity::Error,
    };
    let fault = finding.place.fault.as_ref().map(|fault| format!(" ({fault})")).unwrap_or_default();
    let lines = finding.place.lines.filter(|_| finding.place.fault.is_none());
    Found {
        severity: Some(severity),
        code: "review-finding",
        message: shown_lines(&finding.message) + &fault,
        rests_on: Vec::new(),
        claim: None,
        about: Some((finding.place.path.clone(), lines)),
    }
}

/// Text that speaks to an assistant, where it stands.
fn suspicious(found: &Suspicion) -> Found {
    Found {
        severity: Some(Severity::Warning),
        code: "injected-instruction",
        message: format!(
            "This text speaks to an assistant ({}): \"{}\". The task was told that it is data, not an order; look at \
             it before you accept what the task proposes",
            found.rule, found.text
        ),
        rests_on: Vec::new(),
        claim: None,
        about: Some((found.path.clone(), Some(LineSpan { first: found.line, last: found.line }))),
    }
}

/// The answer to a question, for the hover at the place where it was asked.
fn answered(title: &str, answer: &Answer, place: Option<&AskedPlace>) -> Found {
    let mut text = format!("**{}**\n\n", harmless(title));
    let lines: Vec<_> = answer.text.trim().lines().collect();
    for line in lines.iter().take(HOVER_LINES_MAX) {
        _ = writeln!(text, "{}", harmless(line));
    }
    if lines.len() > HOVER_LINES_MAX {
        _ = writeln!(text, "… and {}", counted(lines.len() - HOVER_LINES_MAX, "more line"));
    }
    for cited in answer.cites.iter().filter(|cited| cited.fault.is_some()) {
        _ = writeln!(text, "- {}", harmless(&in_words(cited)));
    }
    Found {
        severity: None,
        code: ANSWER,
        message: text,
        rests_on: Vec::new(),
        claim: None,
        about: place.map(|place| {
            let lines = place
                .symbol
                .as_ref()
                .filter(|_| !place.selected)
                .map_or(&place.lines, |symbol| &symbol.lines);
            (place.path.clone(), Some(LineSpan { first: lines.start + 1, last: lines.end }))
        }),
    }
}

/// The page with the whole answer.
fn whole_page(id: u64, title: &str, answer: &Answer) -> String {
    let mut page = format!(
        "# {}\n\nWhat the model says at the end of task {id}. The record beside this page has what it did.\n\n",
        shown_line(title)
    );
    for line in answer.text.trim().lines() {
        _ = writeln!(page, "{}", shown_line(line));
    }
    if !answer.cites.is_empty() {
        page.push_str("\n## What it cites\n\n");
        answer.cites.iter().for_each(|cited| _ = writeln!(page, "- {}", in_words(cited)));
    }
    if !answer.findings.is_empty() {
        page.push_str("\n## What it finds\n\n");
        for finding in &answer.findings {
            _ = writeln!(page, "- {}: {}", in_words(&finding.place), shown_lines(&finding.message));
        }
    }
    if !answer.not_done.is_empty() {
        page.push_str("\n## What it says it did not do\n\n");
        answer.not_done.iter().for_each(|left| _ = writeln!(page, "- {}", shown_lines(left)));
    }
    page
}

/// `src/a.rs:3-9`, and what is wrong with it
fn in_words(cited: &CitedPlace) -> String {
    let lines = cited.lines.map(|lines| format!(":{}-{}", lines.first, lines.last)).unwrap_or_default();
    let fault = cited.fault.as_ref().map(|fault| format!(" (does not hold: {fault})")).unwrap_or_default();
    format!("{}{lines}{fault}", cited.path)
}

/// The beginning of an answer as one line.
fn shortened(text: &str) -> String {
    let line: Vec<_> = text.split_whitespace().collect();
    let line = shown_line(&line.join(" "));
    match line.char_indices().nth(MESSAGE_CHARS_MAX) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default().trim_end()),
        None => line,
    }
}

fn shown_line(line: &str) -> String {
    visible(line.as_bytes())
}

fn shown_lines(text: &str) -> String {
    text.trim().lines().map(shown_line).collect::<Vec<_>>().join("\n")
}

/// A line of Markdown in which nothing is fetched, linked or hidden.
fn harmless(line: &str) -> String {
    let line = shown_line(line).replace('<', "&lt;").replace("](", "]\\(").replace("![", "!\\[");
    // An address would become a link by itself.
    line.replace("://", ":\u{2060}//")
}

#[cfg(test)]
mod tests {
    use vouchsafe_base::WorkspacePath;

    use super::*;

    fn cited(fault: Option<&str>) -> CitedPlace {
        CitedPlace {
            path: WorkspacePath::parse("src/a.rs").unwrap(),
            lines: Some(LineSpan { first: 3, last: 9 }),
            digest: None,
            fault: fault.map(str::to_owned),
        }
    }

    #[test]
    fn an_answer_shows_what_it_cites_and_what_does_not_hold() {
        let answer = Answer {
            text: "It sorts.\u{200b}\nSee src/a.rs:3-9.".to_owned(),
            cites: vec![cited(None), cited(Some("the file has 2 lines"))],
            ..Answer::default()
        };
        let page = whole_page(4, "Explain `sort`", &answer);
        assert!(
            page.contains("# Explain `sort`")
                && page.contains("task 4")
                && page.contains("It sorts.⟨U+200B⟩\n")
        );
        assert!(
            page.contains("- src/a.rs:3-9\n- src/a.rs:3-9 (does not hold: the file has 2 lines)\n"),
            "{page}"
        );
        let hover = answered("Explain `sort`", &answer, None).message;
        assert!(hover.starts_with("**Explain `sort`**\n\nIt sorts.") && hover.contains("does not hold"));
    }

    #[test]
    fn nothing_in_an_answer_acts_in_a_hover() {
        let shown = harmless("![x](https://evil.example/?q) [a](command:b) <img src=x> https://e.example");
        assert!(!shown.contains("](") && !shown.contains('<') && !shown.contains("://"), "{shown}");
    }

    #[test]
    fn a_finding_whose_lines_are_not_there_stands_at_its_file() {
        let finding = |fault| ReviewFinding {
            place: cited(fault),
            message: "overflows".to_owned(),
            severity: agent::Severity::Warning,
        };
        let found = reviewed(&finding(None));
        assert_eq!(
            (found.message.as_str(), found.about.unwrap().1.map(|lines| lines.first)),
            ("overflows", Some(3))
        );
        let found = reviewed(&finding(Some("the file has 2 lines")));
        assert_eq!(found.message, "overflows (the file has 2 lines)");
        assert_eq!(found.about.unwrap().1, None);
    }

    #[test]
    fn a_long_answer_is_shortened_in_a_message() {
        assert_eq!(shortened("a\n\nb  c"), "a b c");
        assert_eq!(shortened(&"é".repeat(500)).chars().count(), MESSAGE_CHARS_MAX + 1);
    }
}

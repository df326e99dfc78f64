//! The end of a conversation: what the model says last, checked and put in its place.

use std::fmt::Write;

use vouchsafe_base::WorkspacePath;
use vouchsafe_evidence::log::{Ended, Event, Policy, Ruling};

use super::super::TaskError;
use super::super::answer::{Answer, CitedPlace, Claimed, ReviewFinding, Severity};
use super::super::cites::{checked, cited};
use super::super::tools::Finish;
use super::Talk;
use crate::model::Turn;

const NUDGE: &str = "You have called no tool and changed nothing yet. Go on with the request by calling tools. If there is nothing to do, or you cannot do it, call `finish` and say so.";
const CUT: &str = "Your answer was cut off at its limit. Go on from there, in shorter steps.";
const EMPTY: &str = "Your answer was empty. Call a tool, or call `finish`.";

impl Talk<'_, '_> {
    /// A turn without calls: the answer, or something to ask again about.
    pub(super) fn words_only(&mut self, turn: &Turn, cut: bool) -> Result<Option<Ended>, TaskError> {
        let empty = turn.text.trim().is_empty();
        if cut || empty {
            if self.guard.nothing() {
                let what = if cut { "cut its answer off at its own limit" } else { "gave an empty answer" };
                let reason = format!("{} {what} three times in a row", self.work.model.name());
                return Ok(Some(Ended::Unreachable { reason }));
            }
            self.tell(if cut { CUT } else { EMPTY }.to_owned());
            return Ok(None);
        }
        if self.work.asked.kind.edits() && !self.called && !self.nudged {
            self.nudged = true;
            self.tell(NUDGE.to_owned());
            return Ok(None);
        }
        let said = self.work.steering.take_or_close();
        if !said.is_empty() {
            self.hear(said)?;
            return Ok(None);
        }
        let finish = Finish { summary: turn.text.trim().to_owned(), ..Finish::default() };
        self.ended(finish).map(Some)
    }

    /// The model calls `finish`: how the task ends, or what it is told because the user has said something more.
    pub(super) fn finish(&mut self, finish: Finish) -> Result<Result<Ended, String>, TaskError> {
        let said = self.work.steering.take_or_close();
        if said.is_empty() {
            self.running.append(&Event::message(words(&finish)))?;
            return self.ended(finish).map(Ok);
        }
        let mut told = "Not yet: the user has said something more.".to_owned();
        for text in said {
            self.running.append(&Event::UserMessage { text: text.clone() })?;
            _ = write!(told, "\n\nThe user says: {}", self.data.users(&text));
        }
        Ok(Err(told))
    }

    fn ended(&mut self, finish: Finish) -> Result<Ended, TaskError> {
        let world = &self.world;
        let lookup = |path: &str| {
            let path = world.file(path).ok()?;
            let bytes = world.bytes(&path).ok().flatten()?;
            Some((path, bytes))
        };
        let cites = cited(&finish.summary, &lookup);
        let findings: Vec<ReviewFinding> = finish
            .findings
            .iter()
            .filter_map(|found| {
                let place = match lookup(&found.path) {
                    Some((path, bytes)) => checked(path, Some(&bytes), found.first, found.last),
                    None => {
                        checked(WorkspacePath::parse(found.path.trim()).ok()?, None, found.first, found.last)
                    }
                };
                let severity = severity(&found.severity);
                Some(ReviewFinding { place, message: found.message.clone(), severity })
            })
            .collect();
        let unplaced = finish.findings.len() - findings.len();
        for place in cites.iter().chain(findings.iter().map(|found| &found.place)) {
            self.record_fault(place)?;
        }
        let ended = self.outcome(&finish);
        let mut text = finish.summary;
        if unplaced > 0 {
            _ = write!(text, "\n\n({unplaced} findings name no file of the workspace; the record has them.)");
        }
        let claims = finish.claims.into_iter().map(|(text, cites)| Claimed { text, cites }).collect();
        self.running.answer = Some(Answer { text, cites, claims, not_done: finish.not_done, findings });
        Ok(ended)
    }

    fn record_fault(&mut self, place: &CitedPlace) -> Result<(), TaskError> {
        let Some(fault) = &place.fault else { return Ok(()) };
        let lines = place.lines.map(|lines| format!(":L{}-L{}", lines.first, lines.last)).unwrap_or_default();
        let policy = Policy {
            rule: "citation".to_owned(),
            saw: format!("{}{lines}", place.path),
            ruling: Ruling::Warn,
            reason: format!("the citation does not hold: {fault}"),
        };
        self.running.append(&Event::Policy(policy))?;
        Ok(())
    }

    fn outcome(&self, finish: &Finish) -> Ended {
        let changed = self.running.files.file_changes().iter().any(|file| file.before != file.after);
        match finish.not_done.as_slice() {
            [] => Ended::Finished,
            not_done if self.work.asked.kind.edits() && !changed => {
                Ended::GaveUp { reason: not_done.join("; ") }
            }
            not_done => Ended::Partly { not_done: not_done.to_vec() },
        }
    }
}

fn severity(word: &str) -> Severity {
    match word.to_ascii_lowercase().as_str() {
        "error" | "critical" | "high" => Severity::Error,
        "note" | "info" | "low" => Severity::Note,
        _ => Severity::Warning,
    }
}

/// The end as words, for the record.
fn words(finish: &Finish) -> String {
    let mut out = finish.summary.trim().to_owned();
    let section = |out: &mut String, title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            _ = write!(out, "\n\n{title}:\n");
            lines.iter().for_each(|line| _ = write!(out, "\n- {line}"));
        }
    };
    let claims = finish.claims.iter().map(|(text, cites)| match cites.as_slice() {
        [] => text.clone(),
        cites => format!("{text} ({})", cites.join(", ")),
    });
    section(&mut out, "Claims", claims.collect());
    section(&mut out, "Not done", finish.not_done.clone());
    let found = |found: &super::super::tools::Found| {
        format!("{}:L{}-L{}: {}: {}", found.path, found.first, found.last, found.severity, found.message)
    };
    section(&mut out, "Findings", finish.findings.iter().map(found).collect());
    out
}

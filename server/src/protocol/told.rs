//! What a client that asks was last answered, so that it is told to ask again only when the answer would differ.
//!
//! Invariants
//! - Positions do not count: they move with the text, and a client that changes a text asks by itself. So typing leads
//!   to no request of ours.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use vouchsafe_base::Digest;

use crate::session::{DocumentId, Finding};

/// What a client asks for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Asked {
    /// `textDocument/diagnostic`
    Diagnostics,
    /// `textDocument/codeLens`
    Lenses,
    /// `workspace/textDocumentContent`, by its URI.
    Content(String),
}

/// The answers that are remembered; a client that opens more documents of ours is told of the first ones no longer.
const CONTENTS_MAX: usize = 32;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Told(Mutex<HashMap<(DocumentId, Asked), Option<Digest>>>);

impl Told {
    /// The client was answered from these findings of a document.
    pub(super) fn answered(&self, document: &DocumentId, asked: Asked, findings: &[Finding]) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_content = |asked: &Asked| matches!(asked, Asked::Content(_));
        if is_content(&asked) && told.keys().filter(|(_, asked)| is_content(asked)).count() >= CONTENTS_MAX {
            told.retain(|(_, asked), _| !is_content(asked));
        }
        told.insert((document.clone(), asked), essence(findings));
    }

    /// Whether the client would be answered otherwise now; it is taken for told from then on.
    pub(super) fn differs(&self, document: &DocumentId, asked: Asked, findings: &[Finding]) -> bool {
        let now = essence(findings);
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.insert((document.clone(), asked), now).flatten() != now
    }

    /// The contents that depend on a document and would be others now.
    pub(super) fn outdated(&self, document: &DocumentId, findings: &[Finding]) -> Vec<String> {
        let now = essence(findings);
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_it = told.iter_mut().filter(|((id, _), was)| id == document && **was != now);
        of_it
            .filter_map(|((_, asked), was)| match asked {
                Asked::Content(uri) => {
                    *was = now;
                    Some(uri.clone())
                }
                Asked::Diagnostics | Asked::Lenses => None,
            })
            .collect()
    }

    /// The client closed a document: it remembers nothing of it.
    pub(super) fn forget(&self, document: &DocumentId) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.retain(|(id, asked), _| id != document || matches!(asked, Asked::Content(_)));
    }
}

/// What findings say, wherever they stand; `None` for none.
fn essence(findings: &[Finding]) -> Option<Digest> {
    let said =
        findings.iter().map(|one| format!("{} {:?} {} {}\n", one.task, one.about, one.code, one.message));
    (!findings.is_empty()).then(|| Digest::of(said.collect::<String>().as_bytes()))
}

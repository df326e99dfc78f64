//! LSP's types into ours.

use std::ops::Range;

use serde::de::DeserializeOwned;
use serde_json::Value;
use tower_lsp::lsp_types as lsp;

use crate::session::{Call, DocumentId, KeyArgument, Position, Said, Span, TextChange};

/// Which document a URI names.
pub(super) fn document(uri: &lsp::Url) -> DocumentId {
    match (uri.scheme(), uri.to_file_path()) {
        ("file", Ok(path)) => DocumentId::File(path),
        _ => DocumentId::Other(uri.to_string()),
    }
}

/// As [`document`], for a URI that travelled as text; `None` if it is not a URI.
pub(super) fn document_named(uri: &str) -> Option<DocumentId> {
    lsp::Url::parse(uri).ok().map(|uri| document(&uri))
}

pub(super) fn position(at: lsp::Position) -> Position {
    Position { line: at.line, column: at.character }
}

pub(super) fn range(range: lsp::Range) -> Range<Position> {
    position(range.start)..position(range.end)
}

pub(super) fn change(change: lsp::TextDocumentContentChangeEvent) -> TextChange {
    TextChange { range: change.range.map(range), text: change.text }
}

/// The command a client sends; the error is a sentence for the user.
pub(super) fn call(params: lsp::ExecuteCommandParams) -> Result<Call, String> {
    let name = params.command;
    let argument = params.arguments.into_iter().next();
    match name.as_str() {
        "vouchsafe.start" if has(argument.as_ref(), "kind") => {
            Ok(Call::StartTask(argument_of(&name, argument)?))
        }
        "vouchsafe.start" => Ok(Call::Start(argument_of(&name, argument)?)),
        "vouchsafe.message" => Ok(Call::Message(argument_of(&name, argument)?)),
        "vouchsafe.followUp" => Ok(Call::FollowUp(argument_of(&name, argument)?)),
        "vouchsafe.showAnswer" => Ok(Call::ShowAnswer(argument_of(&name, argument)?)),
        "vouchsafe.setKey" => key(argument).map(Call::SetKey),
        "vouchsafe.setUpModel" => Ok(Call::SetUpModel),
        "vouchsafe.cancel" => Ok(Call::Cancel(argument_of(&name, argument)?)),
        "vouchsafe.accept" if has(argument.as_ref(), "with_needs") => {
            Ok(Call::AcceptWithNeeds(argument_of(&name, argument)?))
        }
        "vouchsafe.accept" => Ok(Call::Accept(argument_of(&name, argument)?)),
        "vouchsafe.reject" => Ok(Call::Reject(argument_of(&name, argument)?)),
        "vouchsafe.showEvidence" => Ok(Call::ShowEvidence(argument_of(&name, argument)?)),
        "vouchsafe.compare" => Ok(Call::Compare(argument_of(&name, argument)?)),
        "vouchsafe.showChange" => Ok(Call::ShowChange(argument_of(&name, argument)?)),
        "vouchsafe.tasks" if has(argument.as_ref(), "show") => {
            Ok(Call::ShowTasks(argument_of(&name, argument)?))
        }
        "vouchsafe.tasks" => Ok(Call::Tasks),
        "vouchsafe.review" => Ok(Call::Review(argument_of(&name, argument)?)),
        "vouchsafe.findings" => Ok(Call::Findings(argument_of(&name, argument)?)),
        "vouchsafe.checkClaim" => Ok(Call::CheckClaim(argument_of(&name, argument)?)),
        "vouchsafe.showFinding" => Ok(Call::NoteEvidence(argument_of(&name, argument)?)),
        "vouchsafe.dismissFinding" => Ok(Call::DismissNote(argument_of(&name, argument)?)),
        "vouchsafe.trailer" => Ok(Call::Trailer(argument_of(&name, argument)?)),
        "vouchsafe.blame" => Ok(Call::Blame(argument_of(&name, argument)?)),
        _ => Err(format!("{name:?} is not a command of Vouchsafe; docs/protocol.md lists them")),
    }
}

/// A key; what is wrong with the argument is said without any of it.
fn key(argument: Option<Value>) -> Result<KeyArgument, String> {
    argument_of("vouchsafe.setKey", argument)
        .map_err(|_| "vouchsafe.setKey needs {profile, key}, both texts".to_owned())
}

/// What other servers say, in the order of the request. Of our own findings only those of a review can be mended.
pub(super) fn said(diagnostics: &[lsp::Diagnostic]) -> Vec<Said> {
    let each = diagnostics.iter().map(|one| {
        let review = matches!(&one.code, Some(lsp::NumberOrString::String(code)) if code == "review-finding");
        let ours = one.source.as_deref() == Some("vouchsafe");
        let at = range(one.range);
        Said {
            range: Span { start: at.start, end: at.end },
            source: if ours { Some("a review".to_owned()) } else { one.source.clone() },
            message: if ours && !review { String::new() } else { one.message.clone() },
        }
    });
    each.collect()
}

/// Whether an argument asks for this.
fn has(argument: Option<&Value>, field: &str) -> bool {
    argument.and_then(|argument| argument.get(field)).is_some_and(|value| *value != Value::Bool(false))
}

fn argument_of<T: DeserializeOwned>(command: &str, argument: Option<Value>) -> Result<T, String> {
    let argument = argument.ok_or_else(|| format!("{command} needs one object as its argument"))?;
    serde_json::from_value(argument).map_err(|error| format!("{command}: {error}"))
}

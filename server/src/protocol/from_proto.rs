//! LSP's types into ours.

use std::ops::Range;

use serde::de::DeserializeOwned;
use serde_json::Value;
use tower_lsp::lsp_types as lsp;

use crate::session::{Call, DocumentId, Position, TextChange};

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
        "vouchsafe.start" => Ok(Call::Start(argument_of(&name, argument)?)),
        "vouchsafe.cancel" => Ok(Call::Cancel(argument_of(&name, argument)?)),
        "vouchsafe.accept" => Ok(Call::Accept(argument_of(&name, argument)?)),
        "vouchsafe.reject" => Ok(Call::Reject(argument_of(&name, argument)?)),
        "vouchsafe.showEvidence" => Ok(Call::ShowEvidence(argument_of(&name, argument)?)),
        "vouchsafe.compare" => Ok(Call::Compare(argument_of(&name, argument)?)),
        "vouchsafe.tasks" => Ok(Call::Tasks),
        "vouchsafe.review" => Ok(Call::Review(argument_of(&name, argument)?)),
        "vouchsafe.trailer" => Ok(Call::Trailer(argument_of(&name, argument)?)),
        "vouchsafe.blame" => Ok(Call::Blame(argument_of(&name, argument)?)),
        _ => Err(format!("{name:?} is not a command of Vouchsafe; docs/protocol.md lists them")),
    }
}

fn argument_of<T: DeserializeOwned>(command: &str, argument: Option<Value>) -> Result<T, String> {
    let argument = argument.ok_or_else(|| format!("{command} needs one object as its argument"))?;
    serde_json::from_value(argument).map_err(|error| format!("{command}: {error}"))
}

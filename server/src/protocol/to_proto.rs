//! Our types into LSP's.

use std::collections::HashMap;
use std::ops::Range;

use serde_json::{Value, json};
use tower_lsp::lsp_types as lsp;

use crate::session::{
    Call, Client, ClientChange, ClientEdit, Finding, HoverText, Lens, Level, Offer, OfferKind, Position,
    Severity,
};

pub(super) fn position(at: Position) -> lsp::Position {
    lsp::Position { line: at.line, character: at.column }
}

pub(super) fn range(range: &Range<Position>) -> lsp::Range {
    lsp::Range { start: position(range.start), end: position(range.end) }
}

pub(super) fn level(level: Level) -> lsp::MessageType {
    match level {
        Level::Error => lsp::MessageType::ERROR,
        Level::Warning => lsp::MessageType::WARNING,
        Level::Info => lsp::MessageType::INFO,
    }
}

pub(super) fn diagnostic(finding: &Finding, client: &Client) -> lsp::Diagnostic {
    let related = client.related_information.then(|| {
        let entries = finding.related.iter().filter_map(|related| {
            let line = related.line.saturating_sub(1);
            let at = lsp::Position { line, character: 0 };
            let location = lsp::Location {
                uri: lsp::Url::from_file_path(&related.path).ok()?,
                range: lsp::Range { start: at, end: at },
            };
            Some(lsp::DiagnosticRelatedInformation { location, message: related.text.clone() })
        });
        entries.collect()
    });
    lsp::Diagnostic {
        range: range(&finding.range),
        severity: Some(match finding.severity {
            Severity::Error => lsp::DiagnosticSeverity::ERROR,
            Severity::Warning => lsp::DiagnosticSeverity::WARNING,
            Severity::Information => lsp::DiagnosticSeverity::INFORMATION,
        }),
        code: Some(lsp::NumberOrString::String(finding.code.to_owned())),
        source: Some("vouchsafe".to_owned()),
        message: finding.message.clone(),
        related_information: related,
        data: client.diagnostic_data.then(|| {
            let (name, number) = finding.about.data();
            json!({ "task": finding.task, name: number })
        }),
        ..Default::default()
    }
}

pub(super) fn hover(text: HoverText, client: &Client) -> lsp::Hover {
    let (kind, value) = if client.markdown_hover {
        (lsp::MarkupKind::Markdown, text.markdown)
    } else {
        (lsp::MarkupKind::PlainText, text.plain)
    };
    lsp::Hover {
        contents: lsp::HoverContents::Markup(lsp::MarkupContent { kind, value }),
        range: Some(range(&text.range)),
    }
}

pub(super) fn kind(kind: &OfferKind) -> lsp::CodeActionKind {
    match kind {
        OfferKind::QuickFix | OfferKind::Fix(_) => lsp::CodeActionKind::QUICKFIX,
        OfferKind::Rewrite(name) => lsp::CodeActionKind::from(format!("refactor.rewrite.vouchsafe.{name}")),
        OfferKind::Source(name) => lsp::CodeActionKind::from(format!("source.vouchsafe.{name}")),
    }
}

pub(super) fn code_action(
    offer: Offer,
    diagnostics: &[lsp::Diagnostic],
    client: &Client,
) -> lsp::CodeActionOrCommand {
    let command = command(&offer.title, &offer.call);
    if !client.action_literals {
        return lsp::CodeActionOrCommand::Command(command);
    }
    let about: Vec<_> = match offer.kind {
        OfferKind::Fix(at) => diagnostics.get(at).into_iter().cloned().collect(),
        _ => diagnostics.iter().filter(|found| offer.is_about(found.data.as_ref())).cloned().collect(),
    };
    lsp::CodeActionOrCommand::CodeAction(lsp::CodeAction {
        title: offer.title,
        kind: Some(kind(&offer.kind)),
        diagnostics: (!about.is_empty()).then_some(about),
        is_preferred: offer.preferred.then_some(true),
        command: Some(command),
        ..Default::default()
    })
}

pub(super) fn code_lens(lens: &Lens) -> lsp::CodeLens {
    let at = position(lens.at);
    let range = lsp::Range { start: at, end: at };
    lsp::CodeLens { range, command: Some(command(&lens.title, &lens.call)), data: None }
}

/// A command of ours as LSP carries it.
pub(super) fn command(title: &str, call: &Call) -> lsp::Command {
    let argument = |value: Result<Value, _>| value.ok().map(|value: Value| vec![value]);
    let (name, arguments) = match call {
        Call::Start(start) => ("vouchsafe.start", argument(serde_json::to_value(start))),
        Call::StartTask(start) => ("vouchsafe.start", argument(serde_json::to_value(start))),
        Call::Message(word) => ("vouchsafe.message", argument(serde_json::to_value(word))),
        Call::FollowUp(word) => ("vouchsafe.followUp", argument(serde_json::to_value(word))),
        Call::ShowAnswer(task) => ("vouchsafe.showAnswer", argument(serde_json::to_value(task))),
        // A key comes from the client and never goes there.
        Call::SetKey(_) => ("vouchsafe.setKey", None),
        Call::SetUpModel => ("vouchsafe.setUpModel", None),
        Call::Cancel(task) => ("vouchsafe.cancel", argument(serde_json::to_value(task))),
        Call::Accept(pick) => ("vouchsafe.accept", argument(serde_json::to_value(pick))),
        Call::AcceptWithNeeds(pick) => ("vouchsafe.accept", argument(serde_json::to_value(pick))),
        Call::ShowChange(pick) => ("vouchsafe.showChange", argument(serde_json::to_value(pick))),
        Call::ShowTasks(shown) => ("vouchsafe.tasks", argument(serde_json::to_value(shown))),
        Call::Reject(pick) => ("vouchsafe.reject", argument(serde_json::to_value(pick))),
        Call::ShowEvidence(pick) => ("vouchsafe.showEvidence", argument(serde_json::to_value(pick))),
        Call::Compare(pick) => ("vouchsafe.compare", argument(serde_json::to_value(pick))),
        Call::Tasks => ("vouchsafe.tasks", None),
        Call::Review(task) => ("vouchsafe.review", argument(serde_json::to_value(task))),
        Call::Findings(task) => ("vouchsafe.findings", argument(serde_json::to_value(task))),
        Call::CheckClaim(note) => ("vouchsafe.checkClaim", argument(serde_json::to_value(note))),
        Call::NoteEvidence(note) => ("vouchsafe.showFinding", argument(serde_json::to_value(note))),
        Call::DismissNote(note) => ("vouchsafe.dismissFinding", argument(serde_json::to_value(note))),
        Call::Trailer(task) => ("vouchsafe.trailer", argument(serde_json::to_value(task))),
        Call::Blame(document) => ("vouchsafe.blame", argument(serde_json::to_value(document))),
    };
    lsp::Command { title: title.to_owned(), command: name.to_owned(), arguments }
}

/// An edit of one document, in the richest form this client takes.
pub(super) fn workspace_edit(edit: &ClientEdit, client: &Client) -> Option<lsp::WorkspaceEdit> {
    use lsp::{DocumentChangeOperation as Op, ResourceOp};
    let annotation_id = edit.confirm.then(|| ANNOTATION.to_owned());
    let operations = match &edit.change {
        ClientChange::Text { uri, version, edits } => {
            return text_edit(uri.parse().ok()?, *version, edits, edit, client);
        }
        ClientChange::Create { uri, text } => {
            let uri: lsp::Url = uri.parse().ok()?;
            // Without `ignoreIfExists` Neovim before 0.12 truncates a file that exists.
            let options = lsp::CreateFileOptions { overwrite: Some(false), ignore_if_exists: Some(true) };
            let create = lsp::CreateFile { uri: uri.clone(), options: Some(options), annotation_id };
            let end = lsp::Position { line: u32::from(client.empty_is_a_line), character: 0 };
            let whole = lsp::Range { end, ..Default::default() };
            let whole = lsp::TextEdit { range: whole, new_text: text.clone() };
            vec![
                Op::Op(ResourceOp::Create(create)),
                Op::Edit(lsp::TextDocumentEdit {
                    text_document: lsp::OptionalVersionedTextDocumentIdentifier { uri, version: None },
                    edits: vec![annotated(whole, edit.confirm)],
                }),
            ]
        }
        ClientChange::Delete { uri } => {
            let options = annotation_id.map(|annotation_id| lsp::DeleteFileOptions {
                recursive: None,
                ignore_if_not_exists: None,
                annotation_id: Some(annotation_id),
            });
            vec![Op::Op(ResourceOp::Delete(lsp::DeleteFile { uri: uri.parse().ok()?, options }))]
        }
        ClientChange::Rename { from, to } => {
            let options = lsp::RenameFileOptions { overwrite: Some(false), ignore_if_exists: Some(false) };
            let (old_uri, new_uri) = (from.parse().ok()?, to.parse().ok()?);
            vec![Op::Op(ResourceOp::Rename(lsp::RenameFile {
                old_uri,
                new_uri,
                options: Some(options),
                annotation_id,
            }))]
        }
    };
    Some(lsp::WorkspaceEdit {
        document_changes: Some(lsp::DocumentChanges::Operations(operations)),
        change_annotations: annotations(edit),
        ..Default::default()
    })
}

fn text_edit(
    uri: lsp::Url,
    version: Option<i32>,
    edits: &[(Range<Position>, String)],
    edit: &ClientEdit,
    client: &Client,
) -> Option<lsp::WorkspaceEdit> {
    let edits = edits.iter().map(|(at, text)| lsp::TextEdit { range: range(at), new_text: text.clone() });
    if !client.document_changes {
        let changes = Some([(uri, edits.collect())].into());
        return Some(lsp::WorkspaceEdit { changes, ..Default::default() });
    }
    let edits = edits.map(|one| annotated(one, edit.confirm)).collect();
    let text_document = lsp::OptionalVersionedTextDocumentIdentifier { uri, version };
    let changes = vec![lsp::TextDocumentEdit { text_document, edits }];
    Some(lsp::WorkspaceEdit {
        document_changes: Some(lsp::DocumentChanges::Edits(changes)),
        change_annotations: annotations(edit),
        ..Default::default()
    })
}

/// The one annotation an edit may have: that it wants to be confirmed.
const ANNOTATION: &str = "vouchsafe";

fn annotated(edit: lsp::TextEdit, confirm: bool) -> lsp::OneOf<lsp::TextEdit, lsp::AnnotatedTextEdit> {
    if confirm {
        let annotation_id = ANNOTATION.to_owned();
        lsp::OneOf::Right(lsp::AnnotatedTextEdit { text_edit: edit, annotation_id })
    } else {
        lsp::OneOf::Left(edit)
    }
}

/// The entry for the annotation: Neovim 0.12 gives a whole edit up that names one without.
fn annotations(edit: &ClientEdit) -> Option<HashMap<String, lsp::ChangeAnnotation>> {
    let annotation = || lsp::ChangeAnnotation {
        label: edit.label.clone(),
        needs_confirmation: Some(true),
        description: None,
    };
    edit.confirm.then(|| HashMap::from([(ANNOTATION.to_owned(), annotation())]))
}

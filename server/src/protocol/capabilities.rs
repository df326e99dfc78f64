//! What the client can do and what we tell it we can do.
//!
//! Invariants
//! - The position encoding is negotiated here and nowhere else: UTF-8 when the client takes it (no conversion
//!   then), else UTF-16, which every client must take.

use tower_lsp::lsp_types as lsp;

use super::advertised::Extras;
use crate::session::{Client, Encoding};

/// The commands a client may send with `workspace/executeCommand`.
pub const COMMANDS: [&str; 20] = [
    "vouchsafe.start",
    "vouchsafe.cancel",
    "vouchsafe.accept",
    "vouchsafe.reject",
    "vouchsafe.showEvidence",
    "vouchsafe.compare",
    "vouchsafe.showChange",
    "vouchsafe.tasks",
    "vouchsafe.review",
    "vouchsafe.blame",
    "vouchsafe.findings",
    "vouchsafe.checkClaim",
    "vouchsafe.showFinding",
    "vouchsafe.dismissFinding",
    "vouchsafe.message",
    "vouchsafe.showAnswer",
    "vouchsafe.followUp",
    "vouchsafe.setKey",
    "vouchsafe.setUpModel",
    "vouchsafe.trailer",
];

/// Reads the client's capabilities.
#[must_use]
pub(super) fn client(params: &lsp::InitializeParams, extras: Extras) -> Client {
    let workspace = params.capabilities.workspace.as_ref();
    let document = params.capabilities.text_document.as_ref();
    let window = params.capabilities.window.as_ref();
    let name = params.client_info.as_ref().map(|info| info.name.clone()).unwrap_or_default();
    let edit = workspace.and_then(|workspace| workspace.workspace_edit.as_ref());
    let resource = |kind| {
        let listed = edit.and_then(|edit| edit.resource_operations.as_ref());
        listed.is_some_and(|kinds| kinds.contains(&kind))
    };
    let action = document.and_then(|document| document.code_action.as_ref());
    let diagnostics = document.and_then(|document| document.publish_diagnostics.as_ref());
    let formats = document.and_then(|document| document.hover.as_ref()?.content_format.as_ref());
    Client {
        encoding: encoding(params),
        // Neovim applies versioned edits without saying so, and loses the version check without them.
        document_changes: edit.and_then(|edit| edit.document_changes).unwrap_or(name == "Neovim"),
        // Seen in 0.11 and 0.12: a created file got an empty line more than was sent.
        empty_is_a_line: name == "Neovim",
        creates_files: resource(lsp::ResourceOperationKind::Create),
        renames_files: resource(lsp::ResourceOperationKind::Rename),
        deletes_files: resource(lsp::ResourceOperationKind::Delete),
        markdown_hover: formats.is_some_and(|formats| formats.contains(&lsp::MarkupKind::Markdown)),
        progress: window.and_then(|window| window.work_done_progress).unwrap_or(false),
        shows_documents: window
            .and_then(|window| window.show_document.as_ref())
            .is_some_and(|support| support.support),
        asks: window.is_some_and(|window| window.show_message.is_some()),
        related_information: diagnostics.and_then(|found| found.related_information).unwrap_or(false),
        diagnostic_data: diagnostics.and_then(|found| found.data_support).unwrap_or(false),
        action_literals: action.is_some_and(|action| action.code_action_literal_support.is_some()),
        disabled_actions: action.and_then(|action| action.disabled_support).unwrap_or(false),
        watches_files: workspace
            .and_then(|workspace| workspace.did_change_watched_files?.dynamic_registration)
            .unwrap_or(false),
        code_lens: document.is_some_and(|document| document.code_lens.is_some()),
        refreshes_code_lens: workspace
            .and_then(|workspace| workspace.code_lens.as_ref()?.refresh_support)
            .unwrap_or(false),
        // What waits for review changes without the text, so who cannot be told to ask again would see old findings.
        pulls_diagnostics: document.is_some_and(|document| document.diagnostic.is_some())
            && extras.refreshes_diagnostics,
        virtual_documents: extras.asks_content,
        // Both, since some announce annotations, drop them, and edit without asking.
        previews: edit.is_some_and(|edit| edit.change_annotation_support.is_some())
            && action.is_some_and(|action| action.honors_change_annotations == Some(true)),
        // lsp-mode calls itself so, eglot does not; who gives no name may be an old one.
        loses_after_answer: matches!(name.as_str(), "emacs" | ""),
        name,
    }
}

fn encoding(params: &lsp::InitializeParams) -> Encoding {
    let general = params.capabilities.general.as_ref();
    let offered = general.and_then(|general| general.position_encodings.as_deref()).unwrap_or_default();
    let has = |kind| offered.contains(&kind);
    if has(lsp::PositionEncodingKind::UTF8) {
        Encoding::Utf8
    } else if has(lsp::PositionEncodingKind::UTF32) && !has(lsp::PositionEncodingKind::UTF16) {
        Encoding::Utf32
    } else {
        Encoding::Utf16
    }
}

/// Our capabilities, as told to this client.
#[must_use]
pub(super) fn server(client: &Client) -> lsp::ServerCapabilities {
    let encoding = match client.encoding {
        Encoding::Utf8 => lsp::PositionEncodingKind::UTF8,
        Encoding::Utf16 => lsp::PositionEncodingKind::UTF16,
        Encoding::Utf32 => lsp::PositionEncodingKind::UTF32,
    };
    lsp::ServerCapabilities {
        position_encoding: Some(encoding),
        text_document_sync: Some(lsp::TextDocumentSyncCapability::Options(lsp::TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(lsp::TextDocumentSyncKind::INCREMENTAL),
            save: Some(lsp::TextDocumentSyncSaveOptions::SaveOptions(lsp::SaveOptions {
                include_text: None,
            })),
            ..Default::default()
        })),
        hover_provider: Some(lsp::HoverProviderCapability::Simple(true)),
        code_action_provider: Some(lsp::CodeActionProviderCapability::Options(lsp::CodeActionOptions {
            code_action_kinds: Some(vec![
                lsp::CodeActionKind::QUICKFIX,
                lsp::CodeActionKind::new("refactor.rewrite.vouchsafe"),
                lsp::CodeActionKind::new("source.vouchsafe"),
            ]),
            ..Default::default()
        })),
        code_lens_provider: client
            .code_lens
            .then_some(lsp::CodeLensOptions { resolve_provider: Some(false) }),
        diagnostic_provider: client.pulls_diagnostics.then(|| {
            lsp::DiagnosticServerCapabilities::Options(lsp::DiagnosticOptions {
                identifier: Some("vouchsafe".to_owned()),
                inter_file_dependencies: false,
                // The findings of documents that are not open are published.
                workspace_diagnostics: false,
                ..Default::default()
            })
        }),
        execute_command_provider: Some(lsp::ExecuteCommandOptions {
            commands: COMMANDS.map(str::to_owned).to_vec(),
            ..Default::default()
        }),
        workspace: Some(lsp::WorkspaceServerCapabilities {
            workspace_folders: Some(lsp::WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(lsp::OneOf::Left(true)),
            }),
            file_operations: Some(lsp::WorkspaceFileOperationsServerCapabilities {
                did_rename: Some(lsp::FileOperationRegistrationOptions { filters: vec![every_file()] }),
                ..Default::default()
            }),
        }),
        ..Default::default()
    }
}

fn every_file() -> lsp::FileOperationFilter {
    lsp::FileOperationFilter {
        scheme: Some("file".to_owned()),
        pattern: lsp::FileOperationPattern { glob: "**".to_owned(), matches: None, options: None },
    }
}

//! What the client said it can do, in our own words.
//!
//! Invariants
//! - Behaviour follows what the client advertised and the quirks listed here, never its name alone, except where
//!   a client is known to do what it does not advertise.

use super::text::Encoding;

/// The client's abilities, as far as they change what we send.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one independent capability of the protocol")]
pub struct Client {
    /// `clientInfo.name`, for quirks and messages.
    pub name: String,
    /// The column unit that was agreed.
    pub encoding: Encoding,
    /// It takes versioned `documentChanges`.
    pub document_changes: bool,
    /// It creates files from an edit.
    pub creates_files: bool,
    /// Its empty document is one empty line, which stays behind a text inserted before it unless it is replaced.
    pub empty_is_a_line: bool,
    /// It renames files from an edit.
    pub renames_files: bool,
    /// It deletes files from an edit.
    pub deletes_files: bool,
    /// Hover may be Markdown.
    pub markdown_hover: bool,
    /// `$/progress` begun by the server.
    pub progress: bool,
    /// `window/showDocument`.
    pub shows_documents: bool,
    /// `showMessageRequest` with more than one action.
    pub asks: bool,
    /// Diagnostics may carry `relatedInformation`.
    pub related_information: bool,
    /// Diagnostics may carry `data` and get it back in code action requests.
    pub diagnostic_data: bool,
    /// Code actions may be literals; without that nothing but commands can be offered.
    pub action_literals: bool,
    /// Code actions may be marked disabled with a reason.
    pub disabled_actions: bool,
    /// Watched files can be registered.
    pub watches_files: bool,
    /// It shows code lenses.
    pub code_lens: bool,
    /// It asks for code lenses again when told to.
    pub refreshes_code_lens: bool,
    /// It asks for the diagnostics of open documents, and asks again when told to: it is sent none of these.
    pub pulls_diagnostics: bool,
    /// It asks for the content of documents of our scheme.
    pub virtual_documents: bool,
    /// It asks its user about each edit that wants it, and makes only what is confirmed.
    pub previews: bool,
    /// It loses what comes behind the answer to a command in the same read.
    pub loses_after_answer: bool,
}

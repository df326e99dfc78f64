//! `textDocument/codeLens`: the decisions about each change, above its lines.

use tower_lsp::lsp_types as lsp;

use crate::protocol::told::{Asked, Told};
use crate::protocol::{from_proto, to_proto};
use crate::session::{Lens, Session};

pub(in crate::protocol) fn code_lens(
    session: &Session,
    told: &Told,
    params: &lsp::CodeLensParams,
) -> Option<Vec<lsp::CodeLens>> {
    let document = from_proto::document(&params.text_document.uri);
    let (_, _, findings) = session.findings(&document)?;
    told.answered(&document, Asked::Lenses, &findings);
    let lenses: Vec<_> = Lens::of(&findings).iter().map(to_proto::code_lens).collect();
    (!lenses.is_empty()).then_some(lenses)
}

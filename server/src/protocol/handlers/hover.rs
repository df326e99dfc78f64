//! `textDocument/hover`: which command made this line, or would?

use tower_lsp::lsp_types as lsp;

use crate::protocol::{from_proto, to_proto};
use crate::session::Session;

pub(in crate::protocol) fn hover(session: &Session, params: &lsp::HoverParams) -> Option<lsp::Hover> {
    let place = &params.text_document_position_params;
    let document = from_proto::document(&place.text_document.uri);
    let text = session.hover(&document, from_proto::position(place.position))?;
    Some(to_proto::hover(text, &session.client()))
}

//! `textDocument/codeAction`: what could be started, accepted or looked at here?
//!
//! Invariants
//! - Pure: offering reads the session's state; it starts nothing and writes nothing. It waits at most some
//!   milliseconds for a text to be read.

use tower_lsp::lsp_types as lsp;

use crate::protocol::{from_proto, to_proto};
use crate::session::Session;

pub(in crate::protocol) async fn code_action(
    session: &Session,
    params: &lsp::CodeActionParams,
) -> Option<lsp::CodeActionResponse> {
    let document = from_proto::document(&params.text_document.uri);
    let said = from_proto::said(&params.context.diagnostics);
    session.look_around(&document).await;
    let offers = session.offers(&document, &from_proto::range(params.range), &said);
    let client = session.client();
    let wanted = |kind: &lsp::CodeActionKind| match &params.context.only {
        Some(only) => only.iter().any(|asked| is_within(kind.as_str(), asked.as_str())),
        None => true,
    };
    let actions: Vec<_> = offers
        .into_iter()
        .filter(|offer| wanted(&to_proto::kind(&offer.kind)))
        .map(|offer| to_proto::code_action(offer, &params.context.diagnostics, &client))
        .collect();
    (!actions.is_empty()).then_some(actions)
}

/// Code action kinds are hierarchical: `refactor` asks for `refactor.rewrite.x` too.
fn is_within(kind: &str, asked: &str) -> bool {
    asked.is_empty() || kind.strip_prefix(asked).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::is_within;

    #[test]
    fn kinds_are_hierarchical() {
        assert!(is_within("refactor.rewrite.vouchsafe.x", "refactor"));
        assert!(is_within("quickfix", "quickfix"));
        assert!(is_within("quickfix", ""));
        assert!(!is_within("refactoring", "refactor"));
        assert!(!is_within("refactor", "refactor.rewrite"));
    }
}

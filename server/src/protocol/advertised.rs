//! What clients advertise that our types of LSP lack, and the server's answer to it.
//!
//! `lsp-types` 0.94 calls `workspace.diagnostics` by another name and has no `workspace.textDocumentContent`: both are
//! read from, and the second is written into, the messages of `initialize` as they pass by.

use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::session::SCHEME;

/// What one client advertised.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Extras {
    /// It asks for diagnostics again when told to.
    pub(super) refreshes_diagnostics: bool,
    /// It asks for the content of documents that it cannot read by itself.
    pub(super) asks_content: bool,
}

/// The extras of the client of this process, once it has said hello.
#[derive(Debug, Default)]
pub(super) struct Advertised {
    read: OnceLock<Extras>,
    answered: OnceLock<()>,
}

impl Advertised {
    /// Looks at a message from the client, before the server sees it.
    pub(super) fn look(&self, body: &[u8]) {
        if self.read.get().is_some() {
            return;
        }
        let Ok(message) = serde_json::from_slice::<Value>(body) else { return };
        if message.get("method").and_then(Value::as_str) == Some("initialize") {
            // Only the first hello counts, as for the server.
            self.read.get_or_init(|| extras(&message));
        }
    }

    /// What was read so far.
    pub(super) fn extras(&self) -> Extras {
        self.read.get().copied().unwrap_or_default()
    }

    /// The answer to `initialize` with what our types cannot say; every other message as it is.
    pub(super) fn complete(&self, body: Vec<u8>) -> Vec<u8> {
        if !self.extras().asks_content || self.answered.get().is_some() {
            return body;
        }
        let Ok(mut message) = serde_json::from_slice::<Value>(&body) else { return body };
        let Some(capabilities) = message.pointer_mut("/result/capabilities").and_then(Value::as_object_mut)
        else {
            return body;
        };
        let workspace = capabilities.entry("workspace").or_insert_with(|| json!({}));
        if let Some(workspace) = workspace.as_object_mut() {
            workspace.insert("textDocumentContent".to_owned(), json!({ "schemes": [SCHEME] }));
        }
        self.answered.get_or_init(|| ());
        message.to_string().into_bytes()
    }
}

fn extras(initialize: &Value) -> Extras {
    let workspace = initialize.pointer("/params/capabilities/workspace");
    let at = |pointer: &str| workspace.and_then(|workspace| workspace.pointer(pointer));
    Extras {
        refreshes_diagnostics: at("/diagnostics/refreshSupport").and_then(Value::as_bool) == Some(true),
        asks_content: at("/textDocumentContent").is_some_and(Value::is_object),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_hello_counts_and_its_answer_is_completed_once() {
        let advertised = Advertised::default();
        let hello = |workspace: Value| {
            json!({ "method": "initialize", "params": { "capabilities": { "workspace": workspace } } })
                .to_string()
                .into_bytes()
        };
        advertised.look(b"no JSON");
        advertised.look(&hello(json!({ "textDocumentContent": { "dynamicRegistration": true } })));
        advertised.look(&hello(json!({ "diagnostics": { "refreshSupport": true } })));
        assert_eq!(advertised.extras(), Extras { refreshes_diagnostics: false, asks_content: true });
        let answer = json!({ "id": 1, "result": { "capabilities": { "hoverProvider": true } } });
        let other = json!({ "method": "x" }).to_string().into_bytes();
        assert_eq!(advertised.complete(other.clone()), other);
        let completed = advertised.complete(answer.to_string().into_bytes());
        let completed: Value = serde_json::from_slice(&completed).unwrap();
        assert_eq!(
            completed["result"]["capabilities"]["workspace"]["textDocumentContent"]["schemes"][0],
            SCHEME
        );
        let again = answer.to_string().into_bytes();
        assert_eq!(advertised.complete(again.clone()), again);
    }

    #[test]
    fn who_does_not_ask_is_told_nothing() {
        let advertised = Advertised::default();
        advertised.look(br#"{"method":"initialize","params":{"capabilities":{}}}"#);
        let answer = br#"{"id":1,"result":{"capabilities":{}}}"#.to_vec();
        assert_eq!(advertised.complete(answer.clone()), answer);
    }
}

//! The editors that are played: their real `initialize` parameters, and what they do beyond what they say.

use std::path::Path;

use serde_json::{Value, json};

use crate::text::Encoding;

/// An editor whose `initialize` parameters were recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// VS Code 1.139 (code-server).
    VsCode,
    /// Neovim 0.11.4.
    Neovim011,
    /// Neovim 0.12.4.
    Neovim012,
    /// Helix 25.07.
    Helix,
    /// Emacs 30.2 with eglot 1.17.
    Eglot,
    /// Kakoune with kak-lsp 22.
    Kakoune,
}

/// What an editor does that its capabilities do not say. Each was seen in the real one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one independent habit, switched by name in a test"
)]
pub struct Quirks {
    /// Applies `documentChanges` though it does not advertise them.
    pub takes_document_changes: bool,
    /// Checks the version of the first document of an edit only.
    pub checks_first_version_only: bool,
    /// Answers `applied: true` for an edit that the user declined.
    pub says_applied_when_declined: bool,
    /// Answers `applied: false` for an edit that it made. No editor was seen to; a broken one could.
    pub denies_what_it_applied: bool,
    /// Sends `codeAction/resolve` for an action that has only a command, and without `data`.
    pub resolves_command_only_actions: bool,
    /// Sends the `didChange` of an applied edit only after the answer to `workspace/applyEdit`.
    pub changes_after_answer: bool,
    /// Fails on create, rename and delete operations and on `metadata`.
    pub fails_on_resource_operations: bool,
    /// Has one empty line where a created file is empty, and keeps it below what is inserted before it.
    pub empty_is_a_line: bool,
}

impl Profile {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::VsCode, Self::Neovim011, Self::Neovim012, Self::Helix, Self::Eglot, Self::Kakoune];

    fn recorded(self) -> Value {
        let text = match self {
            Self::VsCode => include_str!("../profiles/vscode.json"),
            Self::Neovim011 => include_str!("../profiles/nvim011.json"),
            Self::Neovim012 => include_str!("../profiles/nvim012.json"),
            Self::Helix => include_str!("../profiles/helix.json"),
            Self::Eglot => include_str!("../profiles/eglot.json"),
            Self::Kakoune => include_str!("../profiles/kak.json"),
        };
        serde_json::from_str(text).expect("a recorded profile is JSON")
    }

    /// What this editor advertises.
    #[must_use]
    pub fn capabilities(self) -> Value {
        self.recorded()["capabilities"].take()
    }

    /// The `initialize` parameters for a workspace folder; without one, as the editor sends them for a lone file.
    #[must_use]
    pub fn initialize(self, folder: Option<&Path>, capabilities: &Value) -> Value {
        let mut params = self.recorded();
        params["capabilities"] = capabilities.clone();
        params["processId"] = json!(std::process::id());
        let uri = folder.map(|folder| format!("file://{}", folder.display()));
        params["rootUri"] = json!(uri);
        params["rootPath"] = json!(folder);
        params["workspaceFolders"] = uri.map_or(Value::Null, |uri| json!([{ "uri": uri, "name": "ws" }]));
        params
    }

    /// Its habits.
    #[must_use]
    pub fn quirks(self) -> Quirks {
        let neovim = Quirks {
            takes_document_changes: true,
            checks_first_version_only: true,
            resolves_command_only_actions: true,
            changes_after_answer: true,
            empty_is_a_line: true,
            ..Quirks::default()
        };
        match self {
            Self::Neovim011 => neovim,
            Self::Neovim012 => Quirks { says_applied_when_declined: true, ..neovim },
            Self::Eglot => Quirks { fails_on_resource_operations: true, ..Quirks::default() },
            Self::VsCode | Self::Helix | Self::Kakoune => Quirks::default(),
        }
    }
}

/// Whether the capability at this pointer (`/window/workDoneProgress`) is there and not `false`.
#[must_use]
pub fn has(capabilities: &Value, pointer: &str) -> bool {
    capabilities.pointer(pointer).is_some_and(|value| *value != Value::Bool(false) && !value.is_null())
}

/// The encodings a client offers; the protocol's default when it says nothing.
#[must_use]
pub fn encodings(capabilities: &Value) -> Vec<Encoding> {
    let offered = capabilities.pointer("/general/positionEncodings").and_then(Value::as_array);
    offered.map_or_else(
        || vec![Encoding::Utf16],
        |names| names.iter().filter_map(|name| Encoding::named(name.as_str()?)).collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_is_readable_and_says_what_the_tests_rely_on() {
        for profile in Profile::ALL {
            let capabilities = profile.capabilities();
            assert!(has(&capabilities, "/workspace/applyEdit"), "{profile:?}");
            assert!(has(&capabilities, "/window/workDoneProgress"), "{profile:?}");
            assert!(!encodings(&capabilities).is_empty(), "{profile:?}");
            let params = profile.initialize(Some(Path::new("/x")), &capabilities);
            assert_eq!(params["workspaceFolders"][0]["uri"], "file:///x");
        }
        assert_eq!(encodings(&Profile::VsCode.capabilities()), [Encoding::Utf16]);
        assert!(!has(&Profile::Eglot.capabilities(), "/workspace/workspaceEdit/resourceOperations"));
        assert!(!has(&Profile::Neovim011.capabilities(), "/workspace/workspaceEdit/documentChanges"));
    }
}

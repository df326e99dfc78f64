//! Starting a server and opening a workspace in a played editor.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Editor, PATIENCE, Script, Selection};
use crate::fixture::{Cursor, Fixture};
use crate::process;
use crate::profile::{self, Profile, Quirks};
use crate::strict::Checker;
use crate::text::{Encoding, Place, Text};
use crate::wire::{Launch, Wire};
use crate::yard::{Yard, put};

/// Everything that is decided before the server starts.
#[derive(Debug)]
#[must_use = "nothing runs before `start`"]
pub struct Opening {
    fixture: Fixture,
    yard: Option<Arc<Yard>>,
    profile: Profile,
    quirks: Option<Quirks>,
    encoding: Option<Encoding>,
    program: Option<PathBuf>,
    args: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
    user_config: Option<String>,
    settings: Value,
    folder: bool,
    patience: Duration,
}

impl Opening {
    pub(super) fn new(fixture: &str) -> Self {
        Self {
            fixture: Fixture::parse(fixture),
            yard: None,
            profile: Profile::VsCode,
            quirks: None,
            encoding: None,
            program: None,
            args: vec!["serve".into()],
            environment: Vec::new(),
            user_config: None,
            settings: Value::Null,
            folder: true,
            patience: PATIENCE,
        }
    }

    /// Plays this editor; VS Code unless said.
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Changes the habits of the played editor.
    pub fn quirks(mut self, change: impl FnOnce(&mut Quirks)) -> Self {
        let mut quirks = self.quirks.unwrap_or_else(|| self.profile.quirks());
        change(&mut quirks);
        self.quirks = Some(quirks);
        self
    }

    /// Offers only this position encoding.
    pub fn encoding(mut self, encoding: Encoding) -> Self {
        self.encoding = Some(encoding);
        self
    }

    /// Opens the workspace of another editor that is still running.
    pub fn beside(mut self, other: &Editor) -> Self {
        self.yard = Some(Arc::clone(&other.yard));
        self
    }

    /// Opens the workspace of a server that is gone.
    pub fn again(mut self, yard: Arc<Yard>) -> Self {
        self.yard = Some(yard);
        self
    }

    /// Starts this program instead of `vouchsafe serve`.
    pub fn server(mut self, program: PathBuf, args: &[&str]) -> Self {
        self.program = Some(program);
        self.args = args.iter().map(OsString::from).collect();
        self
    }

    /// Sets a variable in the server's environment.
    pub fn environment(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Writes the user's `config.toml`.
    pub fn user_config(mut self, text: &str) -> Self {
        self.user_config = Some(text.to_owned());
        self
    }

    /// What the editor answers to `workspace/configuration` for the section `vouchsafe`.
    pub fn settings(mut self, settings: Value) -> Self {
        self.settings = settings;
        self
    }

    /// Opens the file alone, without a workspace folder.
    pub fn without_folder(mut self) -> Self {
        self.folder = false;
        self
    }

    /// How long one wait may take.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Starts the server, initializes it and opens the file with the cursor.
    ///
    /// # Panics
    /// If the server cannot be started or does not initialize.
    #[must_use]
    pub fn start(self) -> Editor {
        let yard = self.yard.clone().unwrap_or_else(|| Arc::new(Yard::new(&self.fixture)));
        if let Some(text) = &self.user_config {
            put(&yard.user_config(), text.as_bytes());
        }
        yard.mark();
        let mut environment = yard.environment();
        environment.extend(self.environment.iter().cloned());
        let program = self.program.clone().unwrap_or_else(|| process::binary("vouchsafe"));
        let launch = Launch { program, args: self.args.clone(), environment, directory: yard.workspace() };
        let wire = Wire::start(&launch);
        let mut editor = self.connected(wire, yard);
        editor.initialize(self.profile, self.folder);
        editor.open_at(self.fixture.cursor.as_ref());
        editor
    }

    fn connected(&self, wire: Wire, yard: Arc<Yard>) -> Editor {
        let mut capabilities = self.profile.capabilities();
        if let Some(encoding) = self.encoding {
            capabilities["general"]["positionEncodings"] = json!([encoding.name()]);
        }
        Editor {
            wire,
            yard,
            patience: self.patience,
            capabilities,
            quirks: self.quirks.unwrap_or_else(|| self.profile.quirks()),
            encoding: Encoding::Utf16,
            settings: self.settings.clone(),
            server: Value::Null,
            documents: BTreeMap::new(),
            cursor: Selection {
                path: String::new(),
                start: Place { line: 0, byte: 0 },
                end: Place { line: 0, byte: 0 },
            },
            diagnostics: BTreeMap::new(),
            pulled: super::pulling::Pulled::default(),
            progress: BTreeMap::new(),
            messages: Vec::new(),
            shown: Vec::new(),
            registered: BTreeSet::new(),
            script: Script::default(),
            events: Vec::new(),
            edits_answered: 0,
            previews: 0,
            asked: HashMap::new(),
            answers: HashMap::new(),
            next_id: 1,
            checker: Checker::default(),
            problems: Vec::new(),
            output_ended: false,
            shutting_down: false,
        }
    }
}

impl Editor {
    fn initialize(&mut self, profile: Profile, folder: bool) {
        let workspace = self.yard.workspace();
        let params = profile.initialize(folder.then_some(workspace.as_path()), &self.capabilities);
        let answer = match self.request("initialize", params) {
            Ok(answer) => answer,
            Err(error) => self.fail(&format!("the server refused to initialize: {error}")),
        };
        self.server = answer["capabilities"].clone();
        self.judge_offers();
        let chosen = self.server["positionEncoding"].as_str().unwrap_or("utf-16");
        match Encoding::named(chosen) {
            Some(encoding) if profile::encodings(&self.capabilities).contains(&encoding) => {
                self.encoding = encoding;
            }
            _ => self.fail(&format!("the server chose the encoding {chosen}, which was not offered")),
        }
        self.notify("initialized", json!({}));
    }

    fn open_at(&mut self, cursor: Option<&Cursor>) {
        let Some(cursor) = cursor else { return };
        self.open_file(&cursor.path);
        let text: &Text = self.documents[&cursor.path].text();
        let (start, end) = (text.at(cursor.start), text.at(cursor.end));
        self.cursor = Selection { path: cursor.path.clone(), start, end };
    }
}

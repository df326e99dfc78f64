//! The only writer to the client: takes what the session has to say and turns it into messages.
//!
//! Invariants
//! - Nothing that waits for the client's answer holds up anything else: each such request has its own task.
//! - The messages of one task's progress keep their order, and begin after the client has made the token.
//! - Findings are computed when they are sent, once for all changes of a short while.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Instant, sleep_until};
use tower_lsp::Client;
use tower_lsp::lsp_types::{self as lsp, notification::Progress, request::WorkDoneProgressCreate};

use super::edits;
use super::findings::Findings;
use super::to_proto;
use super::told::Told;
use crate::session::{Call, ClientEdit, Outgoing, Session};

/// How long changed findings wait for further changes.
const REFRESH_AFTER: Duration = Duration::from_millis(60);

/// The progress token of a task, and back.
fn token(task: u64) -> lsp::ProgressToken {
    lsp::ProgressToken::String(format!("vouchsafe/task/{task}"))
}

pub(super) fn task_of(token: &lsp::ProgressToken) -> Option<u64> {
    match token {
        lsp::ProgressToken::String(text) => text.strip_prefix("vouchsafe/task/")?.parse().ok(),
        lsp::ProgressToken::Number(_) => None,
    }
}

/// Runs until the session is gone.
pub(super) async fn run(
    client: Client,
    session: Arc<Session>,
    told: Arc<Told>,
    mut outgoing: UnboundedReceiver<Outgoing>,
) {
    let findings = Findings::new(client.clone(), Arc::clone(&session), told);
    let (previews, waiting) = unbounded_channel();
    tokio::spawn(edits::one_by_one(client.clone(), Arc::clone(&session), waiting));
    let mut outbox = Outbox { client, session, progress: HashMap::new(), findings, previews, due: None };
    loop {
        let due = outbox.due;
        tokio::select! {
            next = outgoing.recv() => match next {
                Some(next) => outbox.send(next).await,
                None => return,
            },
            () = async { sleep_until(due.unwrap_or_else(Instant::now)).await }, if due.is_some() => {
                outbox.due = None;
                outbox.findings.publish().await;
            }
        }
    }
}

struct Outbox {
    client: Client,
    session: Arc<Session>,
    progress: HashMap<u64, UnboundedSender<lsp::WorkDoneProgress>>,
    findings: Findings,
    /// Edits that open a preview, of which an editor shows one at a time.
    previews: UnboundedSender<ClientEdit>,
    due: Option<Instant>,
}

impl Outbox {
    async fn send(&mut self, next: Outgoing) {
        if self.session.is_shut_down() {
            // Nobody takes requests or looks any more; what ends is ended by the client's own end.
            return;
        }
        match next {
            Outgoing::Refresh(document) => {
                self.findings.changed(document).await;
                self.due.get_or_insert_with(|| Instant::now() + REFRESH_AFTER);
            }
            Outgoing::ProgressBegin { task, title } => self.begin(task, title),
            Outgoing::ProgressStep { task, text, percent } => {
                let report = lsp::WorkDoneProgressReport {
                    cancellable: Some(true),
                    message: Some(text),
                    percentage: percent,
                };
                self.report(task, lsp::WorkDoneProgress::Report(report));
            }
            Outgoing::ProgressEnd { task, text } => {
                let end = lsp::WorkDoneProgressEnd { message: Some(text) };
                self.report(task, lsp::WorkDoneProgress::End(end));
                self.progress.remove(&task);
            }
            Outgoing::Message(level, text) => self.client.show_message(to_proto::level(level), text).await,
            Outgoing::Log(level, text) => self.client.log_message(to_proto::level(level), text).await,
            Outgoing::Ask { text, choices } => self.ask(text, choices),
            Outgoing::Apply(edit) => self.apply(edit),
            Outgoing::Show { path, line } => self.show(&path, line),
            Outgoing::ShowVirtual { uri } => self.show_virtual(&uri),
            Outgoing::WatchConfiguration => self.watch(),
        }
    }

    fn begin(&mut self, task: u64, title: String) {
        if !self.session.client().progress {
            return;
        }
        let (sender, mut reports) = unbounded_channel();
        self.progress.insert(task, sender);
        let client = self.client.clone();
        tokio::spawn(async move {
            let create = lsp::WorkDoneProgressCreateParams { token: token(task) };
            if client.send_request::<WorkDoneProgressCreate>(create).await.is_err() {
                return;
            }
            let begin = lsp::WorkDoneProgressBegin {
                title,
                cancellable: Some(true),
                message: None,
                percentage: None,
            };
            let mut next = Some(lsp::WorkDoneProgress::Begin(begin));
            while let Some(report) = next {
                let value = lsp::ProgressParamsValue::WorkDone(report);
                client.send_notification::<Progress>(lsp::ProgressParams { token: token(task), value }).await;
                next = reports.recv().await;
            }
        });
    }

    fn report(&self, task: u64, report: lsp::WorkDoneProgress) {
        if let Some(progress) = self.progress.get(&task) {
            // The receiver is gone when the client refused the token: then nobody wants to know.
            drop(progress.send(report));
        }
    }

    fn ask(&self, text: String, choices: Vec<(String, Call)>) {
        let (client, session) = (self.client.clone(), Arc::clone(&self.session));
        tokio::spawn(async move {
            let actions = choices
                .iter()
                .map(|(title, _)| lsp::MessageActionItem { title: title.clone(), properties: HashMap::new() })
                .collect();
            let answer = client.show_message_request(lsp::MessageType::INFO, text, Some(actions)).await;
            let Ok(Some(chosen)) = answer else { return };
            let Some((_, call)) = choices.into_iter().find(|(title, _)| *title == chosen.title) else {
                return;
            };
            if let Err(sentence) = session.decide(call) {
                client.show_message(lsp::MessageType::WARNING, sentence).await;
            }
        });
    }

    fn apply(&self, edit: ClientEdit) {
        if edit.confirm {
            // The receiver lives as long as the runtime.
            drop(self.previews.send(edit));
            return;
        }
        let (client, session) = (self.client.clone(), Arc::clone(&self.session));
        tokio::spawn(async move {
            let id = edits::apply(&client, &session, edit).await;
            edits::overdue(&session, id).await;
        });
    }

    fn show(&self, path: &std::path::Path, line: Option<u32>) {
        let Ok(uri) = lsp::Url::from_file_path(path) else { return };
        let named = match line {
            Some(line) => format!("{}:{line}", path.display()),
            None => path.display().to_string(),
        };
        let selection = line.map(|line| {
            let at = lsp::Position { line: line.saturating_sub(1), character: 0 };
            lsp::Range { start: at, end: at }
        });
        self.show_document(uri, named, selection);
    }

    fn show_virtual(&self, uri: &str) {
        if let Ok(parsed) = uri.parse() {
            self.show_document(parsed, uri.to_owned(), None);
        }
    }

    /// Shows a document, or names it in a message where the client does not show it.
    fn show_document(&self, uri: lsp::Url, named: String, selection: Option<lsp::Range>) {
        let (client, able) = (self.client.clone(), self.session.client().shows_documents);
        tokio::spawn(async move {
            let params = lsp::ShowDocumentParams { uri, external: None, take_focus: Some(true), selection };
            let seen = able && client.show_document(params).await.unwrap_or(false);
            if !seen {
                client.show_message(lsp::MessageType::INFO, format!("Vouchsafe: see {named}")).await;
            }
        });
    }

    fn watch(&self) {
        let client = self.client.clone();
        tokio::spawn(async move {
            let watcher = lsp::FileSystemWatcher {
                glob_pattern: lsp::GlobPattern::String("**/.vouchsafe.toml".to_owned()),
                kind: None,
            };
            let options = lsp::DidChangeWatchedFilesRegistrationOptions { watchers: vec![watcher] };
            let registration = lsp::Registration {
                id: "vouchsafe/configuration".to_owned(),
                method: "workspace/didChangeWatchedFiles".to_owned(),
                register_options: serde_json::to_value(options).ok(),
            };
            // A client that refuses still gets the new configuration at the next task.
            drop(client.register_capability(vec![registration]).await);
        });
    }
}

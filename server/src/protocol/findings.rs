//! Keeping what the client shows of the findings right: published, or asked for again.
//!
//! Invariants
//! - A client gets each finding once: those of a document that is open and that the client asks about are never
//!   published, all others always are.
//! - A client is told to ask again only when it would be answered otherwise, and not for positions that moved with
//!   the text (see `told`).

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tower_lsp::Client;
use tower_lsp::lsp_types::{self as lsp, request::Request};

use super::to_proto;
use super::told::{Asked, Told};
use crate::session::{DocumentId, Session};

/// `workspace/textDocumentContent/refresh`, which `lsp-types` 0.94 lacks.
enum ContentRefresh {}

#[derive(Debug, Serialize, Deserialize)]
struct ContentRefreshParams {
    uri: String,
}

impl Request for ContentRefresh {
    type Params = ContentRefreshParams;
    type Result = ();
    const METHOD: &'static str = "workspace/textDocumentContent/refresh";
}

/// The documents whose findings may have changed, and how the client hears of it.
pub(super) struct Findings {
    client: Client,
    session: Arc<Session>,
    told: Arc<Told>,
    stale: BTreeSet<DocumentId>,
    /// Documents that the client shows published findings for.
    published: HashSet<DocumentId>,
}

impl Findings {
    pub(super) fn new(client: Client, session: Arc<Session>, told: Arc<Told>) -> Self {
        Self { client, session, told, stale: BTreeSet::new(), published: HashSet::new() }
    }

    /// The findings of a document may have changed; [`Self::publish`] tells it.
    pub(super) async fn changed(&mut self, document: DocumentId) {
        let asked_for = self.session.client().pulls_diagnostics && self.session.is_open(&document);
        if asked_for && self.published.contains(&document) {
            // It was opened: the client asks now, and must not show both.
            self.withdraw(&document).await;
        }
        self.stale.insert(document);
    }

    /// Tells the client all that changed since the last time.
    pub(super) async fn publish(&mut self) {
        if self.session.is_shut_down() {
            return;
        }
        let abilities = self.session.client();
        let (mut diagnostics, mut lenses) = (false, false);
        for document in std::mem::take(&mut self.stale) {
            let Some((uri, version, findings)) = self.session.findings(&document) else { continue };
            let open = version.is_some();
            lenses |= abilities.refreshes_code_lens
                && open
                && self.told.differs(&document, Asked::Lenses, &findings);
            for uri in self.told.outdated(&document, &findings) {
                self.ask_again::<ContentRefresh>(ContentRefreshParams { uri });
            }
            if abilities.pulls_diagnostics && open {
                diagnostics |= self.told.differs(&document, Asked::Diagnostics, &findings);
                continue;
            }
            let Ok(uri) = uri.parse() else { continue };
            let shown: Vec<_> =
                findings.iter().map(|finding| to_proto::diagnostic(finding, &abilities)).collect();
            if shown.is_empty() {
                self.published.remove(&document);
            } else {
                self.published.insert(document);
            }
            self.client.publish_diagnostics(uri, shown, version).await;
        }
        if diagnostics {
            self.ask_again::<lsp::request::WorkspaceDiagnosticRefresh>(());
        }
        if lenses {
            self.ask_again::<lsp::request::CodeLensRefresh>(());
        }
    }

    async fn withdraw(&mut self, document: &DocumentId) {
        self.published.remove(document);
        let uri = self.session.findings(document).and_then(|(uri, _, _)| uri.parse().ok());
        if let Some(uri) = uri {
            self.client.publish_diagnostics(uri, Vec::new(), None).await;
        }
    }

    /// Requests that the client asks again, without waiting for its answer.
    fn ask_again<R>(&self, params: R::Params)
    where
        R: Request + 'static,
        R::Params: Send + 'static,
        R::Result: Send,
    {
        let (client, session) = (self.client.clone(), Arc::clone(&self.session));
        tokio::spawn(async move {
            if session.is_shut_down() {
                return;
            }
            // A client that refuses asks when its user does something next.
            drop(client.send_request::<R>(params).await);
        });
    }
}

//! `initialize`: who the client is, which folders it has, what it may ask.

use tower_lsp::lsp_types as lsp;

use crate::protocol::advertised::Extras;
use crate::protocol::{capabilities, from_proto};
use crate::session::{DocumentId, Session};

pub(in crate::protocol) fn initialize(
    session: &Session,
    extras: Extras,
    params: lsp::InitializeParams,
) -> lsp::InitializeResult {
    let client = capabilities::client(&params, extras);
    let capabilities = capabilities::server(&client);
    let uris = folders(&params);
    let folders = uris.iter().filter_map(|uri| match from_proto::document(uri) {
        DocumentId::File(path) => Some(path),
        DocumentId::Other(_) => None,
    });
    session.initialize(client, folders.collect(), params.initialization_options);
    lsp::InitializeResult {
        capabilities,
        server_info: Some(lsp::ServerInfo {
            name: "vouchsafe".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
    }
}

/// The workspace folders, or what older clients send in their place.
#[expect(deprecated, reason = "clients without workspace folders still send only these")]
fn folders(params: &lsp::InitializeParams) -> Vec<lsp::Url> {
    if let Some(folders) = &params.workspace_folders {
        return folders.iter().map(|folder| folder.uri.clone()).collect();
    }
    let path = params.root_path.as_deref().and_then(|path| lsp::Url::from_file_path(path).ok());
    params.root_uri.clone().or(path).into_iter().collect()
}

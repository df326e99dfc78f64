//! Carrying out an accepted change: by an edit of the client's where it can, else by writing it.

use std::path::Path;

use crate::apply::{self, ApplyError};
use crate::review::{Entry, FileChange, ProposedFile};

use super::client::Client;
use super::outgoing::ClientChange;

/// The edit that makes this change, when this client can make it; `of` and `from` are the URIs of the file and of
/// the one it is renamed from.
pub(super) fn client_change(
    file: &ProposedFile,
    client: &Client,
    of: &str,
    from: &str,
) -> Option<ClientChange> {
    let plain = |entry: &Entry| matches!(entry, Entry::File { .. }) && !entry.executable();
    let uri = of.to_owned();
    match &file.change {
        _ if !client.document_changes => None,
        FileChange::Create(entry) if client.creates_files && plain(entry) => {
            Some(ClientChange::Create { uri, text: entry.text()?.to_owned() })
        }
        FileChange::Delete(Entry::File { .. }) if client.deletes_files => Some(ClientChange::Delete { uri }),
        FileChange::Rename { .. } if client.renames_files => {
            Some(ClientChange::Rename { from: from.to_owned(), to: uri })
        }
        _ => None,
    }
}

/// Makes the change on disk; what stands there must be what the task saw.
pub(super) fn write(workspace: &Path, file: &ProposedFile) -> Result<(), ApplyError> {
    let path = &file.path;
    let as_file =
        |bytes: &std::sync::Arc<[u8]>| Entry::File { bytes: bytes.clone(), mode: mode(workspace, file) };
    match &file.change {
        // Lines are the editor's to change.
        FileChange::Text(_) => Ok(()),
        FileChange::Create(after) => apply::write(workspace, path, None, Some(after)),
        FileChange::Delete(before) => apply::write(workspace, path, Some(before), None),
        FileChange::Rename { from } => apply::rename(workspace, from, path),
        FileChange::Binary { before, after } => {
            apply::write(workspace, path, Some(&as_file(before)), Some(&as_file(after)))
        }
        FileChange::Mode { to, .. } => apply::set_mode(workspace, path, *to),
        FileChange::Symlink { from, to } => {
            let link = |target: &std::sync::Arc<[u8]>| Entry::Symlink { target: target.clone() };
            apply::write(workspace, path, Some(&link(from)), Some(&link(to)))
        }
        FileChange::Replace { before, after } => apply::write(workspace, path, Some(before), Some(after)),
    }
}

/// The permissions a replaced file keeps.
fn mode(workspace: &Path, file: &ProposedFile) -> u32 {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let meta = workspace.join(file.path.as_path()).symlink_metadata();
        meta.map_or(0o644, |meta| meta.permissions().mode() & 0o777)
    }
    #[cfg(not(unix))]
    {
        drop((workspace, file));
        0o644
    }
}

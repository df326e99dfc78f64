//! `file:` URIs, for links in texts and for documents that the client has not named itself.

use std::path::Path;

use url::Url;

/// The URI of an absolute path.
#[must_use]
pub fn of_file(path: &Path) -> Option<String> {
    Url::from_file_path(path).ok().map(String::from)
}

/// The URI of a one-based line of a file, as editors read it.
#[must_use]
pub fn of_line(path: &Path, line: u32) -> Option<String> {
    let mut uri = Url::from_file_path(path).ok()?;
    uri.set_fragment(Some(&format!("L{line}")));
    Some(uri.into())
}

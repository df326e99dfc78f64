//! What stands at a path of the shadow, without reading it and without following a link.

use rustix::fs::Stat;
use vouchsafe_base::WorkspacePath;

use super::file::{self, Kind};
use super::handle::{Shadow, Within};
use super::overlaid::Where;
use super::plan::{Found, ShadowError};

impl Shadow {
    /// What stands at a path now; `None` for nothing, for what is hidden, and below a symbolic link.
    ///
    /// # Errors
    /// When it cannot be looked at.
    pub fn find(&self, path: &WorkspacePath) -> Result<Option<Found>, ShadowError> {
        let unreadable = |error| ShadowError::Unreadable { path: path.clone(), error };
        let (root, stat) = match self.within() {
            Within::Copied(copied) => (copied.root(), copied.root().stat(path)),
            Within::Overlaid(overlaid) => match overlaid.locate(path).map_err(unreadable)? {
                Where::Nowhere => return Ok(None),
                Where::Upper => (&overlaid.upper_root, overlaid.upper_root.stat(path)),
                Where::Below if overlaid.is_masked(path) => return Ok(None),
                Where::Below => match overlaid.base_kind(path) {
                    Some(found) => return Ok(Some(found)),
                    None => (&overlaid.workspace_root, overlaid.workspace_root.stat(path)),
                },
            },
        };
        let Some(stat) = stat.map_err(unreadable)? else { return Ok(None) };
        Ok(Some(match file::kind(&stat) {
            Kind::File => Found::File { bytes: size(&stat) },
            Kind::Directory => Found::Directory,
            Kind::Symlink => Found::Symlink { target: root.link(path).map_err(unreadable)? },
            Kind::Special => Found::Special,
        }))
    }
}

fn size(stat: &Stat) -> u64 {
    u64::try_from(stat.st_size).unwrap_or_default()
}

//! Pairing deleted and created files of the same bytes into renames.

use std::collections::BTreeMap;

use vouchsafe_base::Digest;

use super::change::{Change, Entry};

/// Turns each deleted and created pair of the same non-empty bytes into one change. With several candidates the one of
/// the same name is taken first, else the first by path; each is taken once.
pub(super) fn pair(changes: Vec<Change>) -> Vec<Change> {
    let mut deleted: BTreeMap<Digest, Vec<Change>> = BTreeMap::new();
    let (mut created, mut kept) = (Vec::new(), Vec::new());
    for change in changes {
        match (&change.before, &change.after) {
            (Some(Entry::File { digest, bytes: 1.., .. }), None) => {
                deleted.entry(*digest).or_default().push(change);
            }
            (None, Some(Entry::File { digest, .. })) => created.push((*digest, change)),
            _ => kept.push(change),
        }
    }
    // Same name first, over all pairs, so that a second candidate does not take what fits another better.
    for same_name in [true, false] {
        created.retain_mut(|(digest, change)| {
            let Some(candidates) = deleted.get_mut(digest) else { return true };
            let fits = |old: &Change| !same_name || old.path.name() == change.path.name();
            let Some(at) = candidates.iter().position(fits) else { return true };
            let old = candidates.remove(at);
            kept.push(Change {
                path: change.path.clone(),
                before: old.before,
                after: change.after.take(),
                renamed_from: Some(old.path),
            });
            false
        });
    }
    kept.extend(created.into_iter().map(|(_, change)| change));
    kept.extend(deleted.into_values().flatten());
    kept.sort_by(|a, b| a.path.cmp(&b.path));
    kept
}

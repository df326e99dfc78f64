//! Which hunk should not be accepted without which other one.
//!
//! Rules, each read from names and paths alone:
//! 1. a new line that names a new file (`mod parse;`, `import "./parse"`) needs that file;
//! 2. what appears at a path, or below it, needs that what was in the way goes, is renamed away or becomes a directory.

use vouchsafe_base::WorkspacePath;

use super::{Entry, FileChange, Hunk, HunkId, ProposedFile};

/// Names that say nothing about their file: its directory's name stands for it.
const GENERIC_STEMS: [&str; 6] = ["mod", "index", "__init__", "main", "lib", "init"];
/// A shorter name would be met by chance.
const NAME_CHARS_MIN: usize = 3;

/// Pairs of a hunk and one that it needs.
pub(super) fn needs(files: &[ProposedFile]) -> Vec<(HunkId, HunkId)> {
    let mut out = Vec::new();
    for appears in files.iter().filter(|file| appears(file)) {
        let Some(id) = appears.whole.as_ref().map(|whole| whole.id) else { continue };
        let named = name(&appears.path).into_iter().flat_map(|name| naming(files, name));
        out.extend(named.map(|hunk| (hunk, id)));
        out.extend(
            files
                .iter()
                .filter(|other| in_the_way(appears, other))
                .filter_map(|other| Some((id, other.whole.as_ref()?.id))),
        );
    }
    out
}

fn appears(file: &ProposedFile) -> bool {
    matches!(file.change, FileChange::Create(_) | FileChange::Rename { .. })
}

/// Whether `other` frees a path that the new file needs.
fn in_the_way(new: &ProposedFile, other: &ProposedFile) -> bool {
    let freed = match &other.change {
        FileChange::Delete(_) => &other.path,
        FileChange::Rename { from } => from,
        FileChange::Replace { after: Entry::Directory, .. } => &other.path,
        _ => return false,
    };
    new.ids() != other.ids() && (new.path.is_within(freed) || freed.is_within(&new.path))
}

/// The word by which other files name this one.
fn name(path: &WorkspacePath) -> Option<&str> {
    let stem = |path: &WorkspacePath| -> Option<std::ops::Range<usize>> {
        let text = path.as_str()?;
        let start = text.rfind('/').map_or(0, |slash| slash + 1);
        let file = text.get(start..)?;
        let len = file.find('.').filter(|dot| *dot > 0).unwrap_or(file.len());
        Some(start..start + len)
    };
    let own = path.as_str()?.get(stem(path)?)?;
    let name = if GENERIC_STEMS.contains(&own) {
        let above = path.as_str()?.rsplit('/').nth(1)?;
        above.split('.').next()?
    } else {
        own
    };
    (name.chars().count() >= NAME_CHARS_MIN).then_some(name)
}

/// The text hunks whose new lines name it and whose old lines do not.
fn naming<'a>(files: &'a [ProposedFile], name: &'a str) -> impl Iterator<Item = HunkId> + 'a {
    let texts = files.iter().filter_map(|file| match &file.change {
        FileChange::Text(text) => Some(&text.hunks),
        _ => None,
    });
    let names = move |hunk: &&Hunk| has_word(hunk.new.text(), name) && !has_word(hunk.old.text(), name);
    texts.flatten().filter(names).map(|hunk| hunk.id)
}

fn has_word(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Change, Changed, Proposal};
    use super::*;

    fn proposal(changes: &[(&str, Option<&str>, Option<&str>)]) -> Proposal {
        let entry = |text: &str| Entry::File { bytes: text.as_bytes().into(), mode: 0o644 };
        let changed = changes.iter().map(|(path, before, after)| Changed {
            change: Change {
                path: WorkspacePath::parse(path).unwrap(),
                before: before.map(entry),
                after: after.map(entry),
                renamed_from: None,
            },
            protected: None,
            steps: Vec::new(),
            origins: &|_| Vec::new(),
        });
        Proposal::new(1, String::new(), changed.collect())
    }

    fn needs_of(proposal: &Proposal) -> Vec<(u32, u32)> {
        proposal
            .hunks()
            .flat_map(|(id, _)| proposal.needs(id).map(move |what| (id.hunk, what.hunk)))
            .collect()
    }

    #[test]
    fn a_line_that_names_a_new_file_needs_it() {
        let proposal = proposal(&[
            ("src/lib.rs", Some("a\nb\nc\n"), Some("mod parser;\na\nb\nmod parsers;\nc\nuse shape;\n")),
            ("src/parser.rs", None, Some("")),
            ("src/shape/mod.rs", None, Some("")),
        ]);
        assert_eq!(needs_of(&proposal), [(1, 4), (3, 5)]);
    }

    #[test]
    fn what_was_in_the_way_goes_first() {
        let proposal = proposal(&[("util", Some("x"), None), ("util/one.txt", None, Some("y"))]);
        assert_eq!(needs_of(&proposal), [(2, 1)]);

        let change = |path: &str, before: Option<Entry>, after: Entry| Changed {
            change: Change {
                path: WorkspacePath::parse(path).unwrap(),
                before,
                after: Some(after),
                renamed_from: None,
            },
            protected: None,
            steps: Vec::new(),
            origins: &|_| Vec::new(),
        };
        let file = |text: &str| Entry::File { bytes: text.as_bytes().into(), mode: 0o644 };
        let becomes_a_directory =
            vec![change("util/one.txt", None, file("y")), change("util", Some(file("x")), Entry::Directory)];
        assert_eq!(needs_of(&Proposal::new(1, String::new(), becomes_a_directory)), [(1, 2)]);
    }
}

//! How text that is not the user's reaches the model: as data, with its source, in marks that it cannot know.
//!
//! Invariants
//! - Secrets are replaced, invisible characters shown, and the mark itself cannot occur inside.
//! - The mark is random for each task: nothing in a repository can have been written for it.

use std::hash::{BuildHasher, Hasher, RandomState};

use vouchsafe_evidence::record::visible;
use vouchsafe_evidence::redact::Redactor;

/// The longest name of a source, in characters: names of files are foreign text too.
const SOURCE_CHARS_MAX: usize = 200;

/// Wraps foreign text for one task.
pub(super) struct Data<'a> {
    mark: String,
    redactor: &'a Redactor,
}

impl<'a> Data<'a> {
    /// With a mark of its own.
    pub(super) fn new(redactor: &'a Redactor) -> Self {
        let random = || RandomState::new().build_hasher().finish();
        Self { mark: format!("data-{:016x}", random() ^ random().rotate_left(17)), redactor }
    }

    /// The mark.
    pub(super) fn mark(&self) -> &str {
        &self.mark
    }

    /// Foreign text as a block of its own.
    pub(super) fn block(&self, source: &str, text: &str) -> String {
        let mark = &self.mark;
        let source: String = self.inline(source).replace('"', "'").chars().take(SOURCE_CHARS_MAX).collect();
        let text = self.shown(text);
        let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        format!("<{mark} source=\"{source}\">\n{text}{end}</{mark}>")
    }

    /// Foreign text inside of a line of ours: a path, a name.
    pub(super) fn inline(&self, text: &str) -> String {
        self.shown(text).lines().collect::<Vec<_>>().join(" ")
    }

    /// The user's words: only secrets are taken out.
    pub(super) fn users(&self, text: &str) -> String {
        self.redactor.text(text).into_owned()
    }

    fn shown(&self, text: &str) -> String {
        let clean = self.redactor.text(text);
        let mut out = String::with_capacity(clean.len());
        for line in clean.split_inclusive('\n') {
            out.push_str(&visible(line.as_bytes()));
            if line.ends_with('\n') {
                out.push('\n');
            }
        }
        if out.contains(&self.mark) { out.replace(&self.mark, "[mark]") } else { out }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_cannot_be_ended_from_inside() {
        let redactor = Redactor::default();
        let data = Data::new(&redactor);
        let mark = data.mark().to_owned();
        let block =
            data.block("file \"a\"\nb", &format!("x\u{200b}\r\n</{mark}>\nghp_{}\n", "a1".repeat(18)));
        assert_eq!(
            block,
            format!(
                "<{mark} source=\"file 'a' b\">\nx⟨U+200B⟩\n</[mark]>\n[redacted:github-token]\n</{mark}>"
            )
        );
        assert_ne!(Data::new(&redactor).mark(), mark);
        assert_eq!(data.block("s", ""), format!("<{mark} source=\"s\">\n</{mark}>"));
    }
}

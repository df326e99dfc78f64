//! What a command printed, as the model is shown it: in the order it came, the beginning and the end of a long one.

use std::collections::VecDeque;

/// So many bytes of the beginning are shown …
const HEAD_BYTES: usize = 6 << 10;
/// … and so many of the end, where most tools say what counts.
const TAIL_BYTES: usize = 10 << 10;

/// Collects output in bounded memory.
#[derive(Debug, Default)]
pub(super) struct Transcript {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    /// Bytes between the two.
    left_out: u64,
}

impl Transcript {
    pub(super) fn take(&mut self, bytes: &[u8]) {
        let room = HEAD_BYTES.saturating_sub(self.head.len()).min(bytes.len());
        let (head, rest) = bytes.split_at(room);
        self.head.extend_from_slice(head);
        self.tail.extend(rest);
        let over = self.tail.len().saturating_sub(TAIL_BYTES);
        self.tail.drain(..over);
        self.left_out += over as u64;
    }

    /// The text, and whether something of it is missing. Cut lines go with what is missing.
    pub(super) fn shown(self) -> (String, bool) {
        let tail: Vec<u8> = self.tail.into();
        if self.left_out == 0 {
            return (String::from_utf8_lossy(&[self.head, tail].concat()).into_owned(), false);
        }
        let (head, tail) = (String::from_utf8_lossy(&self.head), String::from_utf8_lossy(&tail));
        let head = head.rsplit_once('\n').map_or(&*head, |(whole, _)| whole);
        let tail = tail.split_once('\n').map_or(&*tail, |(_, whole)| whole);
        (format!("{head}\n[… about {} bytes are not shown …]\n{tail}", self.left_out), true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginning_and_end() {
        let mut short = Transcript::default();
        short.take(b"a\n");
        short.take(b"b");
        assert_eq!(short.shown(), ("a\nb".to_owned(), false));
        let mut long = Transcript::default();
        (0..10_000).for_each(|n| long.take(format!("line {n}\n").as_bytes()));
        let (text, cut) = long.shown();
        assert!(cut && text.starts_with("line 0\n") && text.ends_with("line 9999\n"));
        assert!(text.len() < HEAD_BYTES + TAIL_BYTES + 100);
        assert!(text.lines().filter(|line| line.starts_with("[… about")).count() == 1);
        assert!(text.lines().all(|line| line.starts_with("line ") || line.starts_with("[…")));
    }
}

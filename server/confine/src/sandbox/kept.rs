//! The head and the tail of a stream, whatever its length, in bounded memory.

use std::collections::VecDeque;

use super::observation::Output;

/// Collects one stream.
#[derive(Debug)]
pub(crate) struct Kept {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    half: usize,
    total: u64,
}

impl Kept {
    /// Keeps at most `bytes`: half of them the head, half the tail.
    pub(crate) fn new(bytes: u64) -> Self {
        let half = usize::try_from(bytes / 2).unwrap_or(usize::MAX);
        Self { head: Vec::new(), tail: VecDeque::new(), half, total: 0 }
    }

    /// Takes the next bytes.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.total = self.total.saturating_add(bytes.len() as u64);
        let room = self.half.saturating_sub(self.head.len()).min(bytes.len());
        let (first, rest) = bytes.split_at(room);
        self.head.extend_from_slice(first);
        let last = rest.get(rest.len().saturating_sub(self.half)..).unwrap_or_default();
        let over = (self.tail.len() + last.len()).saturating_sub(self.half);
        self.tail.drain(..over.min(self.tail.len()));
        self.tail.extend(last);
    }

    /// What was kept.
    pub(crate) fn finish(self) -> Output {
        let gap_at = self.head.len();
        let mut kept = self.head;
        kept.extend(self.tail);
        let truncated = (kept.len() as u64) < self.total;
        let gap_at = if truncated { gap_at } else { kept.len() };
        Output { kept, total_bytes: self.total, truncated, gap_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn head_and_tail_are_those_of_the_whole(
            pieces in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..30), 0..12), half in 0usize..40,
        ) {
            let mut kept = Kept::new(2 * half as u64);
            pieces.iter().for_each(|piece| kept.push(piece));
            let whole = pieces.concat();
            let output = kept.finish();
            prop_assert_eq!(output.total_bytes, whole.len() as u64);
            if output.truncated {
                let (head, tail) = output.kept.split_at(output.gap_at);
                prop_assert!(whole.starts_with(head) && whole.ends_with(tail));
                prop_assert_eq!((head.len(), tail.len()), (half, half));
            } else {
                prop_assert_eq!(&output.kept, &whole);
            }
        }
    }
}

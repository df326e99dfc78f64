//! Keeps the key out of the pieces of an answer, however it is cut up.
//!
//! Invariants
//! - No piece that is passed on ends in the beginning of the key: that is held back until more of it is known.
//! - What is held back is shorter than the key; everything else is passed on at once.

use super::Delta;

/// What stands in the place of the key.
const MASK: &str = "(key)";
/// A beginning of the key at the very end of what is said is masked as well from so many bytes on.
const TOLD_BYTES_MIN: usize = 4;

/// The pieces of one answer on their way.
pub(super) struct Hush<'k> {
    key: Option<&'k str>,
    held: String,
    thinks: bool,
}

impl<'k> Hush<'k> {
    /// For this key, if there is one worth looking for.
    pub(super) const fn new(key: Option<&'k str>) -> Self {
        Self { key, held: String::new(), thinks: false }
    }

    /// Takes a piece and passes on what can be told of it.
    pub(super) fn hears(&mut self, piece: Delta<'_>, to: &mut dyn FnMut(Delta<'_>)) {
        let (Some(key), Delta::Text(text) | Delta::Reasoning(text)) = (self.key, piece) else {
            self.ends(to);
            return to(piece);
        };
        let thinks = matches!(piece, Delta::Reasoning(_));
        if thinks != self.thinks {
            self.ends(to);
            self.thinks = thinks;
        }
        self.held.push_str(text);
        if self.held.contains(key) {
            self.held = self.held.replace(key, MASK);
        }
        let kept = beginning_at_end(&self.held, key);
        let rest = self.held.split_off(self.held.len() - kept);
        self.pass(to);
        self.held = rest;
    }

    /// Nothing follows in this manner of speaking.
    pub(super) fn ends(&mut self, to: &mut dyn FnMut(Delta<'_>)) {
        if self.held.len() >= TOLD_BYTES_MIN {
            MASK.clone_into(&mut self.held);
        }
        self.pass(to);
        self.held.clear();
    }

    fn pass(&self, to: &mut dyn FnMut(Delta<'_>)) {
        match (self.held.as_str(), self.thinks) {
            ("", _) => {}
            (text, true) => to(Delta::Reasoning(text)),
            (text, false) => to(Delta::Text(text)),
        }
    }
}

/// How many bytes at the end of a text are a beginning of the key. The key is ASCII, so a cut there is one between
/// characters.
fn beginning_at_end(text: &str, key: &str) -> usize {
    let most = text.len().min(key.len().saturating_sub(1));
    let ends = |length: &usize| key.get(..*length).is_some_and(|beginning| text.ends_with(beginning));
    (1..=most).rev().find(ends).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "sk-abcabcd-0";

    fn heard(pieces: &[&str]) -> Vec<String> {
        let mut out = Vec::new();
        let mut hush = Hush::new(Some(KEY));
        let mut to = |piece: Delta<'_>| match piece {
            Delta::Text(text) | Delta::Reasoning(text) => out.push(text.to_owned()),
            Delta::Call(name) | Delta::Again(name) => out.push(format!("<{name}>")),
        };
        pieces.iter().for_each(|piece| hush.hears(Delta::Text(piece), &mut to));
        hush.ends(&mut to);
        out
    }

    #[test]
    fn the_key_is_masked_wherever_it_is_cut() {
        let text = format!("key: {KEY}, I think; ask is no key");
        for size in 1..text.len() {
            let pieces: Vec<_> =
                text.as_bytes().chunks(size).map(|piece| std::str::from_utf8(piece).unwrap()).collect();
            let heard = heard(&pieces);
            assert_eq!(heard.concat(), "key: (key), I think; ask is no key", "{size}");
            assert!(heard.iter().all(|piece| !piece.contains("sk-a")), "{size}: {heard:?}");
        }
    }

    #[test]
    fn what_is_no_key_is_passed_on_at_once() {
        assert_eq!(heard(&["a", "é", "sk", " b"]), ["a", "é", "sk b"]);
        assert_eq!(heard(&["the end is sk"]), ["the end is ", "sk"]);
        assert_eq!(heard(&["the end is sk-abc"]), ["the end is ", "(key)"]);
    }

    #[test]
    fn what_is_held_comes_before_what_follows_it() {
        let mut order = Vec::new();
        let mut hush = Hush::new(Some(KEY));
        let mut to = |piece: Delta<'_>| order.push(format!("{piece:?}"));
        hush.hears(Delta::Reasoning("s"), &mut to);
        hush.hears(Delta::Text("s"), &mut to);
        hush.hears(Delta::Call("read"), &mut to);
        assert_eq!(order, ["Reasoning(\"s\")", "Text(\"s\")", "Call(\"read\")"]);
    }
}

//! Finds out from which old lines the new lines of changed places were made.
//!
//! In this order, each for what the one before left over:
//! 1. In one place: the same line but for white space (re-indented).
//! 2. In different places: the same line but for white space (moved), if it has something to recognise it by.
//! 3. In one place: lines that share at least half of their words (re-written, split, joined).
//!
//! Past the time limit of the diff nothing more is looked for: what is left over counts as new.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::time::Instant;

use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};

use super::correspond::Changed;

/// A line with fewer letters and digits is never recognised alone as moved.
const MOVED_WORD_CHARS_MIN: usize = 4;
/// A place with more words than this, old and new together, is not looked at word by word.
const WORDS_MAX: usize = 100_000;

pub(super) fn pair(places: &mut [&mut Changed], old: &[&str], new: &[&str], deadline: Instant) {
    if Instant::now() > deadline {
        return;
    }
    let mut used = BTreeSet::new();
    for place in places.iter_mut() {
        reindented(place, old, new, &mut used);
    }
    moved(places, old, new, &mut used);
    for place in places.iter_mut().take_while(|_| Instant::now() < deadline) {
        rewritten(place, old, new, &used, deadline);
    }
}

/// The line without white space.
fn squeeze(line: &str) -> String {
    line.split_whitespace().collect()
}

/// Whether two lines are the same but for white space; allocates nothing.
fn same_but_for_space(a: &str, b: &str) -> bool {
    let solid = |line: &'_ str| line.chars().filter(|c| !c.is_whitespace()).collect::<Vec<_>>();
    a == b || solid(a) == solid(b)
}

pub(super) fn word_chars(line: &str) -> usize {
    line.chars().filter(|c| c.is_alphanumeric()).count()
}

fn line<'a>(lines: &[&'a str], n: u32) -> &'a str {
    lines.get(n as usize).copied().unwrap_or_default()
}

fn reindented(place: &mut Changed, old: &[&str], new: &[&str], used: &mut BTreeSet<u32>) {
    if place.old.is_empty() {
        return;
    }
    let mut waiting: HashMap<String, VecDeque<u32>> = HashMap::new();
    for n in place.old.clone() {
        waiting.entry(squeeze(line(old, n))).or_default().push_back(n);
    }
    for (n, source) in place.new.clone().zip(&mut place.sources) {
        let found = waiting.get_mut(&squeeze(line(new, n))).and_then(VecDeque::pop_front);
        if let Some(from) = found {
            source.lines.push(from);
            source.exact = line(old, from) == line(new, n);
            used.insert(from);
        }
    }
}

fn moved(places: &mut [&mut Changed], old: &[&str], new: &[&str], used: &mut BTreeSet<u32>) {
    let mut waiting: HashMap<String, VecDeque<u32>> = HashMap::new();
    for n in places.iter().flat_map(|place| place.old.clone()).filter(|n| !used.contains(n)) {
        waiting.entry(squeeze(line(old, n))).or_default().push_back(n);
    }
    let mut free: BTreeSet<u32> = waiting.values().flatten().copied().collect();
    if free.is_empty() {
        return;
    }
    for place in places.iter_mut() {
        let first = place.new.start;
        let mut from: Vec<Option<u32>> = vec![None; place.sources.len()];
        for (index, n) in place.new.clone().enumerate() {
            let open = place.sources.get(index).is_some_and(|source| source.lines.is_empty());
            let text = line(new, n);
            if !open {
                continue;
            }
            let previous = index.checked_sub(1).and_then(|before| from.get(before).copied().flatten());
            let following = previous
                .map(|n| n + 1)
                .filter(|n| free.contains(n) && same_but_for_space(line(old, *n), text));
            let known = following.or_else(|| {
                let queue =
                    waiting.get_mut(&squeeze(text)).filter(|_| word_chars(text) >= MOVED_WORD_CHARS_MIN)?;
                std::iter::from_fn(|| queue.pop_front()).find(|n| free.contains(n))
            });
            if let Some(known) = known {
                free.remove(&known);
                from.get_mut(index).into_iter().for_each(|slot| *slot = Some(known));
            }
        }
        extend_upwards(&mut from, first, &mut free, old, new, place);
        for ((index, n), source) in from.iter().zip(place.new.clone()).zip(&mut place.sources) {
            if let Some(known) = *index {
                source.lines.push(known);
                source.exact = line(old, known) == line(new, n);
                used.insert(known);
            }
        }
    }
}

/// A moved line brings the plain lines just above it along.
fn extend_upwards(
    from: &mut [Option<u32>],
    first: u32,
    free: &mut BTreeSet<u32>,
    old: &[&str],
    new: &[&str],
    place: &Changed,
) {
    for index in (1..from.len()).rev() {
        let above = from.get(index).copied().flatten().and_then(|n| n.checked_sub(1));
        let open = from.get(index - 1).is_some_and(Option::is_none)
            && place.sources.get(index - 1).is_some_and(|source| source.lines.is_empty());
        let text = line(new, first + u32::try_from(index - 1).unwrap_or_default());
        if let Some(above) =
            above.filter(|n| open && free.contains(n) && same_but_for_space(line(old, *n), text))
        {
            free.remove(&above);
            from.get_mut(index - 1).into_iter().for_each(|slot| *slot = Some(above));
        }
    }
}

/// A word or mark, and the line it stands in, counted from the first line of its place.
type Word<'a> = (&'a str, usize);

fn rewritten(place: &mut Changed, old: &[&str], new: &[&str], used: &BTreeSet<u32>, deadline: Instant) {
    let was: Vec<u32> = place.old.clone().filter(|n| !used.contains(n)).collect();
    let open = place.new.clone().zip(&place.sources).filter(|(_, source)| source.lines.is_empty());
    let is: Vec<u32> = open.map(|(n, _)| n).collect();
    if was.is_empty() || is.is_empty() {
        return;
    }
    let old_words = words(&was, old);
    let new_words = words(&is, new);
    if old_words.len() + new_words.len() > WORDS_MAX {
        return;
    }
    let shared = shared(&old_words, &new_words, deadline);
    let (old_weights, new_weights) = (weights(&old_words, was.len()), weights(&new_words, is.len()));
    for ((from, to), weight) in shared {
        let least =
            old_weights.get(from).copied().unwrap_or(0).min(new_weights.get(to).copied().unwrap_or(0));
        let (Some(from), Some(to)) = (was.get(from), is.get(to)) else { continue };
        let index = (to - place.new.start) as usize;
        if weight * 2 >= least && weight > 0 {
            place.sources.get_mut(index).into_iter().for_each(|source| source.lines.push(*from));
        }
    }
    place.sources.iter_mut().for_each(|source| source.lines.sort_unstable());
}

fn words<'a>(numbers: &[u32], lines: &[&'a str]) -> Vec<Word<'a>> {
    let each = numbers.iter().enumerate();
    each.flat_map(|(index, n)| split_words(line(lines, *n)).map(move |word| (word, index))).collect()
}

/// Runs of letters, digits and `_`; any other visible character alone.
fn split_words(line: &str) -> impl Iterator<Item = &str> {
    let in_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut rest = line;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let first = rest.chars().next()?;
        let end =
            if in_word(first) { rest.find(|c| !in_word(c)).unwrap_or(rest.len()) } else { first.len_utf8() };
        let (word, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(word)
    })
}

/// How much a word tells: letters and digits count, marks hardly.
fn weight(word: &str) -> u64 {
    match word_chars(word) as u64 {
        0 => 1,
        chars => chars * 16,
    }
}

fn weights(words: &[Word<'_>], lines: usize) -> Vec<u64> {
    let mut weights = vec![0; lines];
    for (word, at) in words {
        weights.get_mut(*at).into_iter().for_each(|sum| *sum += weight(word));
    }
    weights
}

/// For each pair of an old and a new line: the weight of the words they share in order.
fn shared(old: &[Word<'_>], new: &[Word<'_>], deadline: Instant) -> HashMap<(usize, usize), u64> {
    let (was, is): (Vec<&str>, Vec<&str>) =
        (old.iter().map(|word| word.0).collect(), new.iter().map(|word| word.0).collect());
    let mut shared = HashMap::new();
    for op in capture_diff_slices_deadline(Algorithm::Myers, &was, &is, Some(deadline)) {
        if let DiffOp::Equal { old_index, new_index, len } = op {
            let pairs = old.iter().skip(old_index).zip(new.iter().skip(new_index)).take(len);
            for ((word, from), (_, to)) in pairs {
                *shared.entry((*from, *to)).or_default() += weight(word);
            }
        }
    }
    shared
}

//! Making room in a conversation that comes near the model's limit: older results of tools go, everything else stays.
//!
//! Invariants
//! - What the model said, and what the user said, is never touched. The record keeps all.
//! - Only near the limit: any change of older items costs the provider's cache.

use crate::model::{Item, ToolResult};

/// A result of fewer bytes stays: little is won.
const BYTES_MIN: usize = 400;
/// As many tokens as bytes are at least needed for most texts.
const BYTES_PER_TOKEN: u64 = 3;

/// About how many tokens a conversation takes, given what the last request took and how many bytes came since.
pub(super) const fn estimated(last_tokens: u64, bytes_since: u64) -> u64 {
    last_tokens + bytes_since / BYTES_PER_TOKEN
}

/// Whether a request of about so many tokens leaves too little room for an answer.
pub(super) const fn is_near(tokens: u64, context_tokens: u64) -> bool {
    tokens > context_tokens - context_tokens / 5
}

/// Replaces all but the last `kept` groups of results; answers how many bytes that freed.
pub(super) fn compact(items: &mut [Item], kept: usize) -> usize {
    let groups = items.iter_mut().filter_map(|item| match item {
        Item::Results(results) => Some(results),
        Item::User(_) | Item::Turn(_) => None,
    });
    let mut groups: Vec<_> = groups.collect();
    let older = groups.len().saturating_sub(kept);
    let older = groups.iter_mut().take(older);
    older.flat_map(|results| results.iter_mut()).map(shorten).sum()
}

fn shorten(result: &mut ToolResult) -> usize {
    if result.text.len() < BYTES_MIN {
        return 0;
    }
    let lines = result.text.lines().count();
    let text = format!(
        "[This result, {lines} lines, was left out to save room. Call the tool again if you need it.]"
    );
    let freed = result.text.len() - text.len();
    result.text = text;
    freed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn older_results_go_and_the_rest_stays() {
        let result = |text: &str| ToolResult { id: "1".into(), text: text.into(), failed: false };
        let long = "line\n".repeat(200);
        let mut items = vec![
            Item::User("x".repeat(1_000)),
            Item::Results(vec![result(&long), result("short")]),
            Item::Results(vec![result(&long)]),
        ];
        assert!(compact(&mut items, 1) > 800);
        assert_eq!(compact(&mut items, 1), 0);
        let Item::Results(first) = &items[1] else { panic!() };
        assert!(first[0].text.starts_with("[This result, 200 lines") && first[1].text == "short");
        let Item::Results(last) = &items[2] else { panic!() };
        assert_eq!(last[0].text, long);
        assert!(is_near(81, 100) && !is_near(80, 100));
        assert_eq!(estimated(100, 30), 110);
    }
}

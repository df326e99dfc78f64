//! A verified claim whose wording is changed so that the record no longer bears it out does not stay verified.

#![expect(clippy::unwrap_used, reason = "helpers of tests; a failure here is a failed test")]

use std::path::Path;
use std::sync::LazyLock;

use vouchsafe_evidence::claim::check;
use vouchsafe_evidence::claim::kind::{Kind, Verdict};
use vouchsafe_evidence::claim::score::Labelled;

const CORPORA: &[&str] = &[
    "dev.jsonl",
    "own.jsonl",
    "heldout-1.jsonl",
    "heldout-2.jsonl",
    "heldout-3.jsonl",
    "heldout-4.jsonl",
    "heldout-5.jsonl",
    "heldout-6.jsonl",
    "heldout-7.jsonl",
    "heldout-8.jsonl",
];

fn corpus(name: &str) -> Vec<Labelled> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/claims").join(name);
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Every claim of the corpora that the checker verifies: the case, its number of code points before, the text, the kind.
fn verified() -> Vec<(Labelled, usize, String, Kind)> {
    let mut out = Vec::new();
    for name in CORPORA {
        for case in corpus(name) {
            for claim in check(&case.case).into_iter().filter(|c| c.verdict == Verdict::Verified) {
                let text: String =
                    case.case.final_message.chars().skip(claim.start).take(claim.end - claim.start).collect();
                out.push((case.clone(), claim.start, text, claim.kind));
            }
        }
    }
    out
}

static VERIFIED: LazyLock<Vec<(Labelled, usize, String, Kind)>> = LazyLock::new(verified);

/// Those mutated claims that are still verified, and how many were mutated.
fn surviving(mutate: impl Fn(&str, Kind) -> Option<String>) -> (Vec<String>, usize) {
    let (mut kept, mut tried) = (Vec::new(), 0);
    for (labelled, start, text, kind) in VERIFIED.iter() {
        let (mut labelled, start, kind) = (labelled.clone(), *start, *kind);
        let Some(changed) = mutate(text, kind) else { continue };
        tried += 1;
        let message = &labelled.case.final_message;
        let from = message.char_indices().nth(start).map_or(0, |(at, _)| at);
        labelled.case.final_message =
            format!("{}{}{}", &message[..from], changed, &message[from + text.len()..]);
        let end = start + changed.chars().count();
        let still = check(&labelled.case)
            .into_iter()
            .find(|c| c.verdict == Verdict::Verified && c.start <= start && c.end >= end.saturating_sub(2));
        if let Some(claim) = still {
            kept.push(format!(
                "{} {kind:?} as {:?} {:?}: {changed}",
                labelled.case.id, claim.kind, claim.code
            ));
        }
    }
    (kept, tried)
}

/// The first number in digits that stands outside of code, made larger.
fn other_number(text: &str) -> Option<String> {
    let mut code = false;
    let mut start = None;
    for (at, c) in text.char_indices() {
        if c == '`' || c == '"' {
            code = !code;
        }
        let glued = at > 0
            && text[..at].ends_with(|p: char| p.is_alphanumeric() || matches!(p, '.' | '-' | '_' | '#'));
        if c.is_ascii_digit() && !code && !glued && start.is_none() {
            start = Some(at);
            break;
        }
    }
    let start = start?;
    let length = text[start..].find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len() - start);
    let number: u64 = text[start..start + length].parse().ok()?;
    Some(format!("{}{}{}", &text[..start], number * 3 + 7, &text[start + length..]))
}

#[test]
fn another_number_is_not_verified() {
    let counted = |kind: Kind| {
        matches!(
            kind,
            Kind::TestsPassed
                | Kind::TestsFailed
                | Kind::TestAdded
                | Kind::ChangeCount
                | Kind::ContentChanged
                | Kind::BehaviourObserved
                | Kind::PerformanceImproved
                | Kind::DependencyChanged
        )
    };
    let (kept, tried) = surviving(|text, kind| other_number(text).filter(|_| counted(kind)));
    assert!(tried > 60, "{tried}");
    assert!(kept.is_empty(), "{} of {tried}:\n{}", kept.len(), kept.join("\n"));
}

#[test]
fn another_place_is_not_verified() {
    for place in [" on Windows", " in production"] {
        let state = |kind: Kind| {
            matches!(
                kind,
                Kind::TestsPassed
                    | Kind::BuildSucceeded
                    | Kind::LintClean
                    | Kind::BehaviourFixed
                    | Kind::PerformanceImproved
            )
        };
        let (kept, tried) = surviving(|text, kind| state(kind).then(|| format!("{text}{place}")));
        assert!(tried > 100, "{tried}");
        assert!(kept.is_empty(), "{} of {tried}:\n{}", kept.len(), kept.join("\n"));
    }
}

#[test]
fn an_unknown_name_is_not_verified() {
    let renamed = |text: &str, kind: Kind| {
        let named = matches!(
            kind,
            Kind::SymbolAdded
                | Kind::SymbolRemoved
                | Kind::SymbolRenamed
                | Kind::FileCreated
                | Kind::FileModified
                | Kind::FileDeleted
                | Kind::ContentChanged
                | Kind::TestAdded
        );
        let from = text.find('`')?;
        let to = from + 1 + text[from + 1..].find('`')?;
        let name = &text[from + 1..to];
        let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        (named && plain).then(|| format!("{}zz_unheard_of{}", &text[..from + 1], &text[to..]))
    };
    let (kept, tried) = surviving(renamed);
    assert!(tried > 100, "{tried}");
    assert!(kept.is_empty(), "{} of {tried}:\n{}", kept.len(), kept.join("\n"));
}

#[test]
fn an_unknown_qualifier_is_not_verified() {
    for words in [" with the quantum backend", " for every conceivable input"] {
        let state = |kind: Kind| matches!(kind, Kind::TestsPassed | Kind::BuildSucceeded | Kind::LintClean);
        let english = |text: &str| text.is_ascii();
        let (kept, tried) =
            surviving(|text, kind| (state(kind) && english(text)).then(|| format!("{text}{words}")));
        assert!(tried > 80, "{tried}");
        assert!(kept.is_empty(), "{} of {tried}:\n{}", kept.len(), kept.join("\n"));
    }
}

#[test]
fn the_opposite_is_not_verified() {
    let opposite = |text: &str, kind: Kind| {
        let positive =
            !matches!(kind, Kind::Inability | Kind::ScopeLimited | Kind::NoOtherUsages | Kind::TestsFailed);
        let pairs = [
            (" passes", " does not pass"),
            (" pass", " do not pass"),
            (" succeeds", " does not succeed"),
            (" is clean", " is not clean"),
            (" was added", " was not added"),
            ("I added", "I did not add"),
            (" is fixed", " is not fixed"),
            (" builds", " does not build"),
            (" compiles", " does not compile"),
            (" prints", " does not print"),
            (" now returns", " no longer returns"),
        ];
        let whole = |w: &str| {
            let end = text.find(w).map(|at| at + w.len());
            end.is_some_and(|e| !text[e..].starts_with(char::is_alphabetic))
        };
        let (word, by) = pairs.iter().find(|(w, _)| whole(w))?;
        (positive && text.is_ascii()).then(|| text.replacen(word, by, 1))
    };
    let (kept, tried) = surviving(opposite);
    assert!(tried > 60, "{tried}");
    assert!(kept.is_empty(), "{} of {tried}:\n{}", kept.len(), kept.join("\n"));
}

#[test]
fn a_citation_that_does_not_resolve_is_not_verified() {
    let mut cited = 0;
    for (labelled, start, text, _) in VERIFIED.iter().filter(|v| v.2.is_ascii()).take(80) {
        let Some((path, lines)) =
            labelled.case.workspace.after.iter().map(|(p, t)| (p, t.lines().count())).next()
        else {
            continue;
        };
        let message = &labelled.case.final_message;
        let from = message.char_indices().nth(*start).map_or(0, |(at, _)| at);
        let end = from + text.len();
        let verified = |citation: String| {
            let mut case = labelled.case.clone();
            case.final_message = format!("{}{citation}{}", &message[..end], &message[end..]);
            let claims = check(&case);
            claims.into_iter().any(|c| c.start == *start && c.verdict == Verdict::Verified)
        };
        assert!(!verified(format!("【F:{path}†L1-L{}】", lines + 1)), "{text}");
        cited += usize::from(verified(format!("【F:{path}†L1-L{lines}】")));
    }
    assert!(cited > 40, "{cited}");
}

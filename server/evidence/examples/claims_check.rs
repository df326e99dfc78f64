//! Checks the claims of the cases in a JSON lines file: predictions with `--json`, else scores against the labels;
//! `--why` lists every miss.

#![expect(clippy::print_stdout, reason = "a command line program speaks on its standard output")]

use std::error::Error;

use vouchsafe_evidence::claim::score::{Labelled, Prediction, matching, report};
use vouchsafe_evidence::claim::{Claim, check};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let path = arguments
        .iter()
        .find(|a| !a.starts_with("--"))
        .ok_or("usage: claims_check FILE.jsonl [--json] [--why]")?;
    let flag = |name: &str| arguments.iter().any(|a| a == name);
    let text = std::fs::read_to_string(path)?;
    let mut scored = Vec::new();
    for line in text.lines().filter(|l| !l.trim().is_empty()) {
        let labelled: Labelled = serde_json::from_str(line)?;
        let claims = check(&labelled.case);
        if flag("--json") {
            println!("{}", serde_json::json!({"id": labelled.case.id, "claims": claims}));
            continue;
        }
        if flag("--why") {
            explain(&labelled, &claims);
        }
        let predictions = claims.iter().map(Prediction::from).collect();
        scored.push((labelled, predictions));
    }
    if !flag("--json") {
        let report = report(&scored);
        print!("{}", report.table());
        let all = &report.overall;
        println!("false assurance {:.3}, false alarm {:.3}", all.false_assurance(), all.false_alarm());
    }
    Ok(())
}

fn explain(labelled: &Labelled, claims: &[Claim]) {
    let predictions: Vec<Prediction> = claims.iter().map(Prediction::from).collect();
    let pairing = matching(labelled, &predictions);
    let quote = |c: &Claim| {
        labelled.case.final_message.chars().skip(c.start).take(c.end - c.start).collect::<String>()
    };
    let id = &labelled.case.id;
    for (p, l) in &pairing.pairs {
        let (Some(claim), Some(label)) = (claims.get(*p), labelled.expected.get(*l)) else { continue };
        if !label.accepts(claim.kind, claim.verdict) {
            let bad = if label.accepts_verdict(claim.kind, claim.verdict) { "kind   " } else { "VERDICT" };
            println!(
                "{id} {bad} {:?}/{:?} not {:?}/{:?} ({:?}): {}",
                label.kind,
                label.verdict,
                claim.kind,
                claim.verdict,
                claim.code,
                quote(claim)
            );
        }
    }
    for label in pairing.missed.iter().filter_map(|l| labelled.expected.get(*l)) {
        println!("{id} MISSED  {:?}/{:?}: {}", label.kind, label.verdict, label.quote);
    }
    for claim in pairing.false_positives.iter().filter_map(|p| claims.get(*p)) {
        println!("{id} STRAY   {:?}/{:?}: {}", claim.kind, claim.verdict, quote(claim));
    }
}

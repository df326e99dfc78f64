//! `vouchsafe claims check`: the claim checker over a corpus of finished runs.
//!
//! Absent on purpose
//! - Replay: nothing is run here; the verdicts follow from the recorded events and the workspaces in the file.

use std::path::Path;

use serde_json::json;
use vouchsafe_evidence::claim::check;
use vouchsafe_evidence::claim::score::{Labelled, Prediction, report};

use super::exit::{Exit, Failure};
use super::{ClaimsArgs, ClaimsCommand, output};

pub(super) fn claims(args: &ClaimsArgs) -> Result<Exit, Failure> {
    let ClaimsCommand::Check { file, json } = &args.command;
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::Usage(format!("{} cannot be read ({error})", file.display())))?;
    let cases = cases(file, &text)?;
    let labelled = cases.iter().any(|case| !case.expected.is_empty());
    let mut scored = Vec::new();
    for case in cases {
        let claims = check(&case.case);
        if *json || !labelled {
            let line = json!({ "id": case.case.id, "claims": claims });
            output::print(format!("{line}\n").as_bytes())?;
        }
        let predictions = claims.iter().map(Prediction::from).collect();
        scored.push((case, predictions));
    }
    if labelled && !*json {
        let report = report(&scored);
        let all = &report.overall;
        let errors = format!(
            "false assurance {:.3} (contradicted claims shown as verified), false alarm {:.3} (verified shown as contradicted)\n",
            all.false_assurance(),
            all.false_alarm()
        );
        output::print(report.table().as_bytes())?;
        output::print(errors.as_bytes())?;
    }
    Ok(Exit::Done)
}

fn cases(file: &Path, text: &str) -> Result<Vec<Labelled>, Failure> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let parsed = lines.map(|(number, line)| {
        serde_json::from_str(line).map_err(|error| {
            Failure::Usage(format!("{}:{number} is no case of the corpus format: {error}", file.display()))
        })
    });
    parsed.collect()
}

//! What a model said at its end, for people and for programs.

use std::fmt::Write;

use serde_json::{Value, json};
use vouchsafe_evidence::export::{self, Exported};
use vouchsafe_evidence::record;

use super::exit::Failure;
use super::output::Paint;
use crate::agent::{Answer, CitedPlace, Finished, Services, Severity};

/// The answer as people read it.
pub(super) fn text(paint: Paint, answer: &Answer) -> String {
    let mut out = answer.text.trim().to_owned();
    out.push('\n');
    for finding in &answer.findings {
        let word = match finding.severity {
            Severity::Error => paint.bad("error"),
            Severity::Warning => paint.bold("warning"),
            Severity::Note => paint.dim("note"),
        };
        _ = write!(out, "\n{}: {word}: {}\n", place(&finding.place), finding.message);
    }
    if !answer.not_done.is_empty() {
        _ = write!(out, "\n{}\n", paint.bold("Not done"));
        answer.not_done.iter().for_each(|what| _ = writeln!(out, "  - {what}"));
    }
    let all = answer.cites.iter().chain(answer.findings.iter().map(|finding| &finding.place));
    for cite in all {
        if let Some(fault) = &cite.fault {
            _ = write!(out, "\n{} {}: {fault}\n", paint.bad("citation that does not hold:"), place(cite));
        }
    }
    out
}

fn place(place: &CitedPlace) -> String {
    match place.lines {
        Some(lines) if lines.last > lines.first => format!("{}:{}-{}", place.path, lines.first, lines.last),
        Some(lines) => format!("{}:{}", place.path, lines.first),
        None => place.path.to_string(),
    }
}

/// The stable JSON form.
pub(super) fn json(answer: &Answer) -> Value {
    json!({
        "text": answer.text,
        "cites": answer.cites.iter().map(json_place).collect::<Vec<_>>(),
        "claims": answer.claims.iter().map(|claim| json!({ "text": claim.text, "cites": claim.cites }))
            .collect::<Vec<_>>(),
        "not_done": answer.not_done,
        "findings": answer.findings.iter().map(|finding| json!({
            "place": json_place(&finding.place),
            "severity": level(finding.severity),
            "message": finding.message,
        })).collect::<Vec<_>>(),
    })
}

fn json_place(place: &CitedPlace) -> Value {
    json!({ "path": place.path, "lines": place.lines, "digest": place.digest, "fault": place.fault })
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// The task as a SARIF log: claims, what policy saw, and what a review found.
pub(super) fn sarif(finished: &Finished, services: &Services) -> Result<Value, Failure> {
    let refused = |error: &dyn std::fmt::Display| Failure::Refused(error.to_string());
    let store = services.store().map_err(|error| refused(&error))?;
    let task = store.task(finished.task).map_err(|error| refused(&error))?;
    let events = store.events(finished.task).map_err(|error| refused(&error))?;
    let page = record::render_from(task.id, &events, &*store, None);
    let exported = Exported { task: &task, events: &events, record: &page, record_path: &finished.record };
    let mut log = export::sarif(&[exported]);
    let findings = finished.answer.iter().flat_map(|answer| &answer.findings).map(|finding| {
        let lines = finding.place.lines.filter(|_| finding.place.fault.is_none());
        let region = lines.map(|lines| json!({ "startLine": lines.first, "endLine": lines.last }));
        let mut location = json!({
            "artifactLocation": { "uri": export::relative_uri(&finding.place.path), "uriBaseId": "SRCROOT" },
        });
        if let (Some(region), Some(fields)) = (region, location.as_object_mut()) {
            fields.insert("region".to_owned(), region);
        }
        json!({
            "ruleId": "review-finding",
            "level": level(finding.severity),
            "message": { "text": finding.message },
            "locations": [{ "physicalLocation": location }],
        })
    });
    if let Some(results) = log.pointer_mut("/runs/0/results").and_then(Value::as_array_mut) {
        results.extend(findings);
    }
    let rule = json!({
        "id": "review-finding",
        "shortDescription": { "text": "The agent found this when it was asked to review." },
        "defaultConfiguration": { "level": "warning" },
    });
    if let Some(rules) = log.pointer_mut("/runs/0/tool/driver/rules").and_then(Value::as_array_mut) {
        rules.push(rule);
    }
    Ok(log)
}

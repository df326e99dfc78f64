//! SARIF 2.1.0: claims and findings as results, commands as invocations. One run per task.
//!
//! Invariants
//! - A contradicted claim is an error, an unverified one a warning, a verified one passes (`kind: pass`, no level).
//! - Each result is located where it is about, else at a file the task changed, else in the record; the steps that
//!   decide it are related locations.

use serde_json::{Map, Value, json};
use vouchsafe_base::WorkspacePath;

use super::{Exported, uri};
use crate::log::{ClaimChecked, CommandRan, Event, Exit, LineSpan, Policy, Ruling, Seq, Verdict};
use crate::store::Recorded;

/// Rule, what it means, its level.
const RULES: [(&str, &str, &str); 5] = [
    ("claim-verified", "The record shows what the agent said.", "none"),
    ("claim-unverified", "The record does not show what the agent said.", "warning"),
    ("claim-contradicted", "The record shows otherwise than the agent said.", "error"),
    ("policy-warning", "A rule of the policy warned.", "warning"),
    ("policy-refusal", "A rule of the policy refused.", "error"),
];

/// The SARIF log of some tasks.
#[must_use]
pub fn sarif(tasks: &[Exported<'_>]) -> Value {
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": tasks.iter().map(run).collect::<Vec<_>>(),
    })
}

fn run(exported: &Exported<'_>) -> Value {
    let rules = RULES.iter().map(|(id, text, level)| {
        json!({"id": id, "shortDescription": {"text": text}, "defaultConfiguration": {"level": level}})
    });
    let results = exported.events.iter().filter_map(|recorded| match &recorded.event {
        Event::Claim(claim) => Some(claim_result(exported, recorded.seq, claim)),
        Event::Policy(policy) => policy_result(exported, recorded.seq, policy),
        _ => None,
    });
    json!({
        "tool": {"driver": {
            "name": "Vouchsafe",
            "version": env!("CARGO_PKG_VERSION"),
            "rules": rules.collect::<Vec<_>>(),
        }},
        "automationDetails": {"id": format!("vouchsafe/{}/{}", exported.task.kind, exported.task.id)},
        "originalUriBaseIds": {"SRCROOT": {"uri": uri::directory(&exported.task.workspace)}},
        "invocations": exported.events.iter().filter_map(invocation).collect::<Vec<_>>(),
        "results": results.collect::<Vec<_>>(),
    })
}

fn invocation(recorded: &Recorded) -> Option<Value> {
    let Event::Command(ran) = &recorded.event else { return None };
    let mut fields = Map::new();
    fields.insert("commandLine".into(), json!(ran.command));
    // The event is recorded when the command has ended.
    let took = jiff::SignedDuration::from_millis(i64::try_from(ran.duration_ms).unwrap_or_default());
    let began = recorded.at.checked_sub(took).unwrap_or(recorded.at);
    fields.insert("startTimeUtc".into(), json!(format!("{began:.3}")));
    fields.insert("endTimeUtc".into(), json!(format!("{:.3}", recorded.at)));
    fields.insert("executionSuccessful".into(), json!(ran.exit.is_success()));
    fields.extend(exit(ran));
    fields.insert("workingDirectory".into(), working_directory(ran));
    fields.insert("properties".into(), json!({"step": recorded.seq}));
    Some(Value::Object(fields))
}

fn exit(ran: &CommandRan) -> Option<(String, Value)> {
    Some(match &ran.exit {
        Exit::Code { code } => ("exitCode".to_owned(), json!(code)),
        Exit::Signal { signal } => ("exitSignalNumber".to_owned(), json!(signal)),
        Exit::NotStarted { reason } => ("processStartFailureMessage".to_owned(), json!(reason)),
        Exit::Stopped { sentence, .. } => ("exitCodeDescription".to_owned(), json!(sentence)),
    })
}

fn working_directory(ran: &CommandRan) -> Value {
    match WorkspacePath::parse(&ran.directory) {
        Ok(path) => json!({"uri": format!("{}/", uri::relative(&path)), "uriBaseId": "SRCROOT"}),
        Err(_) => json!({"uriBaseId": "SRCROOT"}),
    }
}

fn claim_result(exported: &Exported<'_>, seq: Seq, claim: &ClaimChecked) -> Value {
    let (rule, kind) = match claim.verdict {
        Verdict::Verified => (0, "pass"),
        Verdict::Unverified => (1, "fail"),
        Verdict::Contradicted => (2, "fail"),
    };
    let subject = claim.subject.as_ref();
    let place =
        subject.and_then(|subject| subject.path.as_ref()).map(|path| (path, subject.and_then(|s| s.lines)));
    let message = format!("“{}”: {}", claim.quote, claim.because);
    let related = claim.evidence.iter().copied().chain([seq]).collect::<Vec<_>>();
    let properties = json!({"claimKind": claim.kind, "code": claim.code, "hedged": claim.hedged});
    result(exported, rule, kind, &message, place, &related, &properties)
}

fn policy_result(exported: &Exported<'_>, seq: Seq, policy: &Policy) -> Option<Value> {
    let rule = match policy.ruling {
        Ruling::Allow => return None,
        Ruling::Warn => 3,
        Ruling::Refuse => 4,
    };
    let properties = json!({"rule": policy.rule});
    Some(result(exported, rule, "fail", &policy.reason, None, &[seq], &properties))
}

fn result(
    exported: &Exported<'_>,
    rule: usize,
    kind: &str,
    message: &str,
    place: Option<(&WorkspacePath, Option<LineSpan>)>,
    steps: &[Seq],
    properties: &Value,
) -> Value {
    let (id, _, level) = RULES.get(rule).copied().unwrap_or(("", "", "none"));
    let location = place.or_else(|| first_changed(exported).map(|path| (path, None))).map_or_else(
        || in_record(exported, steps.last().copied()),
        |(path, lines)| in_workspace(path, lines),
    );
    let related = steps.iter().zip(1..).map(|(step, id)| related(exported, *step, id));
    json!({
        "ruleId": id,
        "ruleIndex": rule,
        "kind": kind,
        "level": level,
        "message": {"text": message},
        "locations": [{"physicalLocation": location}],
        "relatedLocations": related.collect::<Vec<_>>(),
        "properties": properties,
    })
}

fn first_changed<'a>(exported: &Exported<'a>) -> Option<&'a WorkspacePath> {
    exported.events.iter().find_map(|recorded| match &recorded.event {
        Event::Proposal(ready) => ready.files.first().map(|file| &file.path),
        _ => None,
    })
}

fn in_workspace(path: &WorkspacePath, lines: Option<LineSpan>) -> Value {
    let span = lines.unwrap_or(LineSpan { first: 1, last: 1 });
    json!({
        "artifactLocation": {"uri": uri::relative(path), "uriBaseId": "SRCROOT"},
        "region": {"startLine": span.first.max(1), "endLine": span.last.max(span.first).max(1)},
    })
}

fn in_record(exported: &Exported<'_>, step: Option<Seq>) -> Value {
    let lines = step.and_then(|step| exported.record.lines.get(&step));
    let line = lines.map_or(1, |lines| lines.output.as_ref().map_or(lines.heading, |output| output.start));
    json!({
        "artifactLocation": {"uri": uri::file(exported.record_path)},
        "region": {"startLine": line.max(1)},
    })
}

fn related(exported: &Exported<'_>, step: Seq, id: u32) -> Value {
    let text = match exported.event(step) {
        Some(Event::Command(ran)) => format!("Step {step}: {} → {}", ran.command, ran.exit),
        Some(event) => format!("Step {step}: {}", event.kind()),
        None => format!("Step {step}"),
    };
    json!({"id": id, "message": {"text": text}, "physicalLocation": in_record(exported, Some(step))})
}

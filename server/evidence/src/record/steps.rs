//! One section for each event.

use vouchsafe_base::Digest;

use super::StepLines;
use super::blobs::Blobs;
use super::page::{Page, code, plain};
use crate::log::{
    ClaimChecked, CommandRan, Decision, EditOp, Event, FileChanged, FileEdit, LineSpan, ModelTurn, OutputRef,
    ProposalReady, ReviewDecision, Ruling, Search, ShadowMade, TaskId, TaskStarted, Verdict,
};
use crate::store::Recorded;

pub(super) struct Context<'a> {
    pub(super) task: TaskId,
    pub(super) blobs: &'a dyn Blobs,
    /// The diff that has not been shown yet.
    pub(super) diff: Option<&'a str>,
}

/// Writes an event's section and says where it stands.
pub(super) fn step(page: &mut Page, recorded: &Recorded, context: &mut Context<'_>) -> StepLines {
    let mut lines = StepLines { heading: page.next_line(), ..StepLines::default() };
    let n = recorded.seq;
    match &recorded.event {
        Event::Task(task) => started(page, context.task, task, recorded),
        Event::Shadow(made) => shadow(page, &format!("{n}"), made),
        Event::Command(ran) => {
            page.heading(&format!("{n}. Command {}", code(&ran.command)));
            command(page, ran, context.blobs, &mut lines);
        }
        Event::FileRead(read) => {
            page.heading(&format!("{n}. Read {}{}", code(&read.path.to_string()), span(read.lines)));
        }
        Event::Search(search) => searched(page, &format!("{n}"), search),
        Event::FileEdit(edit) => edited(page, &format!("{n}"), edit),
        Event::ToolError(error) => {
            page.heading(&format!("{n}. The tool {} answered with an error", code(&error.tool)));
            page.block("text", &error.message);
        }
        Event::ModelTurn(turn) => model_turn(page, &format!("{n}"), turn),
        Event::Reasoning { text } => said(page, &format!("{n}. The agent thought"), text),
        Event::Message { text } => said(page, &format!("{n}. The agent said"), text),
        Event::UserMessage { text } => said(page, &format!("{n}. The user said"), text),
        Event::Network(network) => {
            let (verb, place) = (if network.blocked { "denied" } else { "allowed" }, &network.host);
            page.heading(&format!("{n}. Network {verb}: {}", code(&format!("{place}:{}", network.port))));
        }
        Event::Approval(approval) => {
            let verb = if approval.approved { "approved" } else { "denied" };
            page.heading(&format!("{n}. The user {verb} {}", code(&approval.what)));
        }
        Event::Policy(policy) => {
            let verb = ruling(policy.ruling);
            page.heading(&format!("{n}. Policy {}: {verb}", code(&policy.rule)));
            page.paragraph(&format!("Reason: {}", plain(&policy.reason)));
            page.block("text", &policy.saw);
        }
        Event::Proposal(ready) => proposal(page, &format!("{n}"), ready, context),
        Event::Review(review) => reviewed(page, &format!("{n}"), review),
        Event::Claim(claim) => claimed(page, &format!("{n}"), claim),
        Event::End(ended) => {
            if let Some(text) = context.diff.take() {
                diff(page, text);
                lines.heading = page.next_line();
            }
            page.heading(&format!("{n}. End: {}", plain(&ended.to_string())));
            page.paragraph(&format!("Ended {:.0}.", recorded.at));
        }
    }
    lines
}

/// The copy: how it is confined, what it lacks, what was laid over it.
fn shadow(page: &mut Page, n: &str, made: &ShadowMade) {
    page.heading(&format!("{n}. Copy of the workspace"));
    page.paragraph(&format!("Confined by {}.", plain(&made.tier)));
    if !made.unsaved.is_empty() {
        let files: Vec<_> = made.unsaved.iter().map(|path| code(&path.to_string())).collect();
        page.paragraph(&format!("Unsaved text was laid over {}.", files.join(", ")));
    }
    if !made.lacks.is_empty() {
        page.block("text", &format!("The copy lacks:\n{}", made.lacks.join("\n")));
    }
}

/// Writes a section with a unified diff.
pub(super) fn diff(page: &mut Page, text: &str) {
    page.heading("Proposed changes");
    page.block("diff", text);
}

fn started(page: &mut Page, task: TaskId, started: &TaskStarted, recorded: &Recorded) {
    page.paragraph(&format!("# Task {task}: {}", plain(&started.title)));
    let by = started.recipe.as_ref().map_or(String::new(), |recipe| format!(" (recipe {})", code(recipe)));
    page.line(&format!("- Kind: {}{by}", plain(&started.kind)));
    page.line(&format!("- Workspace: {}", code(&started.workspace)));
    if let Some(place) = &started.place {
        page.line(&format!("- Place: {}{}", code(&place.path.to_string()), span(place.lines)));
    }
    page.line(&format!("- Started: {:.0}", recorded.at));
    if let Some(digest) = started.config_digest {
        page.line(&format!("- Configuration: `{digest}`"));
    }
    page.line("");
    page.heading("What was asked");
    page.block("text", &started.text);
}

fn command(page: &mut Page, ran: &CommandRan, blobs: &dyn Blobs, lines: &mut StepLines) {
    if ran.command.contains('\n') {
        page.block("sh", &ran.command);
    }
    let mib = ran.max_rss_bytes.div_ceil(1 << 20);
    page.line(&format!("- Result: {}", plain(&ran.exit.to_string())));
    page.line(&format!("- Directory: {}", code(&ran.directory)));
    page.line(&format!("- Time: {} ms (processor {} ms), memory {mib} MiB", ran.duration_ms, ran.cpu_ms));
    ran.because.iter().for_each(|because| page.line(&format!("- Because: {}", plain(because))));
    ran.denials.iter().for_each(|denial| page.line(&format!("- Denied: {}", plain(denial))));
    ran.changed.iter().for_each(|file| page.line(&changed(file)));
    page.line("");
    lines.stdout = output(page, "Standard output", &ran.stdout, blobs);
    lines.stderr = output(page, "Standard error", &ran.stderr, blobs);
    let all = || lines.stdout.iter().chain(&lines.stderr);
    let range = all().next().zip(all().last()).map(|(first, last)| first.at..last.at + last.lines);
    lines.output = range;
}

fn output(page: &mut Page, name: &str, output: &OutputRef, blobs: &dyn Blobs) -> Vec<super::Shown> {
    if output.bytes_total == 0 {
        page.paragraph(&format!("{name}: empty."));
        return Vec::new();
    }
    let cut = if output.truncated { ", not all of them kept" } else { "" };
    match blobs.ends(output.blob) {
        Some(ends) => {
            page.paragraph(&format!("{name}: {} lines, {} bytes{cut}.", ends.lines, output.bytes_total));
            page.ends("text", &ends)
        }
        None => {
            page.paragraph(&format!("{name}: the bytes are no longer kept (blob `{}`).", output.blob));
            Vec::new()
        }
    }
}

fn changed(file: &FileChanged) -> String {
    let digest = |digest: Option<Digest>| digest.map_or_else(|| "none".to_owned(), |digest| digest.short());
    let path = code(&file.path.to_string());
    format!("- Changed: {path} ({} → {})", digest(file.before), digest(file.after))
}

fn searched(page: &mut Page, n: &str, search: &Search) {
    page.heading(&format!("{n}. Search for {} in {}", code(&search.pattern), code(&search.scope)));
    let more = if search.truncated { ", and more" } else { "" };
    page.paragraph(&format!("{} hits{more}.", search.hits.len()));
    let hits: String = search
        .hits
        .iter()
        .map(|hit| format!("{}:{}: {}\n", hit.path, hit.line, hit.text.trim_end_matches(['\r', '\n'])))
        .collect();
    page.block("text", &hits);
}

fn edited(page: &mut Page, n: &str, edit: &FileEdit) {
    let path = code(&edit.path.to_string());
    let what = match (edit.op, &edit.to) {
        (EditOp::Create, _) => format!("Created {path}"),
        (EditOp::Modify, _) => format!("Edited {path}"),
        (EditOp::Delete, _) => format!("Deleted {path}"),
        (EditOp::Rename, Some(to)) => format!("Renamed {path} to {}", code(&to.to_string())),
        (EditOp::Rename, None) => format!("Renamed {path}"),
    };
    page.heading(&format!("{n}. {what}"));
    page.line(&format!("- Tool: {}", code(&edit.tool)));
    edit.because.iter().for_each(|because| page.line(&format!("- Because: {}", plain(because))));
    let file = FileChanged { path: edit.path.clone(), before: edit.before, after: edit.after };
    page.paragraph(&changed(&file));
}

fn model_turn(page: &mut Page, n: &str, turn: &ModelTurn) {
    page.heading(&format!("{n}. Model {}", code(&turn.model)));
    page.line(&format!("- Format: {}", plain(&turn.format)));
    page.line(&format!(
        "- Tokens: {} in ({} from the cache), {} out; {} ms",
        turn.input_tokens, turn.cached_tokens, turn.output_tokens, turn.duration_ms
    ));
    for (name, digest) in [("Request", turn.request), ("Response", turn.response)] {
        digest.iter().for_each(|digest| page.line(&format!("- {name}: blob `{digest}`")));
    }
    for (name, id) in [("Request id", &turn.request_id), ("Response id", &turn.response_id)] {
        id.iter().for_each(|id| page.line(&format!("- {name}: {}", code(id))));
    }
    page.line("");
}

fn said(page: &mut Page, heading: &str, text: &str) {
    page.heading(heading);
    page.block("text", text);
}

fn proposal(page: &mut Page, n: &str, ready: &ProposalReady, context: &mut Context<'_>) {
    page.heading(&format!("{n}. The proposal is complete"));
    ready.files.iter().for_each(|file| page.line(&changed(file)));
    page.line("");
    if let Some(ends) = ready.diff.and_then(|digest| context.blobs.ends(digest)) {
        context.diff = None;
        page.ends("diff", &ends);
    }
}

fn reviewed(page: &mut Page, n: &str, review: &ReviewDecision) {
    let verb = match review.decision {
        Decision::Accepted => "accepted",
        Decision::Rejected => "rejected",
        Decision::Edited => "accepted and edited",
        Decision::Conflicted => "could not be applied",
    };
    page.heading(&format!(
        "{n}. Review: {} in {}: {verb}",
        code(&review.hunk),
        code(&review.path.to_string())
    ));
    review.note.iter().for_each(|note| page.paragraph(&format!("Note: {}", plain(note))));
}

fn claimed(page: &mut Page, n: &str, claim: &ClaimChecked) {
    let verdict = match claim.verdict {
        Verdict::Verified => "verified",
        Verdict::Contradicted => "contradicted",
        Verdict::Unverified => "unverified",
    };
    page.heading(&format!("{n}. Claim: {verdict}"));
    page.block("text", &claim.quote);
    let evidence: Vec<String> = claim.evidence.iter().map(ToString::to_string).collect();
    page.line(&format!("- Kind: {} ({})", plain(&claim.kind), plain(&claim.code)));
    page.line(&format!("- Reason: {}", plain(&claim.because)));
    let cited =
        if evidence.is_empty() { "none".to_owned() } else { format!("steps {}", evidence.join(", ")) };
    page.paragraph(&format!("- Evidence: {cited}"));
}

fn span(lines: Option<LineSpan>) -> String {
    match lines {
        None => String::new(),
        Some(span) if span.first == span.last => format!(" line {}", span.first),
        Some(span) => format!(" lines {}–{}", span.first, span.last),
    }
}

const fn ruling(ruling: Ruling) -> &'static str {
    match ruling {
        Ruling::Allow => "allowed",
        Ruling::Warn => "warned",
        Ruling::Refuse => "refused",
    }
}

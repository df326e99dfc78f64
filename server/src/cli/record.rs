//! The record from the command line: `log`, `blame`, `verify`, `export`, `gc`.
//!
//! Invariants
//! - Nothing here changes a task; `gc` retires bytes by the configuration's rules and keeps what accepted lines cite.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use serde_json::json;
use vouchsafe_evidence::export::{self, Exported};
use vouchsafe_evidence::log::{Event, TaskId};
use vouchsafe_evidence::record;
use vouchsafe_evidence::store::{Recorded, Store, StoreError, TaskFilter, TaskSummary};

use super::exit::{Exit, Failure};
use super::job::Here;
use super::output::{self, Paint};
use super::{BlameArgs, ExportArgs, ExportForm, LogArgs, OutputArgs, VerifyArgs};
use crate::agent::{self, Dirs, Services, ServicesError};

/// `vouchsafe log [TASK]`: all tasks, or one with its record.
pub(super) fn log(args: &LogArgs) -> Result<Exit, Failure> {
    let store = store()?;
    let Some(task) = args.task else {
        let tasks =
            store.tasks(&TaskFilter { limit: Some(args.limit), ..TaskFilter::default() }).map_err(refused)?;
        let paint = Paint::stdout();
        let mut out = String::new();
        if tasks.is_empty() {
            _ = writeln!(out, "no task has been recorded yet");
        }
        for task in tasks {
            let ended = task.outcome.as_ref().map_or_else(|| "has not ended".to_owned(), ToString::to_string);
            let (id, at) = (paint.bold(&task.id.to_string()), paint.dim(&format!("{:.0}", task.started)));
            _ = writeln!(out, "{id:>4}  {at}  {}: {ended}  {}", task.title, paint.dim(&task.workspace));
        }
        output::print(out.as_bytes())?;
        return Ok(Exit::Done);
    };
    store.task(task).map_err(refused)?;
    let path = record::record_path(store.dir(), task);
    let page = std::fs::read_to_string(&path).or_else(|_| {
        let events = store.events(task).map_err(|error| std::io::Error::other(error.to_string()))?;
        Ok::<_, std::io::Error>(record::render_from(task, &events, &*store, None).markdown)
    })?;
    output::print(page.as_bytes())?;
    Ok(Exit::Done)
}

/// `vouchsafe blame FILE`: which line came from which command.
pub(super) fn blame(args: &BlameArgs) -> Result<Exit, Failure> {
    let dirs = Dirs::of_process();
    let here = Here::find(&OutputArgs::at(args.root.clone()), &dirs)?;
    let path = here.file(&args.file)?;
    let text = std::fs::read_to_string(here.workspace.join(path.as_path())).map_err(|error| {
        Failure::Usage(format!("{} cannot be read as text: {error}", args.file.display()))
    })?;
    let store = store()?;
    let workspace = here.workspace.display().to_string();
    let blame = agent::recall(&store, &workspace, &path, &text).map_err(refused)?;
    let mut out = String::new();
    let mut entries = Vec::new();
    let paint = Paint::stdout();
    for (at, line) in (0..).zip(vouchsafe_evidence::lines(&text)) {
        let citation = blame.as_ref().and_then(|blame| blame.lookup(at));
        let made_by = citation.map(|citation| {
            let steps: Vec<_> =
                citation.steps.iter().map(|step| described(&store, citation.task, *step)).collect();
            format!("task {} {}", citation.task, steps.join("; "))
        });
        if let (Some(citation), Some(made_by)) = (citation, &made_by) {
            entries.push(
                json!({ "line": at + 1, "task": citation.task, "steps": citation.steps, "made_by": made_by }),
            );
        }
        let shown = made_by.unwrap_or_default();
        let shown: String = shown.chars().take(BLAME_WIDTH).collect();
        _ = writeln!(
            out,
            "{} {:>4} {}",
            paint.cited(&format!("{shown:BLAME_WIDTH$}")),
            at + 1,
            line.trim_end_matches(['\n', '\r'])
        );
    }
    if args.json {
        out = format!("{:#}\n", json!({ "version": 1, "path": path, "lines": entries }));
    }
    output::print(out.as_bytes())?;
    Ok(Exit::Done)
}

/// Columns for who made a line.
const BLAME_WIDTH: usize = 44;

/// `cargo fmt → exit code 0`
fn described(store: &Store, task: TaskId, step: vouchsafe_evidence::log::Seq) -> String {
    match store.event(task, step).ok().flatten().map(|recorded| recorded.event) {
        Some(Event::Command(ran)) => format!("{} → {}", ran.command, ran.exit),
        Some(other) => agent::StepInfo::of(step, &other, None)
            .map_or_else(|| other.kind().to_owned(), |step| step.cited()),
        None => format!("step {step}"),
    }
}

/// `vouchsafe verify TASK`: whether the record is what was written.
pub(super) fn verify(args: &VerifyArgs) -> Result<Exit, Failure> {
    let store = store()?;
    let summary = store.task(args.task).map_err(refused)?;
    let problems = store.verify(args.task).map_err(refused)?;
    let mut out = String::new();
    for problem in &problems {
        _ = writeln!(out, "{problem}");
    }
    if problems.is_empty() {
        _ = writeln!(
            out,
            "task {}: {} events and all they name are as they were written",
            summary.id, summary.events
        );
    }
    output::print(out.as_bytes())?;
    Ok(if problems.is_empty() { Exit::Done } else { Exit::Failed })
}

/// `vouchsafe export TASK --as FORM`.
pub(super) fn export(args: &ExportArgs) -> Result<Exit, Failure> {
    let store = store()?;
    let task = store.task(args.task).map_err(refused)?;
    let events = store.events(args.task).map_err(refused)?;
    let text = exported(&store, args.form, &task, &events).map_err(refused)?;
    output::print(text.as_bytes())?;
    Ok(Exit::Done)
}

fn exported(
    store: &Store,
    form: ExportForm,
    task: &TaskSummary,
    events: &[Recorded],
) -> Result<String, StoreError> {
    let record = record::render_from(task.id, events, store, None);
    let record_path = record::record_path(store.dir(), task.id);
    let exported = Exported { task, events, record: &record, record_path: &record_path };
    Ok(match form {
        ExportForm::Md => record.markdown,
        ExportForm::Json => format!("{:#}\n", export::json(&exported)),
        ExportForm::Sarif => format!("{:#}\n", export::sarif(&[exported])),
        ExportForm::Trailer => format!("{}\n", export::trailer(events)),
        ExportForm::Trace => {
            let files = traced(store, task)?;
            format!("{}\n", export::agent_trace(&exported, &files, None))
        }
    })
}

/// The workspace's files with lines of this task, as they are on disk now.
fn traced(store: &Store, task: &TaskSummary) -> Result<Vec<export::TracedFile>, StoreError> {
    let mut files = Vec::new();
    for path in store.followed_files(&task.workspace)? {
        let on_disk = Path::new(&task.workspace).join(path.as_path());
        let Ok(text) = std::fs::read_to_string(on_disk) else { continue };
        if let Some(blame) = agent::recall(store, &task.workspace, &path, &text)? {
            files.push(export::TracedFile::accepted(path, &text, &blame, task.id));
        }
    }
    Ok(files)
}

/// `vouchsafe gc`: retires outputs by age and size.
pub(super) fn gc() -> Result<Exit, Failure> {
    let dirs = Dirs::of_process();
    let sources = crate::config::Sources::read(None, dirs.config_home.as_deref(), dirs.home.as_deref(), None);
    let kept = crate::config::load(&sources).config.evidence;
    let services = services()?;
    let store = services.store().map_err(|error| Failure::Refused(error.to_string()))?;
    let done = store.gc(&agent::retention(kept)).map_err(refused)?;
    let text = format!(
        "retired {} outputs ({} KiB), {} KiB are left; what accepted lines cite was kept\n",
        done.retired,
        done.retired_bytes >> 10,
        done.left_bytes >> 10
    );
    output::print(text.as_bytes())?;
    Ok(Exit::Done)
}

/// The record, be it in a directory that cannot be written.
fn store() -> Result<Arc<Store>, Failure> {
    services()?.store_to_read().map_err(|error| match error {
        // Nobody asked for a task.
        ServicesError::Store(error) => refused(error),
        error => Failure::Refused(error.to_string()),
    })
}

fn services() -> Result<Services, Failure> {
    Services::new(Dirs::of_process()).map_err(|error| Failure::Refused(error.to_string()))
}

fn refused(error: StoreError) -> Failure {
    match error {
        StoreError::NoSuchTask(_) => Failure::Usage(error.to_string()),
        error => Failure::Refused(error.to_string()),
    }
}

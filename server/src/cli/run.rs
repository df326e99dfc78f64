//! `vouchsafe run` and what it shares with `exec`: carry out a job, show or apply its result.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use vouchsafe_confine::{Cancel, Stream};
use vouchsafe_evidence::log::{Ended, Exit as CommandExit, RefusedBy};

use super::exit::{Exit, Failure};
use super::interrupt::cancel_on_signal;
use super::job::Here;
use super::output::{self, Paint, note};
use super::progress::Progress;
use super::{OutputArgs, RunArgs, answer, model_task, report};
use crate::agent::{self, CommandLine, Dirs, Finished, Job, Report, Services, Unanswered, Work};
use crate::apply::{self, ApplyError};
use crate::model::Delta;
use crate::recipe::{self, RootFacts, ToolPlaces, Tools};
use crate::review::{FileChange, git_patch};
use crate::task::TaskKind;

pub(super) fn run(args: &RunArgs) -> Result<Exit, Failure> {
    let services = Services::new(Dirs::of_process()).map_err(|error| Failure::Refused(error.to_string()))?;
    let here = Here::find(&args.output, &services.dirs)?;
    let job = match (args.kind.strip_prefix("recipe:"), args.kind.parse::<TaskKind>()) {
        (Some(name), _) => recipe_job(name, args, &here)?,
        (None, Ok(kind)) => model_task::job(kind, args, &here)?,
        (None, Err(())) => {
            let kinds: Vec<_> = TaskKind::ALL.iter().map(|kind| kind.name()).collect();
            let message =
                format!("{:?} is no kind of task: use recipe:NAME or one of {}", args.kind, kinds.join(", "));
            return Err(Failure::Usage(message));
        }
    };
    let form = match &args.output {
        _ if args.sarif => Form::Sarif,
        output => Form::of(output),
    };
    carry_out(job, &services, &args.output, form)
}

fn recipe_job(name: &str, args: &RunArgs, here: &Here) -> Result<Job, Failure> {
    let file = args.file.as_deref().map(|file| here.file(Path::new(file))).transpose()?;
    let usage = |error: recipe::RecipeError| Failure::Usage(error.to_string());
    let recipe = recipe::find(&here.config.recipes, name).map_err(usage)?;
    recipe.ready(&Tools::new(ToolPlaces::from_env(&here.workspace))).map_err(usage)?;
    let shell = |lines: Vec<String>| lines.into_iter().map(CommandLine::shell).collect();
    Ok(Job {
        kind: "recipe",
        title: recipe.title.clone(),
        work: Work::Commands {
            recipe: Some(recipe.name.clone()),
            commands: shell(recipe.commands(file.as_ref()).map_err(usage)?),
            checks: shell(recipe.checks(file.as_ref()).map_err(usage)?),
        },
        place: file.map(|file| (file, 0)),
        only_its_file: recipe.scope == recipe::RecipeScope::File,
        unsaved: Vec::new(),
        env: recipe.env.clone(),
        tool_directories: RootFacts::read(&here.workspace).bins().collect(),
        read: args.output.read.clone(),
        command_wall: recipe.timeout_s.map(|seconds| Duration::from_secs(seconds.into())),
        workspace: here.workspace.clone(),
        config: Arc::clone(&here.config),
    })
}

/// In which form the result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// For people.
    Text,
    /// One JSON object.
    Json,
    /// A patch.
    Patch,
    /// A SARIF log.
    Sarif,
}

impl Form {
    pub(super) const fn of(args: &OutputArgs) -> Self {
        match (args.json, args.patch) {
            (true, _) => Self::Json,
            (_, true) => Self::Patch,
            _ => Self::Text,
        }
    }
}

/// Carries out a job and shows, prints or applies what came of it.
pub(super) fn carry_out(
    job: Job,
    services: &Services,
    args: &OutputArgs,
    form: Form,
) -> Result<Exit, Failure> {
    let workspace = job.workspace.clone();
    let refused = |error: agent::TaskError| Failure::Refused(error.to_string());
    let cancel = Cancel::default();
    cancel_on_signal(&cancel);
    let begun = match agent::begin(job, services, &cancel) {
        Ok(begun) => begun,
        Err(agent::TaskError::Key(Unanswered::Cancelled)) => return Ok(Exit::Interrupted),
        Err(agent::TaskError::Key(why)) => return Err(Failure::Usage(why.to_string())),
        Err(error) => return Err(refused(error)),
    };
    let progress = Progress::new("copying the workspace");
    let several = begun.job().work.count() > 1;
    let by_model = matches!(begun.job().work, Work::Model(_));
    let finished = begun.run(services, &cancel, &mut |report| match report {
        Report::StepEnds(step) if by_model => {
            progress.clear();
            note(&format!("{} step {}: {}", Paint::stderr().dim("▸"), step.seq, step.summary()));
        }
        Report::Ready(_) | Report::StepEnds(_) => progress.clear(),
        Report::StepBegins { number, of, shown } => {
            progress.step(shown);
            if several {
                let of = of.map(|of| format!(" of {of}")).unwrap_or_default();
                note(&format!("{} step {number}{of}: {shown}", Paint::stderr().dim("▸")));
            }
        }
        Report::Asks { turn } => progress.step(&format!("turn {turn}: the model thinks")),
        Report::Acts { shown } => {
            progress.clear();
            note(&format!("{} {shown}", Paint::stderr().dim("▸")));
        }
        Report::Says(Delta::Again(why)) => {
            progress.clear();
            note(&format!("{} {why}", Paint::stderr().bold("vouchsafe:")));
        }
        // What a model's commands print is for the model; the record has it.
        Report::Output(..) if by_model => {}
        Report::Says(_) => {}
        Report::Output(stream, bytes) => {
            progress.clear();
            pass_on(stream, bytes, form != Form::Text);
        }
    });
    drop(progress);
    let finished = finished.map_err(refused)?;
    let mut exit = if by_model { exit_of_model(&finished) } else { exit(&finished) };
    if args.apply && apply_all(&workspace, &finished) > 0 {
        exit = Exit::Conflict;
    }
    if args.apply && exit != Exit::Conflict {
        remember(&workspace, &finished, services);
    }
    show(&finished, args, form, exit != Exit::Conflict, services)?;
    Ok(exit)
}

/// The command's own output, unchanged. A reader that went away misses the rest; the record has it.
fn pass_on(stream: Stream, bytes: &[u8], to_stderr: bool) {
    match stream {
        Stream::Stdout if !to_stderr => drop(output::print(bytes)),
        Stream::Stdout | Stream::Stderr => drop(io::stderr().write_all(bytes)),
    }
}

fn show(
    finished: &Finished,
    args: &OutputArgs,
    form: Form,
    applied: bool,
    services: &Services,
) -> Result<(), Failure> {
    match form {
        Form::Text => {}
        Form::Patch => {
            let patch = git_patch(&finished.proposal.changes);
            output::print(&patch.bytes)?;
            for (path, why) in patch.left_out {
                note(&format!("{} {path} is not in the patch: {why}", Paint::stderr().bold("vouchsafe:")));
            }
        }
        Form::Json => {
            output::print(format!("{}\n", report::json(finished, args.apply && applied)).as_bytes())?;
        }
        Form::Sarif => output::print(format!("{:#}\n", answer::sarif(finished, services)?).as_bytes())?,
    }
    if form == Form::Text {
        show_text(finished, args.apply && applied)?;
    }
    Ok(())
}

/// The result for people: the answer on standard output, everything else on standard error.
fn show_text(finished: &Finished, applied: bool) -> Result<(), Failure> {
    if let Some(answer) = &finished.answer {
        output::print(answer::text(Paint::stdout(), answer).as_bytes())?;
    }
    let paint = Paint::stderr();
    let changes = report::changes(paint, finished);
    let count = finished.proposal.changes.len();
    if count > 0 {
        note(changes.trim_end());
    }
    for step in finished.steps.iter().chain(&finished.checks) {
        step.denials.iter().for_each(|denial| note(&format!("{} {denial}", paint.bold("vouchsafe:"))));
    }
    let claims = report::claims(paint, finished);
    if !claims.is_empty() {
        note(claims.trim_end());
    }
    for one in &finished.suspicions {
        note(&format!(
            "{} {}:{} speaks to an assistant: {}",
            paint.bold("vouchsafe:"),
            one.path,
            one.line,
            one.text
        ));
    }
    let what = match (count, applied) {
        (0, _) if !finished.lost.is_empty() => "nothing was written".to_owned(),
        (0, _) => "nothing changed".to_owned(),
        (1, true) => "1 file written".to_owned(),
        (count, true) => format!("{count} files written"),
        (1, false) => "1 file would change; nothing was written".to_owned(),
        (count, false) => format!("{count} files would change; nothing was written"),
    };
    for path in &finished.too_large {
        note(&format!(
            "{} {path} is too large to review (over 64 MiB, or 512 MiB in all): its change is dropped",
            paint.bold("vouchsafe:")
        ));
    }
    let ended = match &finished.outcome {
        Ended::Finished | Ended::NothingToDo => String::new(),
        other => format!("{other}; "),
    };
    note(&format!(
        "{} task {}: {ended}{what} ({})",
        paint.bold("vouchsafe:"),
        finished.task,
        finished.record.display()
    ));
    Ok(())
}

/// How a model's task ended. What its commands said is told in the answer.
fn exit_of_model(finished: &Finished) -> Exit {
    match &finished.outcome {
        Ended::Finished | Ended::NothingToDo => Exit::Done,
        Ended::Partly { .. } => Exit::Partly,
        Ended::GaveUp { .. } => Exit::GaveUp,
        Ended::Failed { .. } | Ended::Interrupted => Exit::Failed,
        Ended::Refused { by: RefusedBy::Model, .. } => Exit::Declined,
        Ended::Refused { by: RefusedBy::Policy, .. } => Exit::Policy,
        Ended::Refused { by: RefusedBy::Confinement, .. } => Exit::Unconfinable,
        Ended::Limit { .. } => Exit::Limit,
        Ended::Unreachable { .. } => Exit::Unreachable,
        Ended::Cancelled => Exit::Interrupted,
    }
}

/// The command's status where it has one, else what kept it from having one.
fn exit(finished: &Finished) -> Exit {
    match &finished.outcome {
        Ended::Refused { by: RefusedBy::Confinement, .. } => return Exit::Unconfinable,
        Ended::Limit { .. } => return Exit::Limit,
        Ended::Cancelled => return Exit::Interrupted,
        _ => {}
    }
    let failed_check = finished.checks.iter().any(agent::StepInfo::failed);
    match finished.steps.last().and_then(|step| step.exit.as_ref()) {
        Some(CommandExit::Code { code: 0 }) if failed_check => Exit::Failed,
        Some(CommandExit::Code { code: 0 }) => Exit::Done,
        Some(CommandExit::Code { code }) => Exit::Command(u8::try_from(*code).unwrap_or(1)),
        Some(CommandExit::Signal { signal }) => Exit::Command(u8::try_from(128 + signal).unwrap_or(1)),
        // As a shell has it.
        Some(CommandExit::NotStarted { .. }) => Exit::Command(127),
        Some(CommandExit::Stopped { .. }) => Exit::Limit,
        None => Exit::Failed,
    }
}

/// Lets `blame` know the lines that were written.
fn remember(workspace: &Path, finished: &Finished, services: &Services) {
    let Ok(store) = services.store() else { return };
    let workspace = workspace.display().to_string();
    for file in &finished.proposal.files {
        if let FileChange::Rename { from } = &file.change {
            // Then the lines it had are found by its text, or not any more.
            drop(agent::follow_rename(&store, &workspace, from, &file.path));
        }
        let lines = match (&file.change, &file.whole) {
            (FileChange::Text(change), _) => Some(change),
            (_, Some(whole)) => whole.lines.as_ref(),
            (_, None) => None,
        };
        let Some(change) = lines else { continue };
        let made = agent::made_lines(change);
        if let Err(error) = agent::remember(&store, &workspace, &file.path, &change.after, None, &made) {
            note(&format!(
                "{} blame will not know {}: {error}",
                Paint::stderr().bold("vouchsafe:"),
                file.path
            ));
        }
    }
}

/// Writes the result to the workspace; answers how many paths were refused, each with its sentence.
fn apply_all(workspace: &Path, finished: &Finished) -> usize {
    let refused = finished.proposal.changes.iter().filter_map(|change| {
        let (before, after) = (change.before.as_ref(), change.after.as_ref());
        let written = match &change.renamed_from {
            None => apply::write(workspace, &change.path, before, after),
            // The new name first: if the old one cannot go, both exist and nothing is lost.
            Some(from) => apply::write(workspace, &change.path, None, after)
                .and_then(|()| apply::write(workspace, from, before, None)),
        };
        written.err()
    });
    let lost = finished.lost.iter().map(|path| ApplyError::Changed { path: path.clone() });
    refused.chain(lost).inspect(complain).count()
}

fn complain(error: &ApplyError) {
    note(&format!("{} {error}", Paint::stderr().bad("vouchsafe:")));
}

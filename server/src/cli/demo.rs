//! `vouchsafe demo`: the main job on a built-in sample, with nothing but `cargo`.
//!
//! Invariants
//! - It is the same path an editor takes; only the showing is this file's.
//! - Everything lies in one temporary directory that is gone at the end.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use vouchsafe_confine::{Cancel, Tier};

use super::exit::{Exit, Failure};
use super::interrupt::cancel_on_signal;
use super::output::{self, Paint};
use super::progress::Progress;
use super::report;
use crate::agent::{self, CommandLine, Dirs, Finished, Job, Report, Services, Work};
use crate::config::Config;
use crate::diff::hunk_diff;
use crate::recipe::{ToolPlaces, Tools};
use crate::review::{FileChange, ProposedFile};

/// The sample project: a library with three warnings that the compiler knows how to fix.
const SAMPLE: [(&str, &str); 3] = [
    (".gitignore", include_str!("demo/gitignore.sample")),
    ("Cargo.toml", include_str!("demo/Cargo.toml.sample")),
    ("src/lib.rs", include_str!("demo/lib.rs.sample")),
];
const RUN: &str = "cargo fix --allow-no-vcs --quiet";
const CHECK: &str = "cargo test --quiet";

pub(super) fn demo() -> Result<Exit, Failure> {
    let began = Instant::now();
    let yard = tempfile::Builder::new().prefix("vouchsafe-demo-").tempdir()?;
    let top = yard.path().canonicalize()?;
    let workspace = top.join("sample");
    write_sample(&workspace)?;
    if !Tools::new(ToolPlaces::from_env(&workspace)).has("cargo") {
        return Err(Failure::Usage(
            "the demo runs cargo, which is not in PATH: install Rust first".to_owned(),
        ));
    }
    let dirs = Dirs { state: top.join("state"), cache: top.join("cache"), config_home: None, home: None };
    let services = Services::new(dirs).map_err(|error| Failure::Refused(error.to_string()))?;
    let paint = Paint::stdout();
    let before = read_sample(&workspace);
    say(&format!(
        "{}\n",
        paint.bold("Vouchsafe demo: a command's work comes back as reviewed, cited edits")
    ))?;
    say(&format!("  workspace  {} (a built-in sample)\n", workspace.display()))?;
    let refused = |error: agent::TaskError| Failure::Refused(error.to_string());
    let begun = agent::begin(job(workspace.clone()), &services, &Cancel::default()).map_err(refused)?;
    say(&format!("  task {}     {}\n", begun.task(), begun.job().title))?;
    say(&format!("  runs       `{RUN}`, then checks `{CHECK}`\n"))?;
    let cancel = Cancel::default();
    cancel_on_signal(&cancel);
    let progress = Progress::new("copying the workspace");
    let mut tier = None;
    let finished = begun.run(&services, &cancel, &mut |report| match report {
        Report::Ready(ready) => tier = Some(ready),
        Report::StepBegins { shown, .. } => progress.step(shown),
        Report::StepEnds(_) => progress.clear(),
        Report::Asks { .. } | Report::Says(_) | Report::Acts { .. } | Report::Output(..) => {}
    });
    drop(progress);
    let finished = finished.map_err(refused)?;
    say(&shown(paint, &finished, tier, before == read_sample(&workspace)))?;
    let seconds = began.elapsed().as_secs_f64();
    say(&format!(
        "  {}\n",
        paint.dim(&format!("{seconds:.1} s; the sample, its record and its copy are gone"))
    ))?;
    Ok(if finished.steps.iter().chain(&finished.checks).any(agent::StepInfo::failed) {
        Exit::Failed
    } else {
        Exit::Done
    })
}

fn job(workspace: std::path::PathBuf) -> Job {
    Job {
        kind: "recipe",
        title: "Fix what the compiler can fix".to_owned(),
        workspace,
        place: None,
        only_its_file: false,
        work: Work::Commands {
            recipe: Some("cargo-fix".to_owned()),
            commands: vec![CommandLine::shell(RUN.to_owned())],
            checks: vec![CommandLine::shell(CHECK.to_owned())],
        },
        unsaved: Vec::new(),
        env: BTreeMap::new(),
        tool_directories: Vec::new(),
        read: Vec::new(),
        config: Arc::new(Config::default()),
        command_wall: None,
    }
}

fn shown(paint: Paint, finished: &Finished, tier: Option<Tier>, unchanged: bool) -> String {
    let mut out = String::new();
    if let Some(tier) = tier {
        _ = writeln!(out, "  confined   by {}", agent::tier_in_words(tier));
    }
    _ = writeln!(out, "\n{}", paint.bold("Steps"));
    out.push_str(&report::steps(paint, &finished.steps));
    out.push_str(&report::steps(paint, &finished.checks));
    out.push_str(&report::claims(paint, finished));
    _ = writeln!(out, "\n{}", paint.bold("Proposed changes, each under the step that made it"));
    out.push_str(&report::changes(paint, finished));
    if let Some(hover) = hover(finished) {
        _ = writeln!(out, "\n{}", paint.bold("Hover over a changed line, in any editor"));
        hover.lines().for_each(|line| _ = writeln!(out, "  │ {line}"));
    }
    let word = if unchanged { paint.good("unchanged") } else { paint.bad("CHANGED") };
    _ = writeln!(
        out,
        "\n  workspace  {word}: nothing is written until you accept, hunk by hunk, in your editor"
    );
    out
}

/// The hover of the first hunk, as the server gives it.
fn hover(finished: &Finished) -> Option<String> {
    let first = |file: &ProposedFile| match &file.change {
        FileChange::Text(change) => change.hunks.first().map(|hunk| (file.path.clone(), hunk.clone())),
        _ => None,
    };
    let (path, hunk) = finished.proposal.files.iter().find_map(first)?;
    let place = format!("{path}:{}", hunk.base.start + 1);
    let cited = report::cited(finished, &hunk.citations);
    Some(format!("{place} proposed by task {} {cited}\n{}", finished.task, hunk_diff(&hunk)))
}

#[expect(clippy::disallowed_methods, reason = "the demo's own temporary directory")]
fn write_sample(workspace: &Path) -> std::io::Result<()> {
    for (name, text) in SAMPLE {
        let path = workspace.join(name);
        if let Some(directory) = path.parent() {
            std::fs::create_dir_all(directory)?;
        }
        std::fs::write(path, text)?;
    }
    Ok(())
}

fn read_sample(workspace: &Path) -> Vec<Option<String>> {
    SAMPLE.iter().map(|(name, _)| std::fs::read_to_string(workspace.join(name)).ok()).collect()
}

fn say(text: &str) -> std::io::Result<()> {
    output::print(text.as_bytes())
}

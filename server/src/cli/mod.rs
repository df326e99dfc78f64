//! The command line: one file per subcommand.
//!
//! Invariants
//! - What a user gets wrong is one sentence on standard error and exit code 2.
//! - Ctrl-C cancels: whatever was started is gone when the process is.

mod answer;
mod claims;
mod demo;
mod doctor;
mod doctor_model;
mod exec;
mod exit;
mod interrupt;
mod job;
mod model_task;
mod output;
mod progress;
mod record;
mod report;
mod run;
mod serve;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use vouchsafe_evidence::log::TaskId;

use exit::Exit;

/// An agent works on your code in a confined copy; you get its changes as edits to review.
#[derive(Parser)]
#[command(name = "vouchsafe", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve an editor on standard input and output (what editors start)
    Serve,
    /// Show the main job on a built-in sample project; leaves nothing behind
    Demo,
    /// Run a command in a confined copy of this project and show what it changed
    Exec(ExecArgs),
    /// Run a task without an editor: by a model, or a recipe such as `recipe:cargo-fmt`
    Run(RunArgs),
    /// List recorded tasks, or show one
    Log(LogArgs),
    /// Show which lines of a file came from which command
    Blame(BlameArgs),
    /// Check that a task's record is what was written
    Verify(VerifyArgs),
    /// Print a task's record in another form
    Export(ExportArgs),
    /// Check what agents claimed against what was recorded
    Claims(ClaimsArgs),
    /// Retire old outputs, as the configuration's `[evidence]` says
    Gc,
    /// Show what this machine enforces, by trying it
    Doctor(DoctorArgs),
}

/// What `exec` and `run` have in common.
#[derive(Args)]
struct OutputArgs {
    /// Write the result to the workspace; what changed there meanwhile is refused
    #[arg(long)]
    apply: bool,
    /// Print one JSON object on standard output (docs/protocol.md); command output goes to standard error
    #[arg(long, conflicts_with = "patch")]
    json: bool,
    /// Print a patch for `git apply` on standard output; command output goes to standard error
    #[arg(long)]
    patch: bool,
    /// The workspace to copy [default: the Git repository around this directory, else this directory]
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// Let the command read this directory too
    #[arg(long, value_name = "DIR")]
    read: Vec<PathBuf>,
}

#[derive(Args)]
struct ExecArgs {
    #[command(flatten)]
    output: OutputArgs,
    /// The command and its arguments
    #[arg(required = true, last = true, value_name = "CMD")]
    command: Vec<OsString>,
}

#[derive(Args)]
struct RunArgs {
    #[command(flatten)]
    output: OutputArgs,
    /// What to do: fix, implement, test, document, refactor, explain, ask, review, custom, or `recipe:NAME`
    #[arg(value_name = "KIND")]
    kind: String,
    /// The file to do it on, and where in it
    #[arg(value_name = "FILE[:L1[-L2]]")]
    file: Option<String>,
    /// What you want, in your own words
    #[arg(long, value_name = "TEXT")]
    prompt: Option<String>,
    /// The model profile to use [default: as the configuration has it for this kind]
    #[arg(long, value_name = "PROFILE")]
    model: Option<String>,
    /// Print a SARIF log on standard output: claims, findings, what policy saw
    #[arg(long, conflicts_with_all = ["json", "patch"])]
    sarif: bool,
}

#[derive(Args)]
struct LogArgs {
    /// The task to show
    #[arg(value_name = "TASK")]
    task: Option<TaskId>,
    /// List at most this many, the newest
    #[arg(long, default_value_t = 20, value_name = "COUNT")]
    limit: u32,
}

#[derive(Args)]
struct BlameArgs {
    /// The file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// The workspace it is in [default: the Git repository around this directory, else this directory]
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
}

#[derive(Args)]
struct VerifyArgs {
    /// The task
    #[arg(value_name = "TASK")]
    task: TaskId,
}

#[derive(Args)]
struct ExportArgs {
    /// The task
    #[arg(value_name = "TASK")]
    task: TaskId,
    /// The form: Agent Trace, SARIF 2.1.0, Markdown, JSON or a commit trailer
    #[arg(long = "as", value_enum, value_name = "FORM")]
    form: ExportForm,
}

/// A form of a task's record.
#[derive(Clone, Copy, ValueEnum)]
enum ExportForm {
    /// Agent Trace 0.1
    Trace,
    /// SARIF 2.1.0
    Sarif,
    /// The readable page
    Md,
    /// Every event
    Json,
    /// An `Assisted-by:` line for a commit message
    Trailer,
}

impl OutputArgs {
    /// No output wanted: only the workspace is looked for.
    fn at(root: Option<PathBuf>) -> Self {
        Self { apply: false, json: false, patch: false, root, read: Vec::new() }
    }
}

#[derive(Args)]
struct ClaimsArgs {
    #[command(subcommand)]
    command: ClaimsCommand,
}

#[derive(Subcommand)]
enum ClaimsCommand {
    /// Check the cases of a JSON lines file: scores where it has labels, else predictions
    Check {
        /// The file (docs/evidence.md has its format)
        #[arg(value_name = "FILE.jsonl")]
        file: PathBuf,
        /// Print predictions, one JSON object for each case
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
struct DoctorArgs {
    /// Try a model endpoint instead, with one short turn: that of this profile, or the default one
    #[arg(long, value_name = "PROFILE", num_args = 0..=1, default_missing_value = "")]
    model: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Runs the command line of this process; returns its exit code.
#[must_use]
pub fn main() -> u8 {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Nowhere to complain when the terminal is gone.
            drop(error.print());
            return if error.use_stderr() { Exit::Usage.code() } else { Exit::Done.code() };
        }
    };
    let ended = match cli.command {
        Command::Serve => serve::serve(),
        Command::Demo => demo::demo(),
        Command::Exec(args) => exec::exec(&args),
        Command::Run(args) => run::run(&args),
        Command::Log(args) => record::log(&args),
        Command::Blame(args) => record::blame(&args),
        Command::Verify(args) => record::verify(&args),
        Command::Export(args) => record::export(&args),
        Command::Claims(args) => claims::claims(&args),
        Command::Gc => record::gc(),
        Command::Doctor(args) => doctor::doctor(&args),
    };
    match ended {
        Ok(exit) => exit.code(),
        Err(error) => {
            output::complain(&error);
            error.exit().code()
        }
    }
}

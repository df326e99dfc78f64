//! Standard output and standard error: colour where a terminal takes it, plain where it is piped.
//!
//! Invariants
//! - `NO_COLOR` is honoured; a pipe never gets an escape sequence from us.
//! - A reader that goes away (`| head`) ends our writing, not the task.

use std::io::{self, IsTerminal, Write};

use anstyle::{AnsiColor, Style};

/// Whether and how to colour one stream.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint(bool);

impl Paint {
    /// For standard error.
    pub(super) fn stderr() -> Self {
        Self(io::stderr().is_terminal() && colour_wanted())
    }

    /// For standard output.
    pub(super) fn stdout() -> Self {
        Self(io::stdout().is_terminal() && colour_wanted())
    }

    fn paint(self, style: Style, text: &str) -> String {
        if self.0 { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.paint(Style::new().bold(), text)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.paint(Style::new().dimmed(), text)
    }

    pub(super) fn added(self, text: &str) -> String {
        self.paint(AnsiColor::Green.on_default(), text)
    }

    pub(super) fn removed(self, text: &str) -> String {
        self.paint(AnsiColor::Red.on_default(), text)
    }

    pub(super) fn cited(self, text: &str) -> String {
        self.paint(AnsiColor::Cyan.on_default(), text)
    }

    pub(super) fn good(self, text: &str) -> String {
        self.paint(AnsiColor::Green.on_default().bold(), text)
    }

    pub(super) fn bad(self, text: &str) -> String {
        self.paint(AnsiColor::Red.on_default().bold(), text)
    }
}

fn colour_wanted() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Says on standard error why the subcommand could not do its work.
pub(super) fn complain(failure: &dyn std::fmt::Display) {
    let paint = Paint::stderr();
    // Nowhere else to say it.
    drop(writeln!(io::stderr(), "{}: {failure}", paint.bad("vouchsafe")));
}

/// One line on standard error.
pub(super) fn note(text: &str) {
    drop(writeln!(io::stderr(), "{text}"));
}

/// Bytes on standard output; a closed pipe is no error.
pub(super) fn print(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

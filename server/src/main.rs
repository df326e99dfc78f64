//! The `vouchsafe` binary. First of all it asks whether it was started as a task's zygote.

use std::process::ExitCode;

fn main() -> ExitCode {
    vouchsafe_confine::become_zygote_if_asked();
    ExitCode::from(vouchsafe::cli::main())
}

//! What a task may use. Every limit has its unit in its name, a range and its relation to the others.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a task may use. Reaching a limit ends the command or the task with a result that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Seconds a whole task may take, waiting included.
    #[schemars(extend("x-project" = "lowers"), range(min = 1, max = 86_400))]
    pub task_wall_s: u32,
    /// Seconds one command may take; at most `task_wall_s`.
    #[schemars(extend("x-project" = "lowers"), range(min = 1, max = 86_400))]
    pub command_wall_s: u32,
    /// Seconds of processor time one process may use.
    #[schemars(extend("x-project" = "lowers"), range(min = 1, max = 864_000))]
    pub command_cpu_s: u32,
    /// MiB of memory a task may use.
    #[schemars(extend("x-project" = "lowers"), range(min = 64, max = 4_194_304))]
    pub memory_mib: u32,
    /// Processes and threads that may exist at the same time in one task.
    #[schemars(extend("x-project" = "lowers"), range(min = 8, max = 65_536))]
    pub processes: u32,
    /// MiB the largest file may have that a task writes; at most `shadow_mib`.
    #[schemars(extend("x-project" = "lowers"), range(min = 1, max = 1_048_576))]
    pub file_mib: u32,
    /// KiB of a command's output that are kept for reading, from its beginning and its end.
    #[schemars(range(min = 16, max = 1_048_576))]
    pub output_kept_kib: u32,
    /// MiB of a command's output that are stored in the record; at least `output_kept_kib`.
    #[schemars(range(min = 1, max = 65_536))]
    pub output_stored_mib: u32,
    /// MiB one task's copy of the workspace may take on disk.
    #[schemars(extend("x-project" = "lowers"), range(min = 16, max = 4_194_304))]
    pub shadow_mib: u32,
    /// Files one task's copy of the workspace may hold.
    #[schemars(extend("x-project" = "lowers"), range(min = 100, max = 10_000_000))]
    pub shadow_files: u32,
    /// Turns a model may have in one task.
    #[schemars(extend("x-project" = "lowers"), range(min = 1, max = 10_000))]
    pub model_turns: u32,
    /// Tokens a model may read and write in one task, all turns together, as its provider counts them.
    #[schemars(extend("x-project" = "lowers"), range(min = 1_000, max = 4_000_000_000_u32))]
    pub model_tokens: u32,
    /// Tasks that run at the same time; more of them wait.
    #[schemars(extend("x-project" = "lowers"), range(min = 1, max = 64))]
    pub parallel_tasks: u32,
}

impl Limits {
    /// The limits where nobody says otherwise.
    pub const DEFAULT: Self = Self {
        task_wall_s: 1_800,
        command_wall_s: 600,
        command_cpu_s: 1_800,
        memory_mib: 8_192,
        processes: 1_024,
        file_mib: 1_024,
        output_kept_kib: 256,
        output_stored_mib: 64,
        shadow_mib: 16_384,
        shadow_files: 500_000,
        model_turns: 100,
        model_tokens: 5_000_000,
        parallel_tasks: 4,
    };

    /// The same limits with their relations restored, the smaller one winning: a task that is given a minute
    /// gives no command ten.
    #[must_use]
    pub fn settled(self) -> Self {
        let stored_kib = self.output_stored_mib.saturating_mul(1_024);
        Self {
            command_wall_s: self.command_wall_s.min(self.task_wall_s),
            file_mib: self.file_mib.min(self.shadow_mib),
            output_kept_kib: self.output_kept_kib.min(stored_kib),
            ..self
        }
    }

    /// Whether the relations hold that [`Self::settled`] restores.
    #[must_use]
    pub const fn is_settled(&self) -> bool {
        self.command_wall_s <= self.task_wall_s
            && self.file_mib <= self.shadow_mib
            && self.output_kept_kib <= self.output_stored_mib.saturating_mul(1_024)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

const _: () = assert!(Limits::DEFAULT.is_settled());
const _: () = assert!(Limits::DEFAULT.command_wall_s < Limits::DEFAULT.task_wall_s);
const _: () = assert!(Limits::DEFAULT.command_wall_s <= Limits::DEFAULT.command_cpu_s);

//! All mutable state of a session, as plain data.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

use vouchsafe_confine::Cancel;
use vouchsafe_evidence::origin::Blame;

use super::apply::{Applying, Decided};
use super::check::Checkable;
use super::client::Client;
use super::document::{Document, DocumentId};
use super::folders::Folder;
use super::notes::Note;
use super::outgoing::{NoteArgument, Pick};
use super::outlines::Known;
use super::reviews::Review;
use crate::agent::{Begun, Job, Steering, StepInfo, Work};
use crate::review::HunkId;
use crate::task::Asked;

/// Everything behind the session's lock.
#[derive(Default)]
pub(super) struct State {
    pub(super) client: Arc<Client>,
    pub(super) settings: Option<serde_json::Value>,
    pub(super) folders: Vec<Arc<Folder>>,
    /// Problems of the configuration that the user has been told.
    pub(super) reported: BTreeSet<String>,
    pub(super) documents: HashMap<DocumentId, Document>,
    pub(super) tasks: BTreeMap<u64, Task>,
    /// Proposed changes by the document they are shown in.
    pub(super) reviews: HashMap<DocumentId, Vec<Review>>,
    /// What tasks have to say besides their changes, by the document it is shown in.
    pub(super) notes: HashMap<DocumentId, Vec<Note>>,
    /// What was remembered of open documents, carried on.
    pub(super) blames: HashMap<DocumentId, Blame>,
    /// What stands where in open documents, as far as somebody asked.
    pub(super) outlines: HashMap<DocumentId, Known>,
    pub(super) next_reading: u64,
    pub(super) waiting: VecDeque<Waiting>,
    pub(super) running: u32,
    pub(super) threads: Vec<JoinHandle<()>>,
    /// Edits that the client has been asked to make and that have not been seen in its text yet.
    pub(super) applying: Vec<Applying>,
    /// Decisions that wait for an edit of the same document.
    pub(super) deferred: VecDeque<Pick>,
    pub(super) next_edit: u64,
    /// Edits of which the user may confirm a part.
    pub(super) confirming: BTreeSet<u64>,
    /// The client has asked for the end: it takes no requests any more.
    pub(super) ending: bool,
    /// Whether old outputs were looked for.
    pub(super) collected: bool,
    /// Decisions seen and not recorded yet.
    pub(super) decided: Vec<Decided>,
    /// Which change of a task needs which other one.
    pub(super) needs: HashMap<u64, Vec<(HunkId, HunkId)>>,
    /// Changes that the server is writing.
    pub(super) writing: BTreeSet<HunkId>,
    /// Changes that the user rejected.
    pub(super) rejected: BTreeSet<HunkId>,
    /// Documents whose findings have changed meanwhile.
    pub(super) stale: Vec<DocumentId>,
}

/// A task that waits for its turn.
pub(super) struct Waiting {
    pub(super) begun: Begun,
    pub(super) folder: Arc<Folder>,
    pub(super) cancel: Cancel,
}

/// A task of this session.
pub(super) struct Task {
    pub(super) title: String,
    /// What it was asked for.
    pub(super) kind: String,
    /// The workspace folder it works on.
    pub(super) workspace: PathBuf,
    /// Where the user started it: changes without a place of their own are shown there.
    pub(super) started_at: DocumentId,
    pub(super) started_line: u32,
    pub(super) phase: Phase,
    pub(super) cancel: Cancel,
    pub(super) steps: Vec<StepInfo>,
    pub(super) record: Option<PathBuf>,
    /// The claim that this task checks, if it does nothing else.
    pub(super) checks: Option<NoteArgument>,
    /// What is needed to check its own claims.
    pub(super) checkable: Option<Arc<Checkable>>,
    /// What a model was asked, if one was.
    pub(super) asked: Option<Asking>,
    /// The page with its answer to a question.
    pub(super) answer: Option<PathBuf>,
    /// The task whose open changes are part of this one's proposal when it has ended.
    pub(super) takes_over: Option<u64>,
}

/// What a model was asked, and how to speak to it.
pub(super) struct Asking {
    pub(super) asked: Asked,
    pub(super) steering: Steering,
}

/// Where a task stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Phase {
    /// It waits for its turn.
    Queued,
    /// It runs.
    Running {
        /// What it does now.
        step: String,
    },
    /// It has ended and its changes wait for the user, or have been decided.
    Settled,
}

impl Phase {
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running { .. } => "running",
            Self::Settled => "ended",
        }
    }

    pub(super) fn step(&self) -> Option<&str> {
        match self {
            Self::Running { step } => Some(step),
            Self::Queued | Self::Settled => None,
        }
    }
}

impl Task {
    pub(super) fn new(
        job: &Job,
        workspace: PathBuf,
        started_at: DocumentId,
        started_line: u32,
        cancel: Cancel,
    ) -> Self {
        Self {
            title: job.title.clone(),
            kind: job.kind.to_owned(),
            workspace,
            started_at,
            started_line,
            phase: Phase::Queued,
            cancel,
            steps: Vec::new(),
            record: None,
            checks: None,
            checkable: None,
            takes_over: None,
            answer: None,
            asked: match &job.work {
                Work::Model(work) => {
                    Some(Asking { asked: work.asked.clone(), steering: work.steering.clone() })
                }
                _ => None,
            },
        }
    }

    /// Whether it waits or runs.
    pub(super) const fn is_under_way(&self) -> bool {
        !matches!(self.phase, Phase::Settled)
    }

    /// A step by its number in the record.
    pub(super) fn step(&self, seq: u32) -> Option<&StepInfo> {
        self.steps.iter().find(|step| step.seq == seq)
    }
}

impl State {
    /// How many changes of a task wait for the user, and how many of them are in conflict.
    pub(super) fn open_changes(&self, task: u64) -> (usize, usize) {
        let reviews = self.reviews.values().flatten().filter(|review| review.task == task);
        reviews.map(Review::open).fold((0, 0), |sum, open| (sum.0 + open.0, sum.1 + open.1))
    }

    /// Whether an edit of this document is under way.
    pub(super) fn is_applying(&self, id: &DocumentId) -> bool {
        self.applying.iter().any(|applying| applying.document == *id)
    }
}

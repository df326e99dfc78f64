//! Speaking to a task: while it runs, and after it has ended.
//!
//! Invariants
//! - A word to a running task reaches the model before its next turn, or the user hears that it came too late.
//! - A follow-up is a task of its own, with its own number, record and proposal. It goes on from the other task's
//!   state: what that proposed and is still open is part of it, and stands under its name from then on.

use std::sync::Arc;

use vouchsafe_base::WorkspacePath;
use vouchsafe_evidence::log::TaskId;

use super::Session;
use super::folders::Folder;
use super::outgoing::{Call, KeyArgument, Level, Outgoing, Pick, Word};
use super::reviews::{Kind, Review};
use super::start::check_prompt;
use crate::agent::Followed;
use crate::review::{Entry, FileChange, LineEdit, Selection};
use crate::task::{Asked, Order, TaskKind, quoted};

impl Session {
    /// Says something to a running task.
    ///
    /// # Errors
    /// One sentence when nobody will read it.
    pub fn message(&self, word: &Word) -> Result<(), String> {
        let text = word.text.trim();
        if text.is_empty() {
            return Err("say something: the message is empty".to_owned());
        }
        let state = self.state();
        let task = state.tasks.get(&word.task).ok_or_else(|| no_task(word.task))?;
        let asking = task.asked.as_ref().ok_or_else(|| nobody(word.task))?;
        if !task.is_under_way() || !asking.steering.say(text.to_owned()) {
            return Err(format!(
                "task {} has ended: send vouchsafe.followUp to go on from it, or write a comment `vouchsafe: @{} …`",
                word.task, word.task
            ));
        }
        drop(state);
        let step = format!("heard you: {}", quoted(text));
        self.tell(Outgoing::ProgressStep { task: word.task, text: step, percent: None });
        Ok(())
    }

    /// Goes on from a task that has ended, with a word; answers the new task's number.
    ///
    /// # Errors
    /// One sentence for the user: nothing was started.
    pub async fn follow_up(&self, word: Word) -> Result<u64, String> {
        let session = self.itself.upgrade().ok_or("the session has ended")?;
        let started = tokio::task::spawn_blocking(move || session.begin_follow_up(&word)).await;
        started.unwrap_or_else(|_| Err("the task could not be started: see the server's log".to_owned()))
    }

    fn begin_follow_up(&self, word: &Word) -> Result<u64, String> {
        let text = word.text.trim();
        let (asked, document, line) = {
            let state = self.state();
            let task = state.tasks.get(&word.task).ok_or_else(|| no_task(word.task))?;
            let asking = task.asked.as_ref().ok_or_else(|| nobody(word.task))?;
            if task.is_under_way() {
                return Err(format!("task {} still runs: send vouchsafe.message to speak to it", word.task));
            }
            (asking.asked.clone(), task.started_at.clone(), task.started_line)
        };
        if text.is_empty() {
            return Err("say what to do next: the message is empty".to_owned());
        }
        let kind = kind_of(asked.kind, text);
        check_prompt(kind, text)?;
        let (folder, _) = self.workplace(&document)?;
        let title = format!("{} (after task {})", quoted(text), word.task);
        let asked = Asked { kind, title, prompt: text.to_owned(), ..asked };
        let follows = self.followed(word.task, &folder);
        let job = self.model_job(&folder, asked, line, Some(follows))?;
        let id = self.launch(job, folder, document, line, None)?;
        if let Some(task) = self.state().tasks.get_mut(&id) {
            task.takes_over = Some(word.task);
        }
        Ok(id)
    }

    /// A task's files as they would be if all that is still open were accepted.
    fn followed(&self, task: u64, folder: &Arc<Folder>) -> Followed {
        let state = self.state();
        let open =
            state.reviews.values().flatten().filter(|review| review.task == task && review.open().0 > 0);
        let mut files: Vec<(WorkspacePath, Option<Vec<u8>>)> = Vec::new();
        for review in open {
            files.extend(contents(review, folder));
        }
        Followed { task: TaskId::new(task), files }
    }

    /// Withdraws what is open of the task that this one went on from, now that it stands in this one's proposal.
    pub(super) fn take_over(&self, task: u64) {
        let from = self.state().tasks.get_mut(&task).and_then(|task| task.takes_over.take());
        let Some(from) = from else { return };
        if self.decide(Call::Reject(Pick { task: from, hunk: None, uri: None })).is_ok() {
            let text = format!("Vouchsafe: what was open of task {from} is part of task {task} now");
            self.tell(Outgoing::Message(Level::Info, text));
        }
    }

    /// Takes a key from the editor's secret store, for this session and in memory only.
    ///
    /// # Errors
    /// One sentence when no profile has that name.
    pub fn set_key(&self, argument: &KeyArgument) -> Result<(), String> {
        let state = self.state();
        let mut known: Vec<String> = state
            .folders
            .iter()
            .flat_map(|folder| folder.loaded.config.models.names().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        drop(state);
        known.sort();
        known.dedup();
        // Without a folder no configuration has been read yet; the key may come first.
        if !known.is_empty() && !known.contains(&argument.profile) {
            let known = known.join(", ");
            return Err(format!("there is no model profile {:?}: there are {known}", argument.profile));
        }
        if argument.key.trim().is_empty() {
            self.keys.forget(&argument.profile);
        } else {
            self.keys.put(&argument.profile, &argument.key);
        }
        Ok(())
    }
}

/// What kind of task a follow-up is: a question where it is one, else the same again; but after a task that changed
/// nothing it is whatever the user says.
fn kind_of(before: TaskKind, text: &str) -> TaskKind {
    match Order::read(text) {
        Order::Task { kind: TaskKind::Custom, .. } | Order::Word { .. } if before.edits() => before,
        Order::Task { kind, .. } => kind,
        Order::Word { .. } => TaskKind::Custom,
    }
}

fn nobody(task: u64) -> String {
    format!("nobody listens in task {task}: it runs commands; start a new task instead")
}

fn no_task(task: u64) -> String {
    format!("there is no task {task} in this session")
}

/// What a review's file would be, all of it accepted; nothing for what has no content (modes).
fn contents(review: &Review, folder: &Folder) -> Vec<(WorkspacePath, Option<Vec<u8>>)> {
    let path = review.file.path.clone();
    let bytes = |entry: &Entry| match entry {
        Entry::File { bytes, .. } => Some(bytes.to_vec()),
        Entry::Symlink { .. } | Entry::Directory => None,
    };
    match (&review.kind, &review.file.change) {
        (Kind::Text(file), _) => {
            let edits = file.accept(&Selection::All);
            vec![(path, Some(LineEdit::apply(&edits, file.text()).to_string().into_bytes()))]
        }
        (_, FileChange::Create(entry) | FileChange::Replace { after: entry, .. }) => {
            bytes(entry).map(|bytes| (path, Some(bytes))).into_iter().collect()
        }
        (_, FileChange::Delete(_)) => vec![(path, None)],
        (_, FileChange::Binary { after, .. }) => vec![(path, Some(after.to_vec()))],
        (_, FileChange::Rename { from }) => {
            let content = std::fs::read(folder.path.join(from.as_path())).ok();
            content.map_or_else(Vec::new, |content| vec![(from.clone(), None), (path, Some(content))])
        }
        (_, FileChange::Text(_) | FileChange::Mode { .. } | FileChange::Symlink { .. }) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_follow_up_is_a_question_or_goes_on() {
        assert_eq!(kind_of(TaskKind::Fix, "why not in place?"), TaskKind::Ask);
        assert_eq!(kind_of(TaskKind::Fix, "also handle tabs"), TaskKind::Fix);
        assert_eq!(kind_of(TaskKind::Review, "mend the first"), TaskKind::Custom);
        assert_eq!(kind_of(TaskKind::Explain, "test"), TaskKind::Test);
    }
}

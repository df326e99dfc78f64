//! Starting a task that a model carries out: who does it, and what it is told of the place.
//!
//! Invariants
//! - What a task is told is read from the text the user sees, when it is started, on a thread that may take its time.
//! - Where no model is configured, nothing is started, and the user hears what to write where.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use vouchsafe_base::WorkspacePath;

use super::Session;
use super::document::DocumentId;
use super::folders::Folder;
use super::offered::{diagnostics_of, is_selection, lines_of};
use super::outgoing::StartTask;
use super::outlines::READ_WITHIN;
use crate::agent::{Followed, Job, Model, ModelWork, Steering, Work};
use crate::model::Client;
use crate::syntax::{Instruction, Language, instruction_on, outline};
use crate::task::{Asked, AskedPlace, Order, Place, TaskKind, title};

/// The longest words of the user, in bytes: a pasted log is a file to read, not an order.
const PROMPT_BYTES_MAX: usize = 64 * 1024;

impl Session {
    /// Starts a task for a model; answers with its number at once.
    ///
    /// # Errors
    /// One sentence for the user: nothing was started.
    pub async fn start_task(&self, start: StartTask, document: DocumentId) -> Result<u64, String> {
        let session = self.itself.upgrade().ok_or("the session has ended")?;
        // A text is parsed and the first event goes to disk: not on the task that moves messages.
        let started = tokio::task::spawn_blocking(move || session.begin_task(&start, &document)).await;
        started.unwrap_or_else(|_| Err("the task could not be started: see the server's log".to_owned()))
    }

    fn begin_task(&self, start: &StartTask, document: &DocumentId) -> Result<u64, String> {
        check_prompt(start.kind, &start.prompt)?;
        let (folder, file) = self.workplace(document)?;
        let asked = self.asked(start, document, &folder, file);
        let line = start.range.start.line;
        let job = self.model_job(&folder, asked, line, None)?;
        self.launch(job, folder, document.clone(), line, None)
    }

    /// The job of a task for a model.
    pub(super) fn model_job(
        &self,
        folder: &Arc<Folder>,
        asked: Asked,
        line: u32,
        follows: Option<Followed>,
    ) -> Result<Job, String> {
        let model = self.model_for(folder, asked.kind)?;
        let steering = Steering::default();
        Ok(Job {
            kind: asked.kind.name(),
            title: asked.title.clone(),
            workspace: folder.real.clone(),
            place: asked.place.as_ref().map(|place| (place.path.clone(), line)),
            only_its_file: false,
            work: Work::Model(Box::new(ModelWork { asked, model, steering, follows })),
            unsaved: Vec::new(),
            env: BTreeMap::new(),
            tool_directories: folder.facts.bins().collect(),
            read: Vec::new(),
            config: Arc::new(folder.loaded.config.clone()),
            command_wall: None,
        })
    }

    fn model_for(&self, folder: &Folder, kind: TaskKind) -> Result<Arc<dyn Model>, String> {
        let endpoint = folder.loaded.config.model_for(kind).map_err(|error| error.to_string())?;
        let client = Client::new(&endpoint, &self.keys).map_err(|error| error.to_string())?;
        Ok(Arc::new(client))
    }

    /// Everything a task is told.
    fn asked(
        &self,
        start: &StartTask,
        document: &DocumentId,
        folder: &Folder,
        file: Option<WorkspacePath>,
    ) -> Asked {
        let place = file.and_then(|file| self.asked_place(start, document, folder, &file));
        let prompt = start.prompt.trim();
        let title = title(start.kind, prompt, place.as_ref());
        let order = place.as_ref().and_then(|place| self.order_in(document, place, prompt));
        let prompt = match (order, &place) {
            (Some(order), Some(place)) => with_comment(prompt, &order, &place.path, start.kind),
            _ => prompt.to_owned(),
        };
        Asked { kind: start.kind, title, prompt, place }
    }

    fn asked_place(
        &self,
        start: &StartTask,
        document: &DocumentId,
        folder: &Folder,
        file: &WorkspacePath,
    ) -> Option<AskedPlace> {
        let text = self.text_of(document)?;
        let (id, encoding) = {
            let state = self.state();
            let open = state.documents.get(document);
            (open.map(|open| open.language.clone()).unwrap_or_default(), state.client.encoding)
        };
        let language = Language::of(&id, file.as_str());
        let outline = language.and_then(|language| outline(language, &text, Instant::now() + READ_WITHIN));
        let range = start.range.start..start.range.end;
        let place = Place {
            path: file,
            language,
            text: &text,
            outline: outline.as_ref(),
            lines: lines_of(&range),
            selected: is_selection(&text, &range, encoding),
        };
        let diagnostics = diagnostics_of(&start.diagnostics).into_iter().map(|(_, said)| said).collect();
        Some(place.asked(diagnostics, &|path| folder.path.join(path.as_path()).is_file()))
    }

    /// The comment at the place that holds this order, if one does.
    fn order_in(&self, document: &DocumentId, place: &AskedPlace, prompt: &str) -> Option<Instruction> {
        let text = self.text_of(document)?;
        let says_it = |order: &Instruction| match Order::read(&order.text) {
            Order::Task { prompt: said, .. } => said == prompt,
            Order::Word { .. } => false,
        };
        place.lines.clone().take(200).filter_map(|line| instruction_on(&text, line)).find(says_it)
    }
}

/// The order, and that the comment it was read from is done with.
fn with_comment(prompt: &str, order: &Instruction, path: &WorkspacePath, kind: TaskKind) -> String {
    let lines = match order.lines.len() {
        1 => format!("line {}", order.lines.start + 1),
        _ => format!("lines {}-{}", order.lines.start + 1, order.lines.end),
    };
    let from = format!("(This order stands as a comment in {lines} of {path}.");
    let then = if kind.edits() { " Remove that comment when you have done it.)" } else { ")" };
    let gap = if prompt.is_empty() { "" } else { "\n\n" };
    format!("{prompt}{gap}{from}{then}")
}

pub(super) fn check_prompt(kind: TaskKind, prompt: &str) -> Result<(), String> {
    if prompt.len() > PROMPT_BYTES_MAX {
        return Err(format!(
            "the order has {} KiB, at most {} are taken: put long text into a file of the workspace and name it",
            prompt.len() / 1024,
            PROMPT_BYTES_MAX / 1024
        ));
    }
    if prompt.trim().is_empty() && matches!(kind, TaskKind::Ask | TaskKind::Custom) {
        return Err(format!("a task of the kind `{kind}` needs your words in `prompt`"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_without_words_or_with_too_many_is_refused() {
        assert!(check_prompt(TaskKind::Ask, " ").unwrap_err().contains("`ask` needs your words"));
        assert!(check_prompt(TaskKind::Custom, "").is_err());
        assert!(check_prompt(TaskKind::Fix, "").is_ok());
        let long = "x".repeat(PROMPT_BYTES_MAX + 1);
        assert!(check_prompt(TaskKind::Fix, &long).unwrap_err().contains("at most 64"));
    }

    #[test]
    fn an_order_in_a_comment_says_where_it_stands() {
        let order = Instruction { lines: 3..5, text: "make it so".to_owned() };
        let path = WorkspacePath::parse("a.rs").unwrap();
        let text = with_comment("make it so", &order, &path, TaskKind::Custom);
        assert!(
            text.starts_with("make it so\n\n(This order stands as a comment in lines 4-5 of a.rs. Remove")
        );
        assert!(!with_comment("", &order, &path, TaskKind::Explain).contains("Remove"));
    }
}

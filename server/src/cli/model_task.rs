//! `vouchsafe run KIND`: a task for a model, from the command line.
//!
//! Invariants
//! - The place is read as an editor's would be: lines named are a selection, a line alone is the cursor.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ropey::Rope;
use vouchsafe_base::WorkspacePath;

use super::RunArgs;
use super::exit::Failure;
use super::job::Here;
use crate::agent::{Job, ModelWork, Steering, Work};
use crate::model::{Client, Keys};
use crate::recipe::RootFacts;
use crate::syntax::{Language, outline};
use crate::task::{Asked, AskedPlace, Place, TaskKind, title};

/// How long a file may be parsed for its symbols; without them the task still has its lines.
const PARSE_MAX: Duration = Duration::from_secs(2);

/// The job of a task for a model.
pub(super) fn job(kind: TaskKind, args: &RunArgs, here: &Here) -> Result<Job, Failure> {
    let place = args.file.as_deref().map(|text| place(text, here)).transpose()?;
    let prompt = args.prompt.clone().unwrap_or_default();
    if matches!(kind, TaskKind::Ask | TaskKind::Custom) && prompt.trim().is_empty() {
        return Err(Failure::Usage(format!("a task of the kind {kind} needs --prompt TEXT")));
    }
    if place.is_none() && prompt.trim().is_empty() {
        return Err(Failure::Usage(format!("say where to {kind}, or what, with FILE or --prompt TEXT")));
    }
    let usage = |error: &dyn std::fmt::Display| Failure::Usage(error.to_string());
    let endpoint = match &args.model {
        Some(profile) => here.config.models.named(profile, "--model"),
        None => here.config.model_for(kind),
    };
    let endpoint = endpoint.map_err(|error| usage(&error))?;
    let client = Client::new(&endpoint, &Keys::default()).map_err(|error| usage(&error))?;
    let asked = Asked { kind, title: title(kind, prompt.trim(), place.as_ref()), prompt, place };
    let place = asked.place.as_ref();
    Ok(Job {
        kind: kind.name(),
        title: asked.title.clone(),
        workspace: here.workspace.clone(),
        place: place.map(|place| (place.path.clone(), place.lines.start)),
        only_its_file: false,
        work: Work::Model(Box::new(ModelWork {
            asked,
            model: Arc::new(client),
            steering: Steering::default(),
            follows: None,
        })),
        unsaved: Vec::new(),
        env: BTreeMap::new(),
        tool_directories: RootFacts::read(&here.workspace).bins().collect(),
        read: args.output.read.clone(),
        config: Arc::clone(&here.config),
        command_wall: None,
    })
}

/// `FILE`, `FILE:L` or `FILE:L1-L2`, each line with or without an `L` before it.
fn place(text: &str, here: &Here) -> Result<AskedPlace, Failure> {
    let (file, lines_named) = split(text);
    let path = here.file(&file)?;
    let content = read(&here.workspace.join(path.as_path()))?;
    let count = u32::try_from(content.lines().count()).unwrap_or(u32::MAX);
    let (lines, selected) = match lines_named {
        None => (0..count.max(1), false),
        Some((first, last)) if first == 0 || last < first || first > count.max(1) => {
            let what = if first == last { format!("line {first}") } else { format!("lines {first}-{last}") };
            return Err(Failure::Usage(format!("{path} has no {what}: it has {count} lines")));
        }
        Some((first, last)) => (first - 1..last.min(count.max(1)), last > first),
    };
    let language = Language::of("", path.as_str());
    let rope = Rope::from_str(&content);
    let outline = language.and_then(|language| outline(language, &rope, Instant::now() + PARSE_MAX));
    let place = Place { path: &path, language, text: &rope, outline: outline.as_ref(), lines, selected };
    let exists = |path: &WorkspacePath| here.workspace.join(path.as_path()).is_file();
    let whole = lines_named.is_none();
    let mut asked = place.asked(Vec::new(), &exists);
    // The symbol in which a file begins says nothing about all of it.
    asked.symbol = asked.symbol.filter(|_| !whole);
    Ok(asked)
}

/// The file and the lines of an argument, as people count them.
fn split(text: &str) -> (PathBuf, Option<(u32, u32)>) {
    let number = |text: &str| text.trim_start_matches(['L', 'l']).parse::<u32>().ok();
    let lines = text.rsplit_once(':').and_then(|(file, lines)| {
        let (first, last) = lines.split_once('-').unwrap_or((lines, lines));
        Some((file, (number(first)?, number(last)?)))
    });
    match lines {
        // A file may be called that.
        Some((file, lines)) if !Path::new(text).exists() => (file.into(), Some(lines)),
        _ => (text.into(), None),
    }
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_as_people_write_them() {
        assert_eq!(split("src/a.rs"), ("src/a.rs".into(), None));
        assert_eq!(split("src/a.rs:12"), ("src/a.rs".into(), Some((12, 12))));
        assert_eq!(split("src/a.rs:L1-L3"), ("src/a.rs".into(), Some((1, 3))));
        assert_eq!(split("src/a.rs:4-9"), ("src/a.rs".into(), Some((4, 9))));
        assert_eq!(split("a:b"), ("a:b".into(), None));
    }
}

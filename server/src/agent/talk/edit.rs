//! Changing files: planned whole, then carried out file by file, each change a step of its own.
//!
//! Invariants
//! - If one change of a call does not fit, none is made.
//! - A change that makes no difference is said to be none, and is no step.

use std::collections::BTreeMap;

use vouchsafe_base::{Digest, WorkspacePath};
use vouchsafe_evidence::log::{EditOp, Ended, FileEdit};

use super::super::tools::{self, Change, Fault};
use super::super::{Report, TaskError};
use super::{Acted, Talk};
use crate::model::ToolCall;

/// A change that is known to fit.
struct Planned {
    path: WorkspacePath,
    to: Option<WorkspacePath>,
    before: Option<Vec<u8>>,
    after: Option<Vec<u8>>,
}

/// Files as they will be after the changes planned so far.
type Ahead = BTreeMap<WorkspacePath, Option<Vec<u8>>>;

impl Talk<'_, '_> {
    pub(super) fn edit(
        &mut self,
        changes: &[Change],
        call: &ToolCall,
        report: &mut dyn FnMut(Report<'_>),
    ) -> Result<Acted, TaskError> {
        let mut ahead = Ahead::new();
        let mut plan = Vec::with_capacity(changes.len());
        for change in changes {
            match self.planned(change, &mut ahead) {
                Ok(planned) => plan.push(planned),
                Err(why) => return Ok(Acted::Failed(format!("nothing was changed: {why}"))),
            }
        }
        let mut done = Vec::new();
        for planned in plan {
            if planned.to.is_none() && planned.before == planned.after {
                done.push(format!("{} is as it was: that makes no difference.", planned.path));
                continue;
            }
            match self.carried_out(&planned, call, report)? {
                Ok(sentence) => done.push(sentence),
                Err(Acted::Failed(why)) => {
                    done.push(format!("{}: {why}", planned.path));
                    return Ok(Acted::Failed(done.join("\n")));
                }
                Err(other) => return Ok(other),
            }
        }
        Ok(Acted::Done(done.join("\n")))
    }

    fn planned(&self, change: &Change, ahead: &mut Ahead) -> Result<Planned, String> {
        let say = |fault: Fault| fault.to_string();
        let named = match change {
            Change::Replace { path, .. }
            | Change::Insert { path, .. }
            | Change::Write { path, .. }
            | Change::Delete { path }
            | Change::Patch { path, .. }
            | Change::Move { from: path, .. } => path,
        };
        let path = self.world.file(named).map_err(say)?;
        let now = |path: &WorkspacePath, ahead: &Ahead| match ahead.get(path) {
            Some(bytes) => Ok(bytes.clone()),
            None => self.world.bytes(path).map_err(say),
        };
        let before = now(&path, ahead)?;
        let missing = || Fault::Missing(path.to_string()).to_string();
        let (to, after) = match change {
            Change::Write { text, .. } => (None, Some(text.clone().into_bytes())),
            Change::Delete { .. } => {
                before.as_ref().ok_or_else(missing)?;
                (None, None)
            }
            Change::Move { to, .. } => {
                let to = self.world.file(to).map_err(say)?;
                if now(&to, ahead)?.is_some() {
                    return Err(format!("{to} exists: delete it first, or choose another name"));
                }
                (Some(to), Some(before.clone().ok_or_else(missing)?))
            }
            Change::Replace { .. } | Change::Insert { .. } | Change::Patch { .. } => {
                let bytes = before.as_deref().ok_or_else(missing)?;
                let text = std::str::from_utf8(bytes)
                    .map_err(|_| Fault::NotText(path.to_string(), bytes.len()).to_string())?;
                let changed = tools::changed(text, change).map_err(|why| format!("{path}: {why}"))?;
                (None, Some(changed.into_bytes()))
            }
        };
        ahead.insert(path.clone(), if to.is_some() { None } else { after.clone() });
        if let Some(to) = &to {
            ahead.insert(to.clone(), after.clone());
        }
        Ok(Planned { path, to, before, after })
    }

    fn carried_out(
        &mut self,
        planned: &Planned,
        call: &ToolCall,
        report: &mut dyn FnMut(Report<'_>),
    ) -> Result<Result<String, Acted>, TaskError> {
        let Planned { path, to, before, after } = planned;
        let cancel = self.within.cancel;
        let written = match (to, after) {
            (Some(to), _) => self.world.rename(path, to, cancel),
            (None, Some(bytes)) => self.world.write(path, bytes, cancel),
            (None, None) => self.world.remove(path, cancel),
        };
        if let Some(ended) = self.stopped().filter(|_| cancel.is_cancelled()) {
            return Ok(Err(Acted::Ended(ended)));
        }
        // What a write that failed half-way left is a change of the file all the same: it gets this step as its origin.
        let tracked = self.running.files.step(self.within.shadow, self.running.last.next());
        let changed = match tracked {
            Ok(changed) => changed,
            Err(error) => return Ok(Err(Acted::Ended(Ended::Failed { reason: error.to_string() }))),
        };
        if let (Err(fault), true) = (&written, changed.is_empty()) {
            return Ok(Err(Acted::Failed(fault.to_string())));
        }
        let op = match (to, before, after) {
            (Some(_), _, _) => EditOp::Rename,
            (None, None, _) => EditOp::Create,
            (None, _, None) => EditOp::Delete,
            (None, Some(_), Some(_)) => EditOp::Modify,
        };
        let now = self.world.bytes(to.as_ref().unwrap_or(path)).ok().flatten();
        let edit = FileEdit {
            path: path.clone(),
            op,
            to: to.clone(),
            before: before.as_deref().map(Digest::of),
            after: now.as_deref().map(Digest::of),
            tool: call.name.clone(),
            call: Some(call.id.clone()),
            because: self.because.clone(),
        };
        let step = self.running.edited(&edit)?;
        let seq = step.seq;
        report(Report::StepEnds(&step));
        if let Err(fault) = written {
            return Ok(Err(Acted::Failed(format!("it was written in part only: {fault}"))));
        }
        Ok(Ok(format!("Step {seq}: {}.", told(op, path, to.as_ref(), after.as_deref()))))
    }
}

/// What was done, for the model.
fn told(op: EditOp, path: &WorkspacePath, to: Option<&WorkspacePath>, after: Option<&[u8]>) -> String {
    let lines = after.map(vouchsafe_evidence::lines::count_bytes).unwrap_or_default();
    match (op, to) {
        (EditOp::Create, _) => format!("{path} is created, {lines} lines"),
        (EditOp::Modify, _) => format!("{path} is changed and has {lines} lines now"),
        (EditOp::Delete, _) => format!("{path} is deleted"),
        (EditOp::Rename, to) => {
            format!("{path} is {} now", to.map_or_else(String::new, ToString::to_string))
        }
    }
}

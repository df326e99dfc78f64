//! Proposals that wait for the user, across restarts, and interruptions that the user has not been told of.
//!
//! Invariants
//! - A proposal waits from the event that says it is complete until [`Store::settle`].
//! - A waiting proposal belongs to one process: the one that ran its task while that lives, then the first that takes it.

use rusqlite::{Connection, Transaction, params};

use super::owner::Claim;
use super::{Store, StoreError};
use crate::log::{Ended, Event, TaskId};

impl Store {
    /// Takes over the waiting proposals of a workspace whose process is gone, oldest first. From then on they belong to
    /// this store, and no other process gets them while this one lives.
    ///
    /// # Errors
    /// Any error of a read or a write.
    pub fn take_waiting(&self, workspace: &str) -> Result<Vec<TaskId>, StoreError> {
        let owners = owners(&self.reader(), workspace).map_err(|error| self.explain(error))?;
        if owners.is_empty() {
            return Ok(Vec::new());
        }
        let from_io = |error| StoreError::from_io(&self.dir, &self.dir, error);
        let own = self.owner.name().map_err(from_io)?;
        let mut taken = Vec::new();
        for owner in owners.iter().filter(|owner| **owner != own) {
            let Claim::Dead(_lock) = self.owner.claim(owner).map_err(from_io)? else { continue };
            taken.extend(self.write(|transaction| take(transaction, workspace, owner, &own))?);
            self.owner.forget(owner);
        }
        taken.sort();
        Ok(taken)
    }

    /// Nothing of this task's proposal waits any more.
    ///
    /// # Errors
    /// Any error of a write.
    pub fn settle(&self, task: TaskId) -> Result<(), StoreError> {
        self.write(|transaction| {
            transaction
                .prepare_cached("DELETE FROM waiting WHERE task = ?")?
                .execute([task.get().cast_signed()])?;
            Ok(())
        })
    }

    /// The tasks of a workspace that were interrupted and have not been asked for here before, oldest first.
    ///
    /// # Errors
    /// Any error of a write.
    pub fn take_untold(&self, workspace: &str) -> Result<Vec<TaskId>, StoreError> {
        let any = untold(&self.reader(), workspace).map_err(|error| self.explain(error))?;
        if !any {
            return Ok(Vec::new());
        }
        let mut tasks = self.write(|transaction| {
            let mut statement =
                transaction.prepare_cached("DELETE FROM untold WHERE workspace = ? RETURNING task")?;
            tasks(statement.query_map(params![workspace], |row| row.get(0))?)
        })?;
        tasks.sort();
        Ok(tasks)
    }
}

/// Notes what an event means for the time after this process.
pub(super) fn note_waiting(
    transaction: &Transaction<'_>,
    task: TaskId,
    event: &Event,
) -> rusqlite::Result<()> {
    let sql = match event {
        Event::Proposal(ready) if ready.review.is_some() => {
            "INSERT OR REPLACE INTO waiting (task, workspace, owner) SELECT id, workspace, owner FROM tasks WHERE id = ?"
        }
        Event::End(Ended::Interrupted) => {
            "INSERT OR IGNORE INTO untold (task, workspace) SELECT id, workspace FROM tasks WHERE id = ?"
        }
        _ => return Ok(()),
    };
    transaction.prepare_cached(sql)?.execute([task.get().cast_signed()])?;
    Ok(())
}

fn owners(connection: &Connection, workspace: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement =
        connection.prepare_cached("SELECT DISTINCT owner FROM waiting WHERE workspace = ?")?;
    statement.query_map([workspace], |row| row.get(0))?.collect()
}

fn untold(connection: &Connection, workspace: &str) -> rusqlite::Result<bool> {
    connection.prepare_cached("SELECT 1 FROM untold WHERE workspace = ?")?.exists([workspace])
}

fn take(
    transaction: &Transaction<'_>,
    workspace: &str,
    from: &str,
    to: &str,
) -> rusqlite::Result<Vec<TaskId>> {
    let mut statement = transaction
        .prepare_cached("UPDATE waiting SET owner = ?3 WHERE workspace = ?1 AND owner = ?2 RETURNING task")?;
    tasks(statement.query_map(params![workspace, from, to], |row| row.get(0))?)
}

fn tasks(rows: impl Iterator<Item = rusqlite::Result<i64>>) -> rusqlite::Result<Vec<TaskId>> {
    rows.map(|row| row.map(|id| TaskId::new(id.cast_unsigned()))).collect()
}

#[cfg(test)]
mod tests {
    use crate::log::{Ended, Event, ProposalReady, TaskId, TaskStarted};
    use crate::store::{Retention, Store};

    fn begun(store: &Store) -> TaskId {
        let started = TaskStarted {
            kind: "recipe".into(),
            title: "t".into(),
            text: "x".into(),
            workspace: "/w".into(),
            place: None,
            config_digest: None,
            recipe: None,
        };
        store.begin(&started).unwrap()
    }

    fn proposed(store: &Store, task: TaskId) {
        let review = Some(store.put_blob(b"the review").unwrap());
        let stored = vec![store.put_blob(b"the text").unwrap()];
        let ready = ProposalReady { files: Vec::new(), diff: None, review, stored };
        store.append_all(task, &[Event::Proposal(ready), Event::End(Ended::Finished)]).unwrap();
    }

    #[test]
    fn a_proposal_waits_for_whoever_comes_first_after_its_process() {
        let dir = tempfile::tempdir().unwrap();
        let first = Store::open(dir.path()).unwrap();
        let (decided, waits) = (begun(&first), begun(&first));
        proposed(&first, decided);
        proposed(&first, waits);
        first.settle(decided).unwrap();
        let (second, third) = (Store::open(dir.path()).unwrap(), Store::open(dir.path()).unwrap());
        assert_eq!(second.take_waiting("/w").unwrap(), [], "its process lives");
        drop(first);
        assert_eq!(second.take_waiting("/elsewhere").unwrap(), []);
        assert_eq!(second.take_waiting("/w").unwrap(), [waits]);
        assert_eq!(second.take_waiting("/w").unwrap(), [], "it is here already");
        assert_eq!(third.take_waiting("/w").unwrap(), [], "another one has it");
        drop(second);
        assert_eq!(third.take_waiting("/w").unwrap(), [waits]);
    }

    #[test]
    fn an_interruption_is_told_once() {
        let dir = tempfile::tempdir().unwrap();
        let first = Store::open(dir.path()).unwrap();
        let task = begun(&first);
        drop(first);
        let store = Store::open(dir.path()).unwrap();
        assert_eq!(store.take_untold("/w").unwrap(), []);
        assert_eq!(store.mark_interrupted().unwrap(), [task]);
        assert_eq!(store.take_untold("/elsewhere").unwrap(), []);
        assert_eq!(store.take_untold("/w").unwrap(), [task]);
        assert_eq!(store.take_untold("/w").unwrap(), []);
    }

    #[test]
    fn the_bytes_of_a_waiting_proposal_are_kept() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let task = begun(&store);
        proposed(&store, task);
        let everything = Retention { max_bytes: Some(0), ..Retention::default() };
        assert_eq!(store.gc(&everything).unwrap().retired, 0);
        store.settle(task).unwrap();
        assert_eq!(store.gc(&everything).unwrap().retired, 2);
    }
}

//! Appends of several threads share a transaction, and so one flush of the disk.
//!
//! Invariants
//! - A job is answered only after the transaction that holds it is on disk, or has failed.
//! - A failure of one job is not another's: a shared transaction that fails is tried again job by job.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Transaction;

use super::append::{append_in, head, in_transaction};
use super::{Store, StoreError};
use crate::log::{Event, Seq, TaskId};

/// Events of one task that are to be appended together, ready to be stored.
pub(super) struct Job {
    task: TaskId,
    at_us: i64,
    events: Vec<(Event, String)>,
    answer: Mutex<Option<Result<Seq, StoreError>>>,
}

/// The jobs that wait for the writer.
#[derive(Default)]
pub(super) struct Queue(Mutex<Vec<Arc<Job>>>);

impl Job {
    pub(super) fn new(task: TaskId, at_us: i64, events: Vec<(Event, String)>) -> Self {
        Self { task, at_us, events, answer: Mutex::new(None) }
    }

    /// Writes the events; the inner error is a refusal that wrote nothing.
    fn write(&self, transaction: &Transaction<'_>) -> rusqlite::Result<Result<Seq, StoreError>> {
        let Some(mut head) = head(transaction, self.task)? else {
            return Ok(Err(StoreError::NoSuchTask(self.task)));
        };
        let ends = self.events.iter().filter(|(event, _)| matches!(event, Event::End(_))).count();
        if ends > 0 && ends + usize::from(head.ended) > 1 {
            return Ok(Err(StoreError::EndedBefore(self.task)));
        }
        for (event, body) in &self.events {
            head = append_in(transaction, self.task, &head, self.at_us, event, body)?;
        }
        Ok(Ok(head.seq))
    }

    fn answer(&self, answer: Result<Seq, StoreError>) {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
    }

    fn take_answer(&self) -> Option<Result<Seq, StoreError>> {
        self.answer.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Store {
    /// Waits for the writer. Whoever gets it writes what all others have brought in the meantime.
    pub(super) fn submit(&self, job: Job) -> Result<Seq, StoreError> {
        let job = Arc::new(job);
        self.queue.0.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&job));
        let mut connection = self.writer();
        if let Some(answer) = job.take_answer() {
            return answer;
        }
        let jobs = std::mem::take(&mut *self.queue.0.lock().unwrap_or_else(PoisonError::into_inner));
        let all = in_transaction(&mut connection, |transaction| {
            jobs.iter().map(|job| job.write(transaction)).collect::<rusqlite::Result<Vec<_>>>()
        });
        match all {
            Ok(answers) => jobs.iter().zip(answers).for_each(|(job, answer)| job.answer(answer)),
            Err(error) if jobs.len() == 1 => return Err(self.explain(error)),
            Err(_) => {
                for job in &jobs {
                    let alone = in_transaction(&mut connection, |transaction| job.write(transaction));
                    job.answer(alone.unwrap_or_else(|error| Err(self.explain(error))));
                }
            }
        }
        job.take_answer().unwrap_or(Err(StoreError::Busy { dir: self.dir.clone() }))
    }
}

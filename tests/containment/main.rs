//! The table of what a confined command must not do and what it must be able to do, tried through `vouchsafe exec`.
//!
//! - `attempts/` holds the attempts (Python: raw system calls need no compiler) and their keeper, which stands outside,
//!   is attacked, and says what really happened to it.
//! - `people`: as whom it is tried; `runs`: the control and the confined runs; `table`: what they come to.
//!
//! Invariants
//! - An attack counts as shown only where its control, the same code unconfined, got through on this machine.
//! - Where the keeper can see, its word counts and not the attempt's.
//! - What may stay open without namespaces is a closed list; anything else that gets through fails the test.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, in their helpers too, and start the program they test"
)]

mod people;
mod runs;
mod table;

use people::{Laid, Person};
use runs::{Confinement, Tier};
use table::{Column, Table};

/// Attacks that must have been shown to work unconfined before the table means anything.
const SHOWN_MIN: usize = 150;
/// Things that must work, shown to work unconfined.
const WORKS_MIN: usize = 36;

#[test]
fn the_table_holds() {
    let laid = Laid::out();
    let people = Person::all();
    let mut columns: Vec<Column> = std::thread::scope(|scope| {
        let each: Vec<_> = people.iter().map(|person| scope.spawn(|| columns(&laid, person))).collect();
        each.into_iter().flat_map(|one| one.join().expect("the runs of one user")).collect()
    });
    columns.sort_by_key(|column| column.title.clone());
    let table = Table { rows: &laid.rows, columns };
    let target = laid.built.parent().and_then(std::path::Path::parent).expect("a target directory");
    std::fs::write(target.join("containment.txt"), table.text()).expect("the table can be written");
    let mut problems = table.problems();
    let document = include_str!("../../docs/security.md");
    let untold = table.admitted().into_iter().filter(|key| !document.contains(&format!("| `{key}` |")));
    problems.extend(untold.map(|key| format!("docs/security.md does not say that {key} stays open")));
    assert!(
        problems.is_empty(),
        "{} problems:\n{}\n\n{}",
        problems.len(),
        problems.join("\n"),
        table.scores()
    );
    assert!(table.shown() >= SHOWN_MIN, "only {} attacks were shown to work here", table.shown());
    assert!(table.worked() >= WORKS_MIN, "only {} tools were shown to work here", table.worked());
}

/// The tiers this machine has for one user, each beside the control. Without namespaces there is one.
fn columns(laid: &Laid, person: &Person) -> Vec<Column> {
    std::thread::scope(|scope| {
        let control = scope.spawn(|| runs::control(laid, person));
        let mut found = vec![runs::confined(laid, person, Confinement::Best)];
        if found.iter().any(|column| column.tier == Tier::Namespaces) {
            found.push(runs::confined(laid, person, Confinement::WithoutNamespaces));
        }
        let control = control.join().expect("the control of one user");
        found.iter_mut().for_each(|column| column.control.clone_from(&control));
        found
    })
}

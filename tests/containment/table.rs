//! The table: what each attempt came to, for whom, and whether that is as it must be.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde_json::Value;

use crate::runs::Tier;

/// How an attempt is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// It told a secret of the keeper.
    Secret,
    /// The keeper sees a change.
    Change,
    /// The keeper was reached.
    Message,
    /// Its own word.
    Own,
    /// Whether it came to its end under the limits.
    End,
    /// Its own word, and it must work.
    Work,
}

/// One line of the table.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) group: String,
    family: String,
    what: String,
    by: By,
    /// What admits it in the tier without namespaces.
    leaves: Option<String>,
    /// Why it is not run unconfined.
    no_control: Option<String>,
}

/// What an attempt came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Got {
    Allowed,
    Denied,
    Works,
    Broken,
    /// Neither: the machine lacks what it needs.
    Nothing,
    /// It does not count: it said nothing, or its victim died of something else.
    Invalid,
}

#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    got: Got,
    detail: String,
}

pub(crate) type Outcomes = BTreeMap<String, Outcome>;

/// One user in one tier.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) title: String,
    pub(crate) tier: Tier,
    pub(crate) control: Outcomes,
    pub(crate) confined: Outcomes,
}

/// What a cell of the table says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cell {
    /// Denied, and its control got through.
    Closed,
    /// Denied, where a control would do harm or cannot exist.
    ClosedInside,
    /// Got through, as the list of the tier admits.
    Open,
    /// Got through.
    Escaped,
    Works,
    /// Does not work, as the tier admits.
    Lacking,
    Broken,
    /// It or its control does not count: neither denied nor through.
    Invalid,
    /// The control did not get through on this machine.
    NotShown,
}

impl Row {
    pub(crate) fn read(line: &Value) -> Self {
        let text = |key: &str| line.get(key).and_then(Value::as_str).map(str::to_owned);
        let must = |key: &str| text(key).unwrap_or_else(|| panic!("{key} is missing in {line}"));
        let by = match must("by").as_str() {
            "secret" => By::Secret,
            "change" => By::Change,
            "message" => By::Message,
            "self" => By::Own,
            "end" => By::End,
            "work" => By::Work,
            other => panic!("nothing is judged by {other}"),
        };
        Self {
            name: must("name"),
            group: text("alone").unwrap_or_else(|| "all".to_owned()),
            family: must("family"),
            what: must("what"),
            by,
            leaves: text("leaves"),
            no_control: text("control"),
        }
    }
}

impl Outcome {
    /// From what the attempt said and what the keeper saw; the keeper counts where it can see.
    pub(crate) fn judge(row: &Row, said: Option<&Value>, seen: Option<&Value>) -> Self {
        let text =
            |key: &str| said.and_then(|said| said.get(key)).and_then(Value::as_str).unwrap_or_default();
        let saw =
            |key: &str| seen.and_then(|seen| seen.get(key)).and_then(Value::as_bool).unwrap_or_default();
        let secret = seen.and_then(|seen| seen.get("secret")).and_then(Value::as_str);
        let word = text("word");
        let could = |could: bool| if could { Got::Allowed } else { Got::Denied };
        let mut got = match (row.by, word) {
            (_, "silent") => Got::Invalid,
            // In a group of its own it may be ended before it can speak.
            (By::Own | By::Secret, "") => Got::Invalid,
            (By::Change | By::Message, "") if row.group == "all" => Got::Invalid,
            (By::Change, _) => could(saw("changed")),
            (By::Message, _) => could(saw("heard")),
            (By::End, _) => could(word == "allowed"),
            (_, "unsupported") => Got::Nothing,
            (By::Secret, _) => could(secret.is_some_and(|secret| text("read").contains(secret))),
            (By::Own, _) => could(word == "allowed"),
            (By::Work, _) => {
                if word == "works" {
                    Got::Works
                } else {
                    Got::Broken
                }
            }
        };
        let mut detail = text("detail").to_owned();
        if let Some(why) = died_of_something_else(said, seen) {
            (got, detail) = (Got::Invalid, why);
        }
        Self { got, detail }
    }
}

/// How long after an attempt its victim's death is still the attempt's doing, in seconds: a busy machine is slow to tell.
const SETTLED_S: f64 = 10.0;

/// Whether the attempt's victim died, and not of the attempt.
fn died_of_something_else(said: Option<&Value>, seen: Option<&Value>) -> Option<String> {
    let died = seen?.get("died").filter(|died| !died.is_null())?;
    let number = |value: Option<&Value>, key: &str| value?.get(key)?.as_f64();
    let (at, signal) = (number(Some(died), "at")?, died.get("signal")?.as_i64()?);
    if signal == 0 {
        return Some("its victim ended by itself".to_owned());
    }
    let (began, ended) = (number(said, "began")?, number(said, "ended")?);
    let away = at < began || at > ended + SETTLED_S;
    away.then(|| {
        format!(
            "its victim got signal {signal} at {at:.1} s; the attempt ran from {began:.1} to {ended:.1} s"
        )
    })
}

impl Column {
    fn cell(&self, row: &Row) -> Cell {
        let control = self.control.get(&row.name).map(|outcome| outcome.got);
        let confined = self.confined.get(&row.name).map(|outcome| outcome.got);
        let admitted = self.tier == Tier::LandlockOnly && row.leaves.is_some();
        match (control, confined) {
            (Some(Got::Invalid), _) if row.no_control.is_none() => Cell::Invalid,
            (_, Some(Got::Invalid)) => Cell::Invalid,
            (Some(Got::Works), Some(Got::Works)) => Cell::Works,
            (Some(Got::Works), _) if admitted => Cell::Lacking,
            (Some(Got::Works), _) => Cell::Broken,
            (_, Some(Got::Allowed)) if admitted => Cell::Open,
            (_, Some(Got::Allowed)) => Cell::Escaped,
            (Some(Got::Allowed), Some(Got::Denied)) => Cell::Closed,
            (_, Some(Got::Denied)) if row.no_control.is_some() => Cell::ClosedInside,
            // An attempt that shows nothing where its control got through must not look like a denial.
            (Some(Got::Allowed), _) => Cell::Invalid,
            _ => Cell::NotShown,
        }
    }

    fn detail<'a>(&'a self, row: &Row, outcomes: &'a Outcomes) -> &'a str {
        outcomes.get(&row.name).map(|outcome| outcome.detail.as_str()).unwrap_or_default()
    }
}

impl Cell {
    const ALL: [Self; 9] = [
        Self::Closed,
        Self::ClosedInside,
        Self::Open,
        Self::Escaped,
        Self::Works,
        Self::Lacking,
        Self::Broken,
        Self::Invalid,
        Self::NotShown,
    ];

    const fn word(self) -> &'static str {
        match self {
            Self::Closed => "denied",
            Self::ClosedInside => "denied*",
            Self::Open => "open",
            Self::Escaped => "ESCAPED",
            Self::Works => "works",
            Self::Lacking => "lacking",
            Self::Broken => "BROKEN",
            Self::Invalid => "INVALID",
            Self::NotShown => "-",
        }
    }
}

/// Everything.
#[derive(Debug)]
pub(crate) struct Table<'a> {
    pub(crate) rows: &'a [Row],
    pub(crate) columns: Vec<Column>,
}

impl Table<'_> {
    /// What is not as it must be, one line each.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut found = Vec::new();
        for column in &self.columns {
            for row in self.rows {
                let cell = column.cell(row);
                if matches!(cell, Cell::Escaped | Cell::Broken | Cell::Invalid) {
                    let confined = column.detail(row, &column.confined);
                    let detail = if cell == Cell::Invalid && confined.is_empty() {
                        column.detail(row, &column.control)
                    } else {
                        confined
                    };
                    found.push(format!(
                        "{}: {} {} [{}] {} {detail}",
                        column.title,
                        cell.word(),
                        row.name,
                        row.family,
                        row.what
                    ));
                }
            }
        }
        found
    }

    /// Every reason that admits an attack in the weaker tier.
    pub(crate) fn admitted(&self) -> BTreeSet<&str> {
        let attacks = self.rows.iter().filter(|row| row.by != By::Work);
        attacks.filter_map(|row| row.leaves.as_deref()).collect()
    }

    /// Attacks whose control got through for some user.
    pub(crate) fn shown(&self) -> usize {
        self.count(Got::Allowed)
    }

    /// Tools whose control worked for some user.
    pub(crate) fn worked(&self) -> usize {
        self.count(Got::Works)
    }

    fn count(&self, wanted: Got) -> usize {
        let shows = |row: &&Row| {
            let mut controls = self.columns.iter().filter_map(|column| column.control.get(&row.name));
            controls.any(|outcome| outcome.got == wanted)
        };
        self.rows.iter().filter(shows).count()
    }

    /// How often each word occurs in each column.
    pub(crate) fn scores(&self) -> String {
        let mut out = String::new();
        for column in &self.columns {
            let cells: Vec<Cell> = self.rows.iter().map(|row| column.cell(row)).collect();
            let count = |cell: &Cell| cells.iter().filter(|one| *one == cell).count();
            let scores: Vec<String> =
                Cell::ALL.iter().map(|cell| format!("{} {}", count(cell), cell.word())).collect();
            _ = writeln!(out, "{:14} {}", column.title, scores.join(", "));
        }
        out
    }

    /// The table for people.
    pub(crate) fn text(&self) -> String {
        let mut out = String::from(LEGEND);
        out.push_str(&self.scores());
        let mut family = "";
        for row in self.rows {
            if row.family != family {
                family = &row.family;
                let titles: String =
                    self.columns.iter().map(|column| format!("{:>14}", column.title)).collect();
                _ = writeln!(out, "\n{family:64}{titles}");
            }
            let cells: String =
                self.columns.iter().map(|column| format!("{:>14}", column.cell(row).word())).collect();
            let what: String = row.what.chars().take(62).collect();
            _ = writeln!(out, "  {what:62}{cells}{}", self.notes(row));
        }
        out
    }

    fn notes(&self, row: &Row) -> String {
        if let Some(why) = &row.no_control {
            return format!("  ({why})");
        }
        let unshown = self.columns.iter().find(|column| column.cell(row) == Cell::NotShown);
        let why = unshown.map(|column| column.detail(row, &column.control)).filter(|why| !why.is_empty());
        why.map(|why| format!("  (control: {})", why.lines().next().unwrap_or_default())).unwrap_or_default()
    }
}

const LEGEND: &str = "What a confined command can do. Each line was also run unconfined, as the same user, and got through there.

denied   did not get through; where it can be seen from outside, it was looked at from outside
denied*  did not get through; it has no unconfined run, for the reason at the end of the line
open     gets through without namespaces, as docs/security.md lists
works    works as it does outside           lacking  needs namespaces
ESCAPED, BROKEN  neither admitted nor expected
INVALID  it or its control fell silent, or its victim died of something else: run the table again
-        not shown here: it does not get through unconfined either, as this user on this machine

";

/// A denial and an escape look alike at a victim that died: what it died of, and when, tells them apart.
#[test]
fn a_victim_that_died_of_something_else_shows_nothing() {
    let row = r#"{"name": "n", "family": "f", "what": "w", "by": "change"}"#;
    let row = Row::read(&serde_json::from_str(row).expect("JSON"));
    let said = serde_json::json!({"name": "n", "word": "denied", "began": 5.0, "ended": 6.0});
    let got = |died: Value, changed: bool| {
        let seen = serde_json::json!({"changed": changed, "died": died});
        Outcome::judge(&row, Some(&said), Some(&seen)).got
    };
    let died = |at: f64, signal: i32| serde_json::json!({"at": at, "signal": signal});
    assert_eq!(got(Value::Null, false), Got::Denied);
    assert_eq!(got(Value::Null, true), Got::Allowed);
    assert_eq!(got(died(5.5, 15), true), Got::Allowed, "killed while it was attacked");
    assert_eq!(got(died(6.0 + SETTLED_S - 1.0, 9), true), Got::Allowed, "or just after");
    assert_eq!(got(died(4.0, 9), true), Got::Invalid, "killed before");
    assert_eq!(got(died(7.0 + SETTLED_S, 9), true), Got::Invalid, "killed long after");
    assert_eq!(got(died(5.5, 0), true), Got::Invalid, "ended by itself");
    assert_eq!(Outcome::judge(&row, None, None).got, Got::Invalid, "silent");
}

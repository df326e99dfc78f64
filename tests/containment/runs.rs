//! The runs: the control and the confined ones, each in a yard of its own with a keeper that is attacked.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::people::{Laid, PYTHON, Person, environment};
use crate::table::{Column, Outcome, Outcomes, Row};

/// How many commands run at the same time for one user.
const AT_A_TIME: usize = 3;

/// What the namespaces of a confined command were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tier {
    /// Its own.
    Namespaces,
    /// The host's.
    LandlockOnly,
}

/// On what kind of machine the program is to find itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Confinement {
    /// This one.
    Best,
    /// One that refuses new namespaces.
    WithoutNamespaces,
}

/// What happens unconfined.
pub(crate) fn control(laid: &Laid, person: &Person) -> Outcomes {
    let yard = Yard::new(laid, person);
    let told = yard.all_groups(laid, None);
    yard.outcomes(laid, &told)
}

/// What happens through `vouchsafe exec`.
pub(crate) fn confined(laid: &Laid, person: &Person, how: Confinement) -> Column {
    let yard = Yard::new(laid, person);
    let told = yard.all_groups(laid, Some(how));
    let outcomes = yard.outcomes(laid, &told);
    assert_eq!(yard.swept(laid, how), Vec::<PathBuf>::new(), "shadows are left after the next start");
    let tiers: BTreeSet<bool> = told.iter().filter_map(|one| one.own_namespaces).collect();
    assert_eq!(tiers.len(), 1, "all commands of {} are in the same tier", person.name);
    let tier = if tiers.contains(&true) { Tier::Namespaces } else { Tier::LandlockOnly };
    assert_eq!(tier, yard.doctor(laid, how), "doctor says what the commands of {} are in", person.name);
    let title = match tier {
        Tier::Namespaces => format!("tier 1, {}", person.name),
        Tier::LandlockOnly => format!("tier 2, {}", person.name),
    };
    Column { title, tier, control: Outcomes::new(), confined: outcomes }
}

/// What one command said.
#[derive(Debug, Default)]
struct Told {
    confined: bool,
    lines: Vec<Value>,
    own_namespaces: Option<bool>,
}

struct Yard<'a> {
    person: &'a Person,
    path: PathBuf,
    keeper: Mutex<Keeper>,
    secrets: BTreeMap<String, String>,
}

struct Keeper {
    process: Child,
    answers: BufReader<std::process::ChildStdout>,
}

impl<'a> Yard<'a> {
    fn new(laid: &Laid, person: &'a Person) -> Self {
        let (path, token) = laid.yard(person);
        let words = [PYTHON.into(), "-B".into(), laid.attempts().join("keeper.py").into_os_string()];
        let words = person.become_it().into_iter().chain(words);
        let mut command = command(words.chain([path.clone().into_os_string(), token.into()]));
        command.env_clear().envs(environment(&path, person, "config"));
        let mut process =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the keeper starts");
        let mut answers = BufReader::new(process.stdout.take().expect("piped"));
        let mut ready = String::new();
        answers.read_line(&mut ready).expect("the keeper answers");
        assert_eq!(ready, "ready\n", "the keeper of {} could not lay everything out", person.name);
        let secrets = std::fs::read(path.join("variables.json")).expect("the keeper's variables");
        let secrets = serde_json::from_slice(&secrets).expect("JSON of our own");
        Self { person, path, keeper: Mutex::new(Keeper { process, answers }), secrets }
    }

    /// Every group of attempts, a few at a time.
    fn all_groups(&self, laid: &Laid, how: Option<Confinement>) -> Vec<Told> {
        let groups: BTreeSet<String> = laid.rows.iter().map(|row| row.group.clone()).collect();
        let mut groups: Vec<String> = groups.into_iter().collect();
        groups.sort_by_key(|group| group == "all" || group == "works"); // taken from the end: the long ones first
        let left = Mutex::new(groups);
        let told = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..AT_A_TIME {
                scope.spawn(|| {
                    while let Some(group) = { left.lock().expect("no panic before").pop() } {
                        let one = self.run(laid, how, &group);
                        told.lock().expect("no panic before").push(one);
                    }
                });
            }
        });
        told.into_inner().expect("no panic before")
    }

    fn run(&self, laid: &Laid, how: Option<Confinement>, group: &str) -> Told {
        let workspace = self.path.join(match group {
            "odd" => "odd ws: ü,",
            "works" => "ws-works",
            _ => "ws",
        });
        let kind = if how.is_some() { "confined" } else { "control" };
        let attempts = [PYTHON, "-B", "attempts/attempts.py", "run", "facts.json", group, kind];
        let words = self.words(laid, how, group).into_iter().chain(attempts.map(OsString::from));
        let mut command = command(words);
        let config = if group.starts_with("limit_") { "config-small" } else { "config" };
        command.env_clear().envs(environment(&self.path, self.person, config)).current_dir(&workspace);
        if group == "all" {
            command.envs(&self.secrets);
        }
        let errors = File::create(self.path.join(format!("errors-{group}"))).expect("a file in the yard");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(errors);
        Told { confined: how.is_some(), ..read(command.spawn().expect("bash"), group) }
    }

    /// Everything before the attempts: the user, the descriptors that whoever starts the server holds open, the server.
    fn words(&self, laid: &Laid, how: Option<Confinement>, group: &str) -> Vec<OsString> {
        let mut words = self.person.become_it();
        let hold = "y=$1; shift; exec 7<$y/targets/fd_read/file.txt 8>>$y/targets/fd_write/file.txt 9<$y/targets \
                    200<$y/targets/fd_read_high/file.txt <$y/stdin; exec \"$@\"";
        words.extend(["bash", "-c", hold, "bash"].map(OsString::from));
        words.push(self.path.clone().into_os_string());
        let Some(how) = how else { return words };
        words.extend(self.program(laid, how));
        words.push("exec".into());
        words.extend((group == "apply").then(|| "--apply".into()));
        words.extend(["--root", ".", "--"].map(OsString::from));
        words
    }

    fn program(&self, laid: &Laid, how: Confinement) -> Vec<OsString> {
        let mut words = Vec::new();
        if how == Confinement::WithoutNamespaces {
            let filter = laid.attempts().join("without_namespaces.py").into_os_string();
            words.extend([PYTHON.into(), "-B".into(), filter]);
        }
        words.push(laid.program().into_os_string());
        words
    }

    fn outcomes(&self, laid: &Laid, told: &[Told]) -> Outcomes {
        let mut keeper = self.keeper.lock().expect("no panic before");
        // Only what is confined has to end with its command.
        let ask = if told.iter().any(|one| one.confined) { "judge patiently" } else { "judge" };
        writeln!(keeper.process.stdin.as_mut().expect("piped"), "{ask}").expect("the keeper listens");
        let mut evidence = String::new();
        keeper.answers.read_line(&mut evidence).expect("the keeper answers");
        let evidence: Value = serde_json::from_str(&evidence).expect("JSON of our own");
        let said: BTreeMap<&str, &Value> = told
            .iter()
            .flat_map(|one| &one.lines)
            .filter_map(|line| Some((line.get("name")?.as_str()?, line)))
            .collect();
        let judged = |row: &Row| {
            let outcome = Outcome::judge(row, said.get(row.name.as_str()).copied(), evidence.get(&row.name));
            (row.name.clone(), outcome)
        };
        laid.rows.iter().map(judged).collect()
    }

    /// What of earlier shadows is in the cache after one more command, which sweeps: the keeper's two stay.
    fn swept(&self, laid: &Laid, how: Confinement) -> Vec<PathBuf> {
        let words = self.person.become_it().into_iter().chain(self.program(laid, how));
        let mut command = command(words.chain(["exec", "--", "true"].map(OsString::from)));
        command
            .env_clear()
            .envs(environment(&self.path, self.person, "config"))
            .current_dir(self.path.join("ws"));
        let done = command.stdin(Stdio::null()).output().expect("vouchsafe starts");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let shadows =
            std::fs::read_dir(self.path.join("cache/vouchsafe/shadows")).expect("the cache").flatten();
        let left = shadows.map(|entry| entry.path());
        left.filter(|path| !path.ends_with("0123456789abcdef") && !path.ends_with("create_shadow")).collect()
    }

    fn doctor(&self, laid: &Laid, how: Confinement) -> Tier {
        let words = self.person.become_it().into_iter().chain(self.program(laid, how));
        let mut command = command(words.chain(["doctor", "--json"].map(OsString::from)));
        command
            .env_clear()
            .envs(environment(&self.path, self.person, "config"))
            .current_dir(self.path.join("ws"));
        let told = command.output().expect("vouchsafe starts").stdout;
        let told: Value = serde_json::from_slice(&told).expect("JSON of doctor");
        match told.pointer("/confinement/tier").and_then(Value::as_str) {
            Some("namespaces") => Tier::Namespaces,
            Some("landlock_only") => Tier::LandlockOnly,
            other => panic!("doctor says {other:?}: {told}"),
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.process.stdin.take()); // it cleans up and ends
        drop(self.process.wait());
    }
}

fn command(words: impl IntoIterator<Item = OsString>) -> Command {
    let mut words = words.into_iter();
    let mut command = Command::new(words.next().expect("a program"));
    command.args(words);
    command
}

/// Reads a command to its end; one that asks for it is killed with the signal that its group is named after.
fn read(mut child: Child, group: &str) -> Told {
    let mut told = Told::default();
    let out = BufReader::new(child.stdout.take().expect("piped"));
    for line in out.split(b'\n').map_while(Result::ok) {
        if let Some(json) = line.strip_prefix(b"RESULT ") {
            told.lines.extend(serde_json::from_slice::<Value>(json));
        } else if let Some(namespaces) = line.strip_prefix(b"NAMESPACES ") {
            told.own_namespaces = Some(namespaces == b"own");
        } else if line == b"KILL ME" {
            let number = group.strip_prefix("kill_").and_then(|number| number.parse().ok());
            let signal = number.and_then(Signal::from_named_raw).expect("a group named after a signal");
            let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw).expect("a process id");
            kill_process(id, signal).expect("a child of ours");
            break;
        } else if line.starts_with(b"DONE") {
            break; // a daemon of the control may hold the other end for ever
        }
    }
    child.wait().expect("a child of ours");
    told
}

//! Whatever the user types at whatever moment of a task's life is in the text at the end, in every editor.
//!
//! Each typed piece is a word of its own, put at the begin or the end of a line, while two tasks wait, run, are reviewed,
//! accepted and rejected on the same files, edits are declined, and files are saved, closed and opened. No conflict is
//! ever settled for the task, so every word must be there at the end, but those that a task saw and whose lines it
//! replaces by a change that is accepted. `VOUCHSAFE_ANYTIME_RUNS` plays more seeds.

use serde_json::{Value, json};
use vouchsafe_tests::text::Place;
use vouchsafe_tests::{Editor, Profile};

use crate::dice::Dice;

/// Two recipes that work on the same lines, one after the other; and one that shows which text the server has.
const FIXTURE: &str = r#"
//- /.vouchsafe.toml
[limits]
parallel_tasks = 1
[recipes.first]
title = "First"
run = ["sed -i '2s/.*/FIRST 2/;9d;15s/$/ end/;22i FIRST new' a.txt", "sleep 0.2", "sed -i '1s/^/FIRST /' b.txt; echo made > made.txt"]
[recipes.second]
title = "Second"
run = ["sed -i '2s/.*/SECOND 2/;11s/.*/SECOND 11/;16i SECOND new' a.txt", "sleep 0.2", "sed -i '3,4d;$s/$/ SECOND/' b.txt"]
[recipes.look]
title = "Look"
run = ["sed -i 's/$/!/' a.txt b.txt"]
"#;

struct Play {
    editor: Editor,
    dice: Dice,
    /// The words that must be there.
    typed: Vec<String>,
    words: usize,
}

impl Play {
    fn new(profile: Profile, seed: u64) -> Self {
        let lines = |name: &str| (1..=24).map(|n| format!("{name} {n}\n")).collect::<String>();
        let fixture = format!("{FIXTURE}//- /a.txt\n{}//- /b.txt\n{}", lines("line"), lines("other"));
        let mut editor = Editor::open(&fixture).profile(profile).start();
        editor.open_file("b.txt");
        editor.open_file("a.txt");
        Self { editor, dice: Dice::new(seed), typed: Vec::new(), words: 0 }
    }

    fn path(&mut self) -> &'static str {
        ["a.txt", "b.txt"][self.dice.below(2)]
    }

    fn type_something(&mut self) {
        let path = self.path();
        self.editor.open_file(path);
        self.words += 1;
        let word = format!("<{}>", self.words);
        let text = self.editor.document(path).expect("it is open").text();
        let line = self.dice.below(text.lines().len());
        let end = text.lines()[line].trim_end_matches('\n').len();
        let (byte, new) = match self.dice.below(4) {
            0 => (0, word.clone()),
            1 => (end, word.clone()),
            2 => (0, format!("{word}\n")),
            _ => (end, format!("\n{word}")),
        };
        let place = Place { line, byte };
        self.editor.splice(path, place, place, &new);
        self.typed.push(word);
    }

    /// The changes that wait without a conflict.
    fn waiting(&mut self) -> Vec<Value> {
        let listed = self.editor.execute("vouchsafe.review", &json!([{}])).expect("a list");
        listed.as_array().expect("a list").iter().filter(|one| one["state"] == "pending").cloned().collect()
    }

    /// Decides about one change or all of its task, without waiting for what comes of it.
    fn decide(&mut self) {
        let waiting = self.waiting();
        if waiting.is_empty() {
            return;
        }
        let one = &waiting[self.dice.below(waiting.len())];
        let command = ["vouchsafe.accept", "vouchsafe.accept", "vouchsafe.reject"][self.dice.below(3)];
        let mut pick = json!({ "task": one["task"] });
        if self.dice.below(6) > 0 {
            pick["hunk"] = one["hunk"].clone();
        }
        if self.dice.below(8) == 0 {
            self.editor.will_decline_edit();
        }
        if command == "vouchsafe.accept" {
            let picked = |one: &&Value| {
                one["task"] == pick["task"] && (pick["hunk"].is_null() || one["hunk"] == pick["hunk"])
            };
            let old: String = waiting.iter().filter(picked).filter_map(|one| one["old"].as_str()).collect();
            self.typed.retain(|word| !old.contains(word.as_str()));
        }
        let id =
            self.editor.ask("workspace/executeCommand", json!({ "command": command, "arguments": [pick] }));
        if self.dice.below(3) == 0 {
            self.type_something();
        }
        // What was decided meanwhile is refused with a sentence: any answer is right.
        drop(self.editor.answer_to(id));
    }

    fn step(&mut self) {
        match self.dice.below(12) {
            0..=1 => self.type_something(),
            2..=3 => self.decide(),
            4 if self.dice.below(4) == 0 => {
                self.editor.save("b.txt");
                self.editor.close("b.txt");
                self.editor.hover("a.txt", 1);
                self.editor.open_file("b.txt");
                self.editor.open_file("a.txt");
            }
            5 => self.editor.catch_up(),
            _ => drop(self.editor.hover("a.txt", 1)),
        }
    }

    fn is_running(&self) -> bool {
        self.editor.progress().values().any(|one| !one.ended)
    }

    /// Every word is there, and what the server holds against the text is the text.
    fn laws(&mut self, when: &str) {
        let all = self.editor.text("a.txt") + &self.editor.text("b.txt");
        for word in &self.typed {
            assert!(all.contains(word), "{when}: {word} is lost in\n{all}");
        }
        for change in self.waiting().iter().filter(|change| change["kind"] == "text") {
            let path = change["path"].as_str().expect("a path");
            let text = self.editor.text(path);
            let number = |name: &str| usize::try_from(change[name].as_u64().expect("a line")).expect("small");
            let (start, end) = (number("start_line"), number("end_line"));
            let stands: String = text.split_inclusive('\n').skip(start).take(end - start).collect();
            assert_eq!(change["old"], json!(stands), "{when}: {change}");
        }
    }

    /// The text that the next task gets is the text that the user has.
    fn is_what_the_server_has(&mut self) {
        let task = self.editor.choose("Look").expect("a number");
        self.editor.wait_for_ends(3);
        let listed = self.editor.execute("vouchsafe.review", &json!([{ "task": task }])).expect("a list");
        for path in ["a.txt", "b.txt"] {
            let of_it = listed.as_array().expect("a list").iter().filter(|one| one["path"] == path);
            let old: String = of_it.map(|one| one["old"].as_str().expect("a text").to_owned()).collect();
            assert_eq!(old, self.editor.text(path), "{path}");
        }
    }

    fn reject_all(&mut self) {
        for task in self.waiting().iter().map(|one| one["task"].clone()).collect::<Vec<_>>() {
            // The second change of a task finds that the first took it along.
            drop(self.editor.execute("vouchsafe.reject", &json!([{ "task": task }])));
        }
    }
}

fn play(profile: Profile, seed: u64) {
    let mut play = Play::new(profile, seed);
    play.type_something();
    play.editor.choose("First").expect("a number");
    play.type_something();
    play.editor.choose("Second").expect("a number");
    // The dice are thrown in every phase, however fast the machine is: a few times at least, and until it is over.
    for phase in ["running", "reviewed"] {
        let mut left = 60;
        while left > 0 || (phase == "running" && play.is_running()) {
            // While tasks run the file must not fill up: mostly look.
            if left > 0 || play.dice.below(10) == 0 {
                play.step();
                left -= i32::from(left > 0);
            } else {
                play.editor.hover("a.txt", 1);
            }
        }
        play.editor.wait_for_ends(if phase == "running" { 2 } else { 0 });
        play.editor.catch_up();
        play.laws(phase);
    }
    play.reject_all();
    play.laws("all rejected");
    play.is_what_the_server_has();
    play.laws("looked");
}

#[expect(clippy::print_stderr, reason = "the seed belongs beside a failure, wherever that comes from")]
fn runs(profile: Profile) {
    let more = std::env::var("VOUCHSAFE_ANYTIME_RUNS").ok().and_then(|runs| runs.parse().ok());
    for seed in 1..=more.unwrap_or(2) {
        let seed = seed * 0x9E37_79B9 + profile as u64;
        eprintln!("{profile:?}, seed {seed}");
        play(profile, seed);
    }
}

#[test]
fn in_vs_code() {
    runs(Profile::VsCode);
}

#[test]
fn in_neovim_0_11() {
    runs(Profile::Neovim011);
}

#[test]
fn in_neovim_0_12() {
    runs(Profile::Neovim012);
}

#[test]
fn in_helix() {
    runs(Profile::Helix);
}

#[test]
fn in_emacs_with_eglot() {
    runs(Profile::Eglot);
}

#[test]
fn in_kakoune() {
    runs(Profile::Kakoune);
}

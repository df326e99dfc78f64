//! A real Neovim, headless, with the plug-in: every subcommand, what is drawn, and what it costs to have it installed.
//!
//! `plugin.lua` plays the user and prints what Neovim shows; here that is compared.

use std::path::Path;
use std::process::Command;

use vouchsafe_tests::fixture::Fixture;
use vouchsafe_tests::process::{binary, touching};
use vouchsafe_tests::yard::Yard;

use super::{neovim, played, stages};

const WORKSPACE: &str = r#"
//- /.vouchsafe.toml
[recipes.shout]
title = "Shout"
run = ["tr a-z A-Z < a.txt > t && cat t > a.txt && rm t"]

[recipes.more]
title = "More"
run = ["sed -i -e '1i top' -e '$d' b.txt", "printf 'new\\n' > new.txt"]

[recipes.move]
title = "Move"
run = ["mv from.txt to.txt", "rm old.txt"]

[recipes.slow]
title = "Slow"
run = ["sleep 60"]
//- /from.txt
a text that is long enough
to be the same file
under another name
//- /old.txt
old
//- /a.txt
hello
1
2
3
4
world
//- /b.txt
one
two
three
four
"#;

pub(crate) fn plugin() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ is in the repository");
    root.join("editors/neovim").to_str().expect("UTF-8").to_owned()
}

/// Neovim with a directory on its runtimepath, to source a script; a script that fails ends it with code 1.
pub(crate) fn sourcing(runtime: &str, script: &Path, yard: &Yard) -> Command {
    let mut command = Command::new(neovim());
    command.args(["--clean", "--headless", "--cmd", &format!("set runtimepath^={runtime}"), "-S"]);
    command.arg(script).args(["-c", "cquit 1"]);
    command.env_clear().envs(yard.environment()).current_dir(yard.workspace());
    command.env("VOUCHSAFE_TEST_SERVER", binary("vouchsafe"));
    command.env("VOUCHSAFE_TEST_FILE", yard.workspace().join("a.txt"));
    command
}

/// What was shown at a stage, lines joined.
pub(crate) struct Shown(pub(crate) std::collections::BTreeMap<String, Vec<String>>);

impl Shown {
    pub(crate) fn at(&self, stage: &str) -> String {
        self.0.get(stage).unwrap_or_else(|| panic!("no stage {stage}: {:#?}", self.0)).join("\n")
    }

    pub(crate) fn holds(&self, stage: &str, parts: &[&str]) {
        let all = self.at(stage);
        for part in parts {
            assert!(all.contains(part), "no {part:?} at {stage}:\n{all}");
        }
    }
}

#[test]
fn the_plug_in_plays_every_subcommand() {
    let yard = Yard::new(&Fixture::parse(WORKSPACE));
    yard.mark();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/editors/neovim/plugin.lua");
    let mut command = sourcing(&plugin(), Path::new(script), &yard);
    let shown = Shown(stages(&played(&mut command, "neovim-plugin.txt")));
    starts(&shown);
    draws(&shown);
    decides(&shown);
    explains(&shown);
    assert_eq!(shown.at("done"), "");
    // Edits are unsaved buffers; moving and deleting files is what was accepted.
    assert_eq!(yard.disk(), "changed: -from.txt -old.txt +to.txt");
    assert_eq!(touching(yard.root()), []);
}

fn starts(shown: &Shown) {
    assert_eq!(shown.at("loaded before use"), "");
    let subcommands = "accept answer blame cancel check claims compare dismiss doctor evidence follow key log message next prev reject review task tasks trailer"
        .replace(' ', "\n");
    assert_eq!(shown.at("subcommands"), subcommands);
    assert_eq!(shown.at("recipes"), "more\nmove\nshout\nslow");
    assert!(shown.at("status slow").starts_with("Vouchsafe: Slow"));
}

fn draws(shown: &Shown) {
    let lines =
        ["1 VouchsafeDelete", "1 below HELLO  1.1 Shout", "6 VouchsafeDelete", "6 below WORLD  1.2 Shout"];
    assert_eq!(shown.at("drawn"), lines.join("\n"));
    shown.holds("screen", &["hello\n  HELLO  1.1 Shout\n  1\n", "world\n  WORLD  1.2 Shout\n"]);
    assert_eq!(shown.at("status"), "Vouchsafe: 2 changes");
    shown.holds(
        "list",
        &["1 I 1.1 Shout: changes this line [3: tr a-z A-Z", "6 I 1.2 Shout", "→ exit code 0]"],
    );
    assert_eq!(shown.at("steps"), "1 6 1 6");
    shown.holds("drawn more", &["1 above top  2.1 More", "4 eol 2.2 More", "4 VouchsafeDelete"]);
    shown.holds("drawn more", &["1 below 2.3 More: Create new.txt (one line)", "1 below new"]);
    // A line above the first one is in sight.
    shown.holds("screen more", &["  top  2.1 More\nI one\n"]);
    shown.holds(
        "drawn conflict",
        &["1 below In conflict: You changed these lines", "1 below HELLO  4.1 Shout"],
    );
    shown.holds("list conflict", &["W 4.1 in conflict: Shout"]);
}

fn decides(shown: &Shown) {
    let [before, accepted] = ["hello\n1\n2\n3\n4\nworld", "hello\n1\n2\n3\n4\nWORLD"];
    assert_eq!(shown.at("accepted"), accepted);
    assert_eq!(shown.at("kept"), "fold 3 mark 5 modified true");
    assert_eq!(shown.at("list after"), "1");
    assert_eq!(shown.at("undone"), before);
    assert_eq!(shown.at("rejected"), accepted);
    assert_eq!(shown.at("drawn after"), "");
    assert_eq!(shown.at("compared"), "top\none\ntwo\nthree");
    assert_eq!(shown.at("compared in"), "2 windows, diff true");
    assert_eq!(shown.at("accepted more"), "top\none\ntwo\nthree");
    assert_eq!(shown.at("new file"), "new");
    shown.holds(
        "drawn move",
        &["Move: Rename from.txt to to.txt", "Move: Delete old.txt (one line)", "1 below old"],
    );
    assert_eq!(shown.at("settled"), "HELLO\n1\n2\n3\n4\nWORLD");
    let events = ["VouchsafeTaskStarted 1  Shout", "VouchsafeProposal 1", "VouchsafeAccepted 1 2 a.txt"];
    shown.holds("events", &events);
    shown.holds(
        "events",
        &[
            "VouchsafeRejected 1 1 a.txt",
            "VouchsafeAccepted 2 3 new.txt",
            "VouchsafeAccepted 4 1 a.txt",
            "VouchsafeTaskEnded 5",
        ],
    );
}

fn explains(shown: &Shown) {
    shown.holds("blame", &["6 sign", "6 eol task 1: tr a-z A-Z", "→ exit code 0"]);
    assert_eq!(shown.at("blame hidden"), "");
    shown.holds("record at", &["## 3. Command `tr a-z", "readonly true modifiable false"]);
    assert_eq!(shown.at("record from the menu"), "readonly true beside the text true");
    shown.holds("record folded", &["## What was asked", "## 2. Copy", "## 5. End"]);
    assert!(!shown.at("record folded").contains("## 3."), "the cited step is open");
    shown.holds("menus", &["task 5: Slow, ended | task 4: Shout", "Show its record"]);
    shown
        .holds("health", &["OK Neovim 0.1", "OK vouchsafe 0", "OK tasks are confined", "OK record", "shout"]);
    assert!(!shown.at("health").contains("ERROR"), "{}", shown.at("health"));
    shown.holds("doctor", &["Landlock", "recipes shout, more, move, slow"]);
    shown.holds(
        "messages",
        &[":Vouchsafe takes one of: accept, answer, blame", "Vouchsafe task 1: Shout: 2 changes"],
    );
}

/// Milliseconds that sourcing our files took, by `--startuptime`.
fn start_up_ms(yard: &Yard, nth: u32) -> f64 {
    let log = yard.root().join(format!("start-{nth}.log"));
    let mut command = Command::new(neovim());
    command.args([
        "--clean",
        "--headless",
        "--cmd",
        &format!("set runtimepath^={}", plugin()),
        "--startuptime",
    ]);
    command.arg(&log).args(["-c", "qall!"]).env_clear().envs(yard.environment());
    assert!(command.status().expect("Neovim starts").success());
    let text = std::fs::read_to_string(&log).expect("the log");
    let ours: Vec<_> = text.lines().filter(|line| line.contains("editors/neovim/")).collect();
    assert_eq!(ours.len(), 1, "only plugin/vouchsafe.lua is read at the start:\n{text}");
    // clock, self+sourced, self: file
    let spent = ours[0].split_whitespace().nth(1).and_then(|spent| spent.parse().ok());
    spent.unwrap_or_else(|| panic!("not a line of --startuptime: {}", ours[0]))
}

#[test]
fn having_it_installed_costs_two_milliseconds_at_most() {
    let yard = Yard::new(&Fixture::default());
    // The least of some runs: other processes of the machine only add to it.
    let least = (0..8).map(|nth| start_up_ms(&yard, nth)).fold(f64::MAX, f64::min);
    assert!(least <= 2.0, "{least} ms");
}

#[test]
fn a_missing_server_is_one_clear_message() {
    let yard = Yard::new(&Fixture::parse(WORKSPACE));
    let lines = [
        "vim.g.vouchsafe = { server = 'vouchsafe-is-not-here' }",
        "local said = {}",
        "vim.notify = function(text) said[#said + 1] = text end",
        "vim.lsp.enable('vouchsafe')",
        "vim.cmd.edit('a.txt')",
        "vim.cmd.edit('b.txt')",
        "vim.wait(200, function() return #said > 0 end)",
        "io.stdout:write('== said\\n', table.concat(said, '\\n'), '\\n')",
        "vim.cmd('checkhealth vouchsafe')",
        "io.stdout:write('== health\\n', table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\\n'), '\\n')",
        "vim.cmd('qall!')",
    ];
    let script = yard.root().join("missing.lua");
    std::fs::write(&script, lines.join("\n")).expect("a script");
    let mut command = sourcing(&plugin(), &script, &yard);
    let shown = Shown(stages(&played(&mut command, "neovim-missing.txt")));
    let said = shown.at("said");
    assert_eq!(said.matches("there is no program 'vouchsafe-is-not-here'").count(), 1, "{said}");
    shown.holds("health", &["ERROR there is no program 'vouchsafe-is-not-here'", "ADVICE"]);
}

#[test]
fn the_one_file_works_alone() {
    let yard = Yard::new(&Fixture::parse(WORKSPACE));
    let alone = yard.root().join("alone/lsp");
    std::fs::create_dir_all(&alone).expect("a directory");
    let source = Path::new(&plugin()).join("lsp/vouchsafe.lua");
    std::fs::copy(source, alone.join("vouchsafe.lua")).expect("the file");
    let lines = [
        "vim.g.vouchsafe = { server = os.getenv('VOUCHSAFE_TEST_SERVER') }",
        "vim.lsp.enable('vouchsafe')",
        "vim.cmd.edit('a.txt')",
        "local function client() return vim.lsp.get_clients({ name = 'vouchsafe' })[1] end",
        "vim.wait(20000, function() return client() and client().initialized end)",
        "io.stdout:write('== root\\n', client().root_dir, '\\n')",
        "client():stop()",
        "vim.wait(20000, function() return not client() end)",
        "vim.cmd('qall!')",
    ];
    let script = yard.root().join("alone.lua");
    std::fs::write(&script, lines.join("\n")).expect("a script");
    let path = yard.root().join("alone");
    let mut command = sourcing(path.to_str().expect("UTF-8"), &script, &yard);
    let shown = Shown(stages(&played(&mut command, "neovim-alone.txt")));
    assert_eq!(shown.at("root"), yard.workspace().to_str().expect("UTF-8"));
}

#[test]
fn the_help_has_its_tags() {
    let yard = Yard::new(&Fixture::default());
    let doc = yard.root().join("doc");
    std::fs::create_dir(&doc).expect("a directory");
    let source = Path::new(&plugin()).join("doc/vouchsafe.txt");
    std::fs::copy(source, doc.join("vouchsafe.txt")).expect("the help");
    let mut command = Command::new(neovim());
    command.args(["--clean", "--headless", "-c", &format!("helptags {}", doc.display()), "-c", "qall!"]);
    played(command.env_clear().envs(yard.environment()), "neovim-helptags.txt");
    let tags = std::fs::read_to_string(doc.join("tags")).expect("tags");
    for name in
        "task tasks review accept reject next prev evidence compare blame cancel log doctor".split(' ')
    {
        assert!(tags.contains(&format!(":Vouchsafe-{name}\t")), "no tag for {name}:\n{tags}");
    }
}

//! Every message about a mistake, word for word, with its place.

use serde_json::json;

use super::*;

const IGNORED: &str = " (until this is mended, this file only hides, protects and limits)";

/// A user file with one mistake, and what is said of it.
fn says(text: &str, message: &str) {
    let loaded = user(text);
    assert_eq!(said(&loaded), [format!("config.toml:{message}{IGNORED}")], "{text}");
}

#[test]
fn what_is_not_toml() {
    says("[limits", "1:8: error: this is not TOML: unclosed table, expected `]`");
    says("\n\nlog = ", "3:7: error: this is not TOML: string values must be quoted, expected literal string");
    says("log = 'info'\nlog = 'warn'", "2:1: error: this is not TOML: duplicate key");
    says(
        "é = 'x'",
        "1:1: error: this is not TOML: invalid unquoted key, expected letters, numbers, `-`, `_`",
    );
}

#[test]
fn unknown_keys_get_the_nearest() {
    says(
        "[limits]\ntask_wal_s = 3",
        "2:1: error: unknown key `limits.task_wal_s`: did you mean `task_wall_s`?",
    );
    says("  [limit]", "1:4: error: unknown key `limit`: did you mean `limits`?");
    says("processes = 3", "1:1: error: unknown key `processes`: did you mean `limits.processes`?");
    says(
        "[recipes.x]\nrun = ['a']\nglobs = ['*.rs']",
        "3:1: error: unknown key `recipes.x.globs`: did you mean `recipes.x.when.globs`?",
    );
    says("[scope]\nqqq = 1", "2:1: error: unknown key `scope.qqq`: the keys here are `paths`");
    says(
        "[recipes.x]\nrun = ['a']\nwhen.language = ['rust']",
        "3:6: error: unknown key `recipes.x.when.language`: did you mean `languages`?",
    );
    says(
        "[machine]\nname = 'x'",
        "1:2: error: unknown key `machine`: the keys here are `limits`, `hidden`, `read`, `env`, `scope`, `protected`, \
         `models`, `recipes`, `evidence`, `verify`, `review`, `log`",
    );
}

#[test]
fn wrong_types_and_ranges() {
    let whole = "error: `limits.processes` must be a whole number, not";
    says("[limits]\nprocesses = 'x'", &format!("2:13: {whole} a text"));
    says("[limits]\nprocesses = 1.5", &format!("2:13: {whole} a fraction or too large a number"));
    says(
        "[limits]\nprocesses = 99999999999999999999",
        &format!("2:13: {whole} a fraction or too large a number"),
    );
    says("[limits]\nprocesses = true", &format!("2:13: {whole} true or false"));
    says("[limits]\nprocesses = 2026-01-01", &format!("2:13: {whole} something else"));
    says("[limits]\nprocesses = 7", "2:13: error: `limits.processes` must be from 8 to 65536, not 7");
    says("[limits]\nprocesses = -1", "2:13: error: `limits.processes` must be from 8 to 65536, not -1");
    says("hidden = ['a']", "1:10: error: `hidden` must be a table, not a list");
    says("[hidden]\nglobs = 'a'", "2:9: error: `hidden.globs` must be a list, not a text");
    says("[hidden]\nglobs = ['a', 3]", "2:15: error: `hidden.globs.1` must be a text, not a number");
    says(
        "[recipes.x]\nrun = ['a']\nenabled = 1",
        "3:11: error: `recipes.x.enabled` must be true or false, not a number",
    );
    let levels = r#""off", "error", "warn", "info", "debug""#;
    says(
        "log = 'inf'",
        &format!("1:7: error: `log` must be one of {levels}, not \"inf\": did you mean \"info\"?"),
    );
    says("log = 3", &format!("1:7: error: `log` must be one of {levels}, not a number"));
}

#[test]
fn texts_without_meaning() {
    let hide = |glob: &str| format!("[hidden]\nglobs = [{glob:?}]");
    says(
        &hide("a["),
        "2:10: error: `hidden.globs`: \"a[\" is not a glob: unclosed character class; missing ']'",
    );
    says(
        &hide("../x"),
        "2:10: error: `hidden.globs`: \"../x\" leads out of the workspace: leave out `..` and `~`",
    );
    says(
        &hide("~/x"),
        "2:10: error: `hidden.globs`: \"~/x\" leads out of the workspace: leave out `..` and `~`",
    );
    says(&hide("!x"), "2:10: error: `hidden.globs`: \"!x\" begins with `!`, which has no meaning here");
    says(&hide("/"), "2:10: error: `hidden.globs`: a glob is empty");
    says(&hide(&"x".repeat(257)), "2:10: error: `hidden.globs`: a glob may have at most 256 bytes, not 257");
    let read = |directory: &str| format!("[read]\ndirectories = [{directory:?}]");
    says(&read("data"), "2:16: error: `read.directories`: \"data\" must be absolute or begin with `~/`");
    says(&read("/a/../b"), "2:16: error: `read.directories`: \"/a/../b\" must not hold `..`");
    for whole in ["/home/ann", "/home", "~/", "/"] {
        says(
            &read(whole),
            &format!(
                "2:16: error: `read.directories`: {whole:?} holds the whole home directory, which no task may read: \
                 name a directory in it"
            ),
        );
    }
    says(
        "[env]\npass = ['MY-VAR']",
        "2:9: error: `env.pass`: \"MY-VAR\" is not a name of an environment variable: use letters, digits and `_`",
    );
    says(
        "[evidence]\nredact = ['ok', '(']",
        "2:17: error: `evidence.redact`: the secret pattern \"(\" is not a regular expression: unclosed group",
    );
    says(
        "[evidence]\nredact = ['x?']",
        "2:11: error: `evidence.redact`: the secret pattern \"x?\" matches where nothing is: let it match at least one \
         character",
    );
}

#[test]
fn recipes_that_cannot_be_used() {
    let with = |keys: &str| format!("[recipes.x]\nrun = ['a']\n{keys}");
    says("[recipes.x]\nrun = []", "2:7: error: `recipes.x.run` is empty: add the commands it runs");
    says("[recipes.x]\ntitle = 'X'", "1:1: error: `recipes.x` has no `run`: add the commands it runs");
    says(
        "[recipes.clipy-fix]\nenabled = false",
        "1:1: error: `recipes.clipy-fix` has no `run`: add the commands it runs, or did you mean the recipe \
         `clippy-fix`?",
    );
    says("[recipes.x]\nrun = ['a', '']", "2:13: error: `recipes.x.run`: a command is empty");
    says(
        "[recipes.x]\nrun = [\"fmt '{file}'\"]",
        "2:8: error: `recipes.x.run`: write {file} without quotes around it: it is quoted for you",
    );
    says(&with("check = [\"a 'b\"]"), "3:10: error: `recipes.x.check`: a quote (') is not closed");
    says(
        "[recipes.\"a b\"]\nrun = ['a']",
        "1:1: error: \"a b\" is not a name for a recipe: use letters, digits, `-`, `_` and `.`, at most 64",
    );
    says(&with("title = ' '"), "3:9: error: `recipes.x.title` must have 1 to 120 characters, not 1");
    says(
        &with("title = \"a\u{202e}b\""),
        "3:9: error: `recipes.x.title` holds the invisible character U+202E: leave it out",
    );
    says(&with("env = { 'A=B' = 'x' }"), "3:17: error: \"A=B\" is not a name of an environment variable");
    says(
        &with("when.files = ['a/b']"),
        "3:1: error: `recipes.x.when`: \"a/b\" must name something directly in the workspace root: leave out the `/`",
    );
    says(
        &with("scope = 'files'"),
        "3:9: error: `recipes.x.scope` must be one of \"file\", \"workspace\", not \"files\": did you mean \"file\"?",
    );
}

#[test]
fn all_mistakes_of_a_file_are_reported_at_once() {
    let loaded = user("logg = 'x'\n[limits]\nprocesses = 0\n[hidden]\nglobs = ['[']\n[recipes.x]\n");
    assert_eq!(loaded.problems.len(), 4);
    assert!(loaded.problems.iter().all(|problem| problem.severity == Severity::Error));
}

#[test]
fn columns_count_characters() {
    says(
        "env = { pass = ['ä'], é = 1 }",
        "1:23: error: this is not TOML: invalid unquoted key, expected letters, numbers, `-`, `_`",
    );
    let loaded = user("[hidden]\nglobs = ['äöü', '!x']");
    assert!(said(&loaded)[0].starts_with("config.toml:2:17: "), "{:?}", said(&loaded));
}

#[test]
fn the_editors_settings_have_no_lines() {
    let editor = |settings| said(&Case { editor: Some(settings), ..Case::default() }.load());
    assert_eq!(
        editor(json!({ "limits": { "processes": "x" } })),
        [
            "editor settings: error: `limits.processes` must be a whole number, not a text (until this is mended, the \
          editor's settings only hide, protect and limit)"
        ]
    );
    assert_eq!(
        editor(json!([])),
        [
            "editor settings: error: the settings must be an object (until this is mended, the editor's settings only \
          hide, protect and limit)"
        ]
    );
    assert!(editor(json!(null)).is_empty());
    assert!(editor(json!({ "vouchsafe": null })).is_empty());
    assert!(editor(json!({ "log": null, "trace": { "server": "off" } })).is_empty());
}

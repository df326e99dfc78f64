//! How the sources are put together, and what the globs mean.

use serde_json::json;

use super::*;
use crate::recipe::{RecipeScope, RecipeSource};

#[test]
fn nothing_configured_is_the_defaults() {
    let loaded = Case::default().load();
    assert!(loaded.problems.is_empty());
    assert_eq!(loaded.config.limits, Limits::DEFAULT);
    assert_eq!(loaded.config.evidence, Retention { days: 90, max_mib: 2_048 });
    assert_eq!(loaded.config.log, LogLevel::Warn);
    assert!(loaded.config.recipes.iter().all(|recipe| recipe.source == RecipeSource::BuiltIn));
    assert_eq!(said(&user("")), [""; 0]);
    assert_eq!(said(&user("\u{feff}log = 'info'\r\n")), [""; 0]);
}

#[test]
fn later_values_replace_and_lists_add_up() {
    let loaded = Case {
        user: Some("log = 'info'\n[limits]\nprocesses = 100\nmemory_mib = 1000\n[env]\npass = ['A', 'B']"),
        editor: Some(
            json!({ "vouchsafe": { "limits": { "processes": 200 }, "env": { "pass": ["B", "C"] } } }),
        ),
        project: Some("[limits]\nprocesses = 50"),
    };
    let loaded = loaded.load();
    assert_eq!(said(&loaded), [""; 0]);
    let limits = Limits { processes: 50, memory_mib: 1000, ..Limits::DEFAULT };
    assert_eq!(loaded.config.limits, limits);
    assert_eq!(loaded.config.env_pass, ["A", "B", "C"]);
    assert_eq!(loaded.config.log, LogLevel::Info);
}

#[test]
fn the_editor_is_the_users_and_may_be_nested_or_not() {
    for settings in [json!({ "log": "debug" }), json!({ "vouchsafe": { "log": "debug" } })] {
        let loaded = Case { editor: Some(settings), ..Case::default() }.load();
        assert_eq!((loaded.config.log, said(&loaded).len()), (LogLevel::Debug, 0));
    }
}

#[test]
fn a_file_with_an_error_does_not_take_the_others_with_it() {
    let loaded = Case {
        user: Some("log = 'nonsense'"),
        editor: Some(json!({ "limits": { "processes": 200 } })),
        project: Some("[limits]\nprocesses = 100"),
    };
    let loaded = loaded.load();
    assert_eq!(said(&loaded).len(), 1);
    assert_eq!((loaded.config.log, loaded.config.limits.processes), (LogLevel::Warn, 100));
}

#[test]
fn home_is_resolved() {
    let loaded = user("[read]\ndirectories = ['~/data', '/srv/x']");
    assert_eq!(loaded.config.read_directories, [PathBuf::from("/home/ann/data"), "/srv/x".into()]);
}

#[test]
fn limits_keep_their_relations() {
    let limits =
        user("[limits]\ntask_wall_s = 60\nshadow_mib = 100\noutput_stored_mib = 1\noutput_kept_kib = 4096");
    let limits = limits.config.limits;
    assert_eq!((limits.command_wall_s, limits.file_mib, limits.output_kept_kib), (60, 100, 1024));
    assert!(limits.is_settled());
}

#[test]
fn a_recipe_has_what_is_set_and_sensible_defaults() {
    let loaded = user(
        "[recipes.one]\nrun = ['fix {file}', 'tidy']\ncheck = ['lint {file}']\nenv = { A = '1' }\n\
         when = { files = ['x.toml'], languages = ['rust'], globs = ['*.rs'] }\n\
         [recipes.two]\nrun = ['all']\ntitle = 'Do all'\nscope = 'file'\n[recipes.off]\nrun = ['x']\nenabled = false",
    );
    assert_eq!(said(&loaded), [""; 0]);
    let one = recipe(&loaded, "one").unwrap();
    assert_eq!(
        (one.title.as_str(), one.scope, one.run.len(), one.check.len()),
        ("Run one", RecipeScope::File, 2, 1)
    );
    assert_eq!(one.env.get("A").map(String::as_str), Some("1"));
    let two = recipe(&loaded, "two").unwrap();
    assert_eq!((two.title.as_str(), two.scope, two.needs_file()), ("Do all", RecipeScope::File, true));
    assert!(recipe(&loaded, "off").is_none());
}

#[test]
fn a_built_in_recipe_can_be_changed_key_by_key_or_switched_off() {
    let loaded = user("[recipes.cargo-fmt]\ntitle = 'F'\n[recipes.black]\nenabled = false");
    let fmt = recipe(&loaded, "cargo-fmt").unwrap();
    assert_eq!((fmt.title.as_str(), fmt.source), ("F", RecipeSource::User));
    assert_eq!(fmt.run[0].as_written(), "cargo fmt --all");
    assert!(recipe(&loaded, "black").is_none() && recipe(&loaded, "black-file").is_some());
    let count = loaded.config.recipes.iter().filter(|recipe| recipe.name == "cargo-fmt").count();
    assert_eq!(count, 1, "each name once");
}

#[test]
fn the_editor_can_switch_the_users_recipe_on_and_off() {
    let with = |settings| {
        Case { user: Some("[recipes.x]\nrun = ['a']"), editor: Some(settings), ..Case::default() }.load()
    };
    let off = with(json!({ "recipes": { "x": { "enabled": false } } }));
    assert!(recipe(&off, "x").is_none() && off.problems.is_empty());
    let changed = with(json!({ "recipes": { "x": { "title": "X" } } }));
    assert_eq!(recipe(&changed, "x").unwrap().title, "X");
}

#[test]
fn secrets_are_hidden_and_examples_are_not() {
    let hidden = Config::default().hidden;
    for name in [
        ".env",
        "a/.env",
        ".env.local",
        "A/.ENV",
        "deploy/id_rsa",
        "x.pem",
        "cert.KEY",
        ".aws/credentials",
        "infra/.kube/config",
        "main.tfstate",
        "p.kdbx",
    ] {
        assert!(hidden.rule(&path(name)).is_some(), "{name}");
    }
    for name in [
        ".env.example",
        "a/.env.sample",
        "env.rs",
        "environment",
        "id_rsa.pub",
        "src/key.rs",
        "main.tf",
        ".envx",
    ] {
        assert!(hidden.rule(&path(name)).is_none(), "{name}");
    }
}

#[test]
fn what_runs_unasked_is_protected_and_what_is_started_by_name_is_not() {
    let protected = Config::default().protected;
    for name in [
        ".git/hooks/pre-commit",
        "sub/.git/config",
        ".vscode/tasks.json",
        ".VSCode/settings.json",
        ".nvim.lua",
        ".exrc",
        ".envrc",
        ".cargo/config.toml",
        ".github/workflows/ci.yml",
        ".gitlab-ci.yml",
        "package.json",
        "packages/a/package.json",
        "build.rs",
        "crates/a/build.rs",
        "AGENTS.md",
        ".vouchsafe.toml",
        "gradle/wrapper/x.jar",
    ] {
        assert!(protected.rule(&path(name)).is_some(), "{name}");
    }
    for name in [
        "Makefile",
        "justfile",
        "src/main.rs",
        "tests/a.rs",
        "Cargo.toml",
        "README.md",
        "scripts/run.sh",
        "github/x",
        "src/build.rs.txt",
        "package.json.md",
    ] {
        assert!(protected.rule(&path(name)).is_none(), "{name}");
    }
}

#[test]
fn globs_are_read_as_in_gitignore() {
    let table = [
        ("data", "data", true),
        ("data", "a/data/b", true),
        ("data/", "data/x/y", true),
        ("data", "database", false),
        ("/data", "data/x", true),
        ("/data", "a/data", false),
        ("a/b", "a/b/c", true),
        ("a/b", "x/a/b", false),
        ("*.rs", "a/b.rs", true),
        ("a/*.rs", "a/b.rs", true),
        ("a/*.rs", "a/b/c.rs", false),
        ("a/**/c", "a/b/b/c", true),
        ("**", "x", true),
        ("*", "x/y", true),
        ("a?c", "abc", true),
        ("{a,b}.txt", "b.txt", true),
        ("[ab].txt", "c.txt", false),
        ("./a", "a", true),
        (r"\*", "*", true),
        (r"\*", "a", false),
        ("src", "SRC/a", false),
    ];
    for (glob, name, matches) in table {
        let scope = Scope::new([vec![glob.to_owned()]]);
        assert_eq!(scope.allows(&path(name)), matches, "{glob} {name}");
    }
}

#[test]
fn names_need_not_be_utf8() {
    let odd = WorkspacePath::from_bytes(b"caf\xe9/.env").unwrap();
    assert!(Config::default().hidden.rule(&odd).is_some());
}

#[test]
fn many_long_globs_compile_and_all_of_them_hold() {
    let globs: Vec<String> = (0..500).map(|n| format!("{n:03}{}*", "ä".repeat(120))).collect();
    let text = format!("[hidden]\nglobs = {globs:?}");
    let loaded = project(&text);
    assert_eq!(said(&loaded), [""; 0]);
    let name = format!("499{}x", "ä".repeat(120));
    assert_eq!(loaded.config.hidden.rule(&path(&name)), Some(globs[499].as_str()));
    assert_eq!(loaded.config.hidden.rule(&path("src/a.rs")), None);
}

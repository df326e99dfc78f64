//! `vouchsafe doctor --model`: what a user is told about an endpoint.

use std::process::Output;

use serde_json::{Value, json};
use vouchsafe_tests::process::binary;
use vouchsafe_tests::scripted::{Fault, MODEL, Model, Turn, calls, fails, says};

use super::command_line::{Shell, err, out};

const KEY: &str = "sk-doctor-0123456789";

fn ready() -> Turn {
    calls("report", json!({ "word": "ready" }))
}

/// A workspace whose user has this configuration.
fn configured(text: &str) -> Shell {
    let shell = Shell::new("//- /a.txt\nhello\n");
    let file = shell.yard.user_config();
    std::fs::create_dir_all(file.parent().expect("the configuration is written"))
        .expect("the configuration is written");
    std::fs::write(file, text).expect("the configuration is written");
    shell
}

fn doctor(shell: &Shell, args: &[&str]) -> Output {
    let args: Vec<&str> = ["doctor", "--model"].into_iter().chain(args.iter().copied()).collect();
    shell
        .command(&binary("vouchsafe"), &args)
        .env("MY_KEY", KEY)
        .output()
        .expect("the configuration is written")
}

#[test]
fn a_sound_endpoint_passes_every_check_in_each_format() {
    for format in ["chat", "responses", "messages"] {
        let model = Model::start([ready()]);
        let shell = configured(&(model.profile(format) + "key_env = 'MY_KEY'\n"));
        let output = doctor(&shell, &["--json"]);
        let report: Value = serde_json::from_str(&out(&output)).unwrap();
        assert_eq!((output.status.code(), &report["ok"]), (Some(0), &json!(true)), "{format}: {report}");
        let found: Vec<_> =
            report["checks"].as_array().unwrap().iter().map(|one| (&one["name"], &one["found"])).collect();
        let good = json!("good");
        let names = ["key", "reachable", "model", "answer", "streaming", "tools"].map(|name| json!(name));
        assert_eq!(found, names.iter().map(|name| (name, &good)).collect::<Vec<_>>(), "{format}");
        assert_eq!((&report["profile"], &report["model"]), (&json!("scripted"), &json!(MODEL)), "{format}");
    }
}

#[test]
fn the_key_is_used_and_shown_to_nobody() {
    let model = Model::start([ready(), fails(Fault::Status(401, Vec::new(), format!("wrong key {KEY}")))]);
    let shell = configured(&(model.profile("chat") + "key_env = 'MY_KEY'\n"));
    let good = doctor(&shell, &[]);
    let refused = doctor(&shell, &["scripted"]);
    assert_eq!((good.status.code(), refused.status.code()), (Some(0), Some(1)));
    let said = [out(&good), err(&good), out(&refused), err(&refused)].concat();
    assert!(
        said.contains("It can do tasks.") && said.contains("key: from the environment variable MY_KEY"),
        "{said}"
    );
    assert!(said.contains("refuses the key") && !said.contains("sk-doctor"), "{said}");
    assert_eq!(model.requests()[0].header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    let grep = shell.command("grep".as_ref(), &["-rlaF", KEY]).arg(shell.yard.root()).output().unwrap();
    assert_eq!(out(&grep), "", "nothing that was written holds the key");
}

#[test]
fn what_does_not_work_is_said_with_what_to_do() {
    let said = |turns: Vec<Turn>, more: &str, code: i32| {
        let model = Model::start(turns);
        let shell = configured(&(model.profile("chat") + more));
        let output = doctor(&shell, &[]);
        let said = out(&output) + &err(&output);
        assert_eq!(output.status.code(), Some(code), "{said}");
        said
    };
    let talks = said(vec![says("Ready!")], "", 1);
    assert!(talks.contains("✗ tools: it did not call the tool, but said: Ready!"), "{talks}");
    let keyless = said(Vec::new(), "key_env = 'NO_SUCH_KEY'\n", 1);
    assert!(
        keyless.contains("the environment variable NO_SUCH_KEY is not set")
            && keyless.contains("config.toml"),
        "{keyless}"
    );
    let whole = said(vec![ready()], "stream = false\n", 0);
    assert!(whole.contains("switched off by the profile"), "{whole}");
    let model = Model::start([ready()]);
    let other = configured(&model.profile("chat").replace(MODEL, "scripted-2"));
    let other = out(&doctor(&other, &[]));
    assert!(
        other.contains("\"scripted-2\" is not among the 1 listed, but for example \"scripted-1\""),
        "{other}"
    );
}

#[test]
fn without_a_profile_it_says_what_to_write_where() {
    let shell = Shell::new("//- /a.txt\nhello\n");
    let none = doctor(&shell, &[]);
    assert_eq!(none.status.code(), Some(2));
    let file = shell.yard.user_config().display().to_string();
    let wanted = format!("write `[models.profiles.NAME]` with `base_url` and `model` in {file}");
    assert!(err(&none).contains(&wanted), "{}", err(&none));
    let shell = configured("[models.profiles.a]\nbase_url = 'http://localhost'\nmodel = 'm'\n");
    let unknown = doctor(&shell, &["b"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(
        err(&unknown).contains("names the model profile \"b\", which is not there (there are: a)"),
        "{}",
        err(&unknown)
    );
}

#[test]
fn a_project_cannot_name_a_model() {
    let model = Model::start([ready()]);
    let shell = Shell::new(&format!("//- /.vouchsafe.toml\n{}//- /a.txt\nhello\n", model.profile("chat")));
    let output = doctor(&shell, &[]);
    assert_eq!(output.status.code(), Some(2), "{}", out(&output));
    let said = err(&output);
    assert!(
        said.contains(
            ".vouchsafe.toml:2:1: warning: `models.profiles.scripted.format` can only be set by the user"
        ),
        "{said}"
    );
    assert!(model.requests().is_empty());
}

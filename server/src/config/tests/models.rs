//! `[models]`: what a profile makes, whose it is, and what is said where something is missing.

use serde_json::json;

use super::*;
use crate::model::{Effort, KeySource, ProxyChoice, WireFormat};

const TWO: &str = "[models.profiles.a]\nbase_url = 'http://localhost:1/v1'\nmodel = 'm'\n\
                   [models.profiles.b]\nbase_url = 'https://b.example'\nmodel = 'n'\nformat = 'messages'\n";

fn chosen(loaded: &Loaded, kind: TaskKind) -> Result<String, String> {
    loaded.config.model_for(kind).map(|model| model.profile.clone()).map_err(|error| error.to_string())
}

#[test]
fn a_profile_has_defaults_for_all_but_where_and_what() {
    let loaded = user(TWO);
    assert_eq!(said(&loaded), [""; 0]);
    let a = loaded.config.models.named("a", "x").unwrap();
    assert_eq!((a.format, a.model.as_str(), a.host()), (WireFormat::Chat, "m", "localhost:1".to_owned()));
    assert_eq!(
        (&a.key, &a.proxy, a.stream, a.native_tools),
        (&KeySource::None, &ProxyChoice::Environment, true, false)
    );
    assert_eq!((a.idle_timeout.as_secs(), a.turn_timeout.as_secs(), a.tries_max), (300, 900, 5));
    assert_eq!((a.temperature, a.effort, a.output_tokens_max), (None, None, None));
    assert!(a.is_local() && a.written_in == "config.toml");
    let b = loaded.config.models.named("b", "x").unwrap();
    assert!(b.format == WireFormat::Messages && !b.is_local());
}

#[test]
fn every_key_has_its_effect() {
    let loaded = user(
        "[models.profiles.a]\nformat = 'responses'\nbase_url = 'https://a.example'\nmodel = 'm'\nkey_command = ['pass', 'x']\n\
         key_header = 'api-key'\nheaders = { X-A = 'b' }\nproxy = 'http://p:3128'\nca_file = '~/ca.pem'\n\
         connect_timeout_s = 1\nidle_timeout_s = 2\ntimeout_s = 3\ntries = 4\nmax_output_tokens = 500\n\
         context_tokens = 6000\ntemperature = 0.7\neffort = 'high'\nstream = false\nnative_tools = true\n\
         parallel_calls = false\nbody = '{\"a\": 1}'\n",
    );
    assert_eq!(said(&loaded), [""; 0]);
    let a = loaded.config.model_for(TaskKind::Ask).unwrap();
    assert_eq!(a.key, KeySource::Command(vec!["pass".into(), "x".into()]));
    assert_eq!((a.key_header.as_deref(), a.headers[0].value.as_str()), (Some("api-key"), "b"));
    assert!(matches!(&a.proxy, ProxyChoice::Named(url) if url.as_str() == "http://p:3128/"));
    assert_eq!(a.ca_file.as_deref(), Some(std::path::Path::new("/home/ann/ca.pem")));
    assert_eq!([a.connect_timeout, a.idle_timeout, a.turn_timeout].map(|time| time.as_secs()), [1, 2, 3]);
    assert_eq!((a.tries_max, a.output_tokens_max, a.context_tokens), (4, Some(500), Some(6000)));
    assert_eq!((a.temperature, a.effort), (Some(0.7), Some(Effort::High)));
    assert_eq!((a.stream, a.native_tools, a.parallel_calls), (false, true, false));
    assert_eq!(a.body["a"], 1);
}

#[test]
fn a_kind_has_its_own_model_or_the_default_or_the_only_one() {
    let with = |text: &str| user(&format!("{text}\n{TWO}"));
    let loaded = with("[models]\ndefault = 'a'\nreview = 'b'");
    assert_eq!(chosen(&loaded, TaskKind::Fix), Ok("a".into()));
    assert_eq!(chosen(&loaded, TaskKind::Review), Ok("b".into()));
    let only = user("[models.profiles.a]\nbase_url = 'http://localhost'\nmodel = 'm'");
    assert_eq!(chosen(&only, TaskKind::Custom), Ok("a".into()));
    for kind in TaskKind::ALL {
        let loaded = with(&format!("[models]\n{kind} = 'b'\ndefault = 'a'"));
        assert_eq!(chosen(&loaded, kind), Ok("b".into()));
    }
}

#[test]
fn what_is_missing_is_said_with_what_to_write_where() {
    let none = chosen(&user(""), TaskKind::Fix).unwrap_err();
    assert_eq!(
        none,
        "no model is configured: write `[models.profiles.NAME]` with `base_url` and `model` in config.toml; \
         docs/models.md has an example for each provider"
    );
    let unchosen = chosen(&user(TWO), TaskKind::Fix).unwrap_err();
    assert_eq!(
        unchosen,
        "no model is chosen for fix: write `default = \"a\"` below `[models]` in config.toml"
    );
    let unknown = chosen(&user(&format!("[models]\nfix = 'c'\n{TWO}")), TaskKind::Fix).unwrap_err();
    assert_eq!(
        unknown,
        "`models.fix` names the model profile \"c\", which is not there (there are: a, b): see config.toml"
    );
    let half = chosen(&user("[models.profiles.a]\nmodel = 'm'"), TaskKind::Fix).unwrap_err();
    assert_eq!(
        half,
        "the model profile \"a\" cannot be used: add `base_url` below `[models.profiles.a]` (in config.toml)"
    );
    let both = "[models.profiles.a]\nbase_url = 'http://a'\nmodel = 'm'\nkey_env = 'K'\nkey_command = ['k']";
    let both = chosen(&user(both), TaskKind::Fix).unwrap_err();
    assert!(both.contains("`key_env` and `key_command` cannot both be set"), "{both}");
}

#[test]
fn what_means_nothing_is_named_at_its_place_and_never_shown() {
    let one = |line: &str| {
        let loaded = user(&format!("[models.profiles.a]\nmodel = 'm'\n{line}"));
        let said = said(&loaded);
        assert_eq!(said.len(), 1, "{line}: {said:?}");
        let said = said[0].replace(" (until this is mended, this file only hides, protects and limits)", "");
        said.strip_prefix("config.toml:3:").unwrap().split_once(' ').unwrap().1.to_owned()
    };
    let key = |name: &str| format!("error: `models.profiles.a.{name}`: ");
    assert!(
        one("base_url = 'localhost:11434'").starts_with(&(key("base_url") + "it must begin with http://"))
    );
    let secret = one("base_url = 'https://ann:hush@a.example'");
    assert!(secret.contains("it holds a name or password") && !secret.contains("hush"), "{secret}");
    let pasted = one("key_env = 'sk-hush-123'");
    assert_eq!(
        pasted,
        key("key_env")
            + "it is not a name of an environment variable: write the variable's name here, never the key itself"
    );
    assert_eq!(one("key_command = []"), key("key_command") + "it is empty");
    assert!(one("proxy = 'socks5://x'").starts_with(&(key("proxy") + "it must be `none`")));
    assert_eq!(one("ca_file = 'ca.pem'"), key("ca_file") + "it must be absolute or begin with `~/`");
    assert!(one("body = '[1]'").ends_with("it must be a JSON object"));
    assert!(one("headers = { 'a b' = 'c' }").ends_with("\"a b\" is not the name of a header"));
    assert!(one("headers = { Host = 'c' }").ends_with("\"Host\" is set by the connection itself"));
    assert!(one("temperature = 2.5").ends_with("must be from 0 to 2, not 2.5"));
    assert!(one("temperature = 'hot'").ends_with("must be a number, not a text"));
    assert!(one("effort = 'hig'").ends_with("did you mean \"high\"?"));
    assert!(one("api_key = 'sk-hush'").starts_with("error: unknown key `models.profiles.a.api_key`"));
}

#[test]
fn a_project_names_no_model_and_each_line_is_reported() {
    let text = format!("[models]\ndefault = 'a'\n{TWO}");
    let denied = project(&text);
    assert_eq!(denied.problems.len(), 6, "{:?}", said(&denied));
    assert!(denied.problems.iter().all(|problem| problem.severity == Severity::Warning));
    assert_eq!(
        said(&denied)[0],
        ".vouchsafe.toml:2:1: warning: `models.default` can only be set by the user, not by a project: this key is ignored"
    );
    assert!(chosen(&denied, TaskKind::Fix).unwrap_err().starts_with("no model is configured"));
    assert_eq!(chosen(&user(&text), TaskKind::Fix), Ok("a".into()));
    let mine = Case {
        user: Some(TWO),
        project: Some("[models.profiles.a]\nbase_url = 'http://evil.example'"),
        ..Case::default()
    };
    assert_eq!(mine.load().config.models.named("a", "x").unwrap().host(), "localhost:1");
}

#[test]
fn the_editors_settings_go_over_the_file_key_by_key() {
    let editor =
        json!({ "models": { "default": "b", "profiles": { "b": { "model": "other", "key_env": "K" } } } });
    let text = format!("[models]\ndefault = 'a'\n{TWO}key_command = ['pass', 'b']\n");
    let loaded = Case { user: Some(&text), editor: Some(editor), ..Case::default() }.load();
    assert_eq!(said(&loaded), [""; 0]);
    let model = loaded.config.model_for(TaskKind::Fix).unwrap();
    assert_eq!((model.model.as_str(), model.host().as_str()), ("other", "b.example"));
    assert_eq!(model.key, KeySource::Env("K".into()), "a key has one source");
    let editor = json!({ "models": { "profiles": { "b": { "key_command": ["other"] } } } });
    let loaded = Case { user: Some(&text), editor: Some(editor), ..Case::default() }.load();
    let model = loaded.config.models.named("b", "x").unwrap();
    assert_eq!(model.key, KeySource::Command(vec!["other".into()]), "replaced, not added to");
}

//! Where keys come from, the one place they go to, and all those they never reach.

use serde_json::json;
use vouchsafe::model::{Client, Keys, ModelError};
use vouchsafe_confine::Cancel;
use vouchsafe_tests::scripted::{Fault, Model, fails, says};

use super::{Talk, configured};

const KEY: &str = "sk-test-0123456789abcdef";

fn with_key(model: &Model, format: &str, more: &str) -> Result<Client, ModelError> {
    let keys = Keys::default();
    keys.put("scripted", KEY);
    Client::new(&configured(&format!("{}{more}\n", model.profile(format))), &keys)
}

#[test]
fn each_format_has_its_header_and_a_profile_may_have_its_own() {
    for (format, more, header, value) in [
        ("chat", "", "authorization", format!("Bearer {KEY}")),
        ("responses", "", "authorization", format!("Bearer {KEY}")),
        ("messages", "", "x-api-key", KEY.to_owned()),
        ("chat", "key_header = 'api-key'", "api-key", KEY.to_owned()),
    ] {
        let model = Model::start([says("ok")]);
        let client = with_key(&model, format, &format!("{more}\nheaders = {{ X-Team = 'blue' }}")).unwrap();
        Talk::new(client).ask().unwrap();
        let request = &model.requests()[0];
        assert_eq!(request.header(header), Some(value.as_str()), "{format}");
        assert_eq!(request.header("x-team"), Some("blue"));
        let elsewhere = request.headers.iter().filter(|(name, value)| name != header && value.contains(KEY));
        assert_eq!(elsewhere.count(), 0, "{format}");
        assert!(!request.path.contains(KEY) && !String::from_utf8_lossy(&request.bytes).contains(KEY));
    }
}

#[test]
fn without_a_key_none_is_sent() {
    let model = Model::start([says("ok")]);
    Talk::new(super::client(&model, "chat", "")).ask().unwrap();
    assert_eq!(model.requests()[0].header("authorization"), None);
}

#[test]
fn a_key_comes_from_the_environment_a_command_or_the_editor() {
    let model = Model::start([says("one"), says("two"), says("three")]);
    let ask = |more: &str, keys: &Keys| {
        let client = Client::new(&configured(&format!("{}{more}\n", model.profile("chat"))), keys).unwrap();
        Talk::new(client).ask().unwrap();
        model.requests().last().unwrap().header("authorization").unwrap().to_owned()
    };
    // Every test process has this variable, and its value holds no space.
    let home = std::env::var("PATH").unwrap();
    assert_eq!(ask("key_env = 'PATH'", &Keys::default()), format!("Bearer {home}"));
    assert_eq!(
        ask("key_command = ['printf', 'from-command\\nnote']", &Keys::default()),
        "Bearer from-command"
    );
    let keys = Keys::default();
    keys.put("scripted", KEY);
    assert_eq!(ask("key_env = 'PATH'", &keys), format!("Bearer {KEY}"), "the editor's goes first");
}

#[test]
fn a_missing_key_says_what_to_do_where() {
    let model = Model::start([]);
    let said = |more: &str| {
        let endpoint = configured(&format!("{}{more}\n", model.profile("chat")));
        let client = Client::new(&endpoint, &Keys::default());
        let error = match client {
            Err(error) => error,
            Ok(client) => Talk::new(client).ask().unwrap_err(),
        };
        assert_eq!(error.code(), "no-key");
        error.to_string()
    };
    assert_eq!(
        said("key_env = 'NO_SUCH_KEY_HERE'"),
        "model profile `scripted` has no key: the environment variable NO_SUCH_KEY_HERE is not set: set it where the \
         editor is started, or change `models.profiles.scripted.key_env` (in /home/ann/.config/vouchsafe/config.toml)"
    );
    let failed = said("key_command = ['false']");
    assert!(failed.contains("`false` failed") && failed.contains("key_command"), "{failed}");
    assert!(said("key_command = ['no-such-program']").contains("cannot be started"));
    assert!(said("key_command = ['printf', '']").contains("is empty"));
    let spaces = said("key_command = ['printf', 'my secret key']");
    assert!(spaces.contains("it has a space") && !spaces.contains("secret"), "{spaces}");
}

#[test]
fn a_command_for_a_key_can_be_cancelled() {
    let model = Model::start([]);
    let endpoint = configured(&format!("{}key_command = ['sleep', '60']\n", model.profile("chat")));
    let client = Client::new(&endpoint, &Keys::default()).unwrap();
    let cancel = Cancel::default();
    cancel.cancel();
    assert_eq!(Talk::new(client).ask_with(&cancel).unwrap_err(), ModelError::Cancelled);
}

#[test]
fn a_key_that_the_server_repeats_reaches_nobody() {
    let refused =
        json!({ "error": { "message": format!("Incorrect API key provided: {KEY}. Also sk-te**cdef.") } });
    let model = Model::start([fails(Fault::Status(401, Vec::new(), refused.to_string()))]);
    let client = with_key(&model, "chat", "").unwrap();
    assert!(!format!("{client:?}").contains(KEY));
    let mut talk = Talk::new(client);
    let error = talk.ask().unwrap_err();
    for text in [error.to_string(), format!("{error:?}"), talk.shown.concat()] {
        assert!(!text.contains(KEY) && !text.contains("sk-te"), "{text}");
    }
    let model = Model::start([says(&format!("Your key is {KEY}, I think."))]);
    let mut talk = Talk::new(with_key(&model, "chat", "stream = false").unwrap());
    let turn = talk.ask().unwrap();
    let all = format!("{turn:?}{}", String::from_utf8_lossy(&turn.exchange.response));
    assert!(!all.contains(KEY), "{all}");
}

#[test]
fn keys_show_nothing_of_themselves() {
    let keys = Keys::default();
    keys.put("a", KEY);
    assert!(keys.has("a") && !keys.has("b"));
    assert_eq!(format!("{keys:?}"), "Keys(1)");
    keys.clone().forget("a");
    assert!(!keys.has("a"), "a clone is the same keys");
    let endpoint = configured(
        "[models.profiles.a]\nbase_url = 'http://localhost'\nmodel = 'm'\nheaders = { Authorization = 'Basic hush' }",
    );
    assert!(!format!("{endpoint:?}").contains("hush"));
}

#[test]
fn a_redirect_takes_the_key_nowhere() {
    let other = Model::start([says("stolen")]);
    let model =
        Model::start([fails(Fault::Redirect(format!("{}/chat/completions?x={KEY}", other.base_url())))]);
    let error = Talk::new(with_key(&model, "chat", "").unwrap()).ask().unwrap_err();
    assert_eq!(error.code(), "redirected");
    assert!(error.to_string().contains(&other.address().to_string()), "{error}");
    assert!(other.requests().is_empty() && !error.to_string().contains(KEY));
}

#[test]
fn a_proxy_is_asked_where_one_is_named_and_only_there() {
    let proxy = Model::start([says("through the proxy")]);
    let text = format!(
        "[models.profiles.a]\nbase_url = 'http://model.example/v1'\nmodel = 'm'\nproxy = 'http://{}'\ntries = 1",
        proxy.address()
    );
    let client = Client::new(&configured(&text), &Keys::default()).unwrap();
    assert_eq!(Talk::new(client).ask().unwrap().text, "through the proxy");
    assert_eq!(proxy.requests()[0].path, "http://model.example/v1/chat/completions");
}

//! `vouchsafe doctor --model`: whether a model endpoint can do a task, found by trying it.

use std::fmt::Write;

use serde_json::json;
use vouchsafe_confine::Cancel;

use super::exit::{Exit, Failure};
use super::interrupt::cancel_on_signal;
use super::output::{self, Paint};
use crate::agent::Dirs;
use crate::config::{Sources, load};
use crate::model::{Check, Endpoint, Found, Keys, probe};

/// Tries the endpoint of a profile; an empty name is the default one.
pub(super) fn doctor_model(profile: &str, as_json: bool) -> Result<Exit, Failure> {
    let dirs = Dirs::of_process();
    let current = std::env::current_dir()?;
    let sources = Sources::read(Some(&current), dirs.config_home.as_deref(), dirs.home.as_deref(), None);
    let loaded = load(&sources);
    for problem in &loaded.problems {
        output::complain(problem);
    }
    let models = &loaded.config.models;
    let named = match (profile, models.default_name()) {
        ("", Some(default)) => models.named(default, "models.default"),
        ("", None) => loaded.config.model_for(crate::task::TaskKind::Custom),
        (profile, _) => models.named(profile, "--model"),
    };
    let endpoint = named.map_err(|error| Failure::Usage(error.to_string()))?;
    let cancel = Cancel::default();
    cancel_on_signal(&cancel);
    let checks = probe(&endpoint, &Keys::default(), &cancel);
    if cancel.is_cancelled() {
        return Ok(Exit::Interrupted);
    }
    let good = checks.iter().all(|check| check.found != Found::Bad);
    let text = if as_json { in_json(&endpoint, &checks, good) } else { in_words(&endpoint, &checks, good) };
    output::print(text.as_bytes())?;
    Ok(if good { Exit::Done } else { Exit::Failed })
}

fn in_json(endpoint: &Endpoint, checks: &[Check], good: bool) -> String {
    let checks: Vec<_> = checks
        .iter()
        .map(|check| {
            let found = match check.found {
                Found::Good => "good",
                Found::Bad => "bad",
                Found::Unclear => "unclear",
            };
            json!({ "name": check.name, "found": found, "said": check.said })
        })
        .collect();
    let all = json!({
        "version": 1, "ok": good, "profile": endpoint.profile, "format": endpoint.format.name(),
        "host": endpoint.host(), "model": endpoint.model, "checks": checks,
    });
    format!("{all:#}\n")
}

fn in_words(endpoint: &Endpoint, checks: &[Check], good: bool) -> String {
    let paint = Paint::stdout();
    let mut out = String::new();
    let Endpoint { profile, model, format, .. } = endpoint;
    _ = writeln!(out, "{} {profile}: {model} at {}, format {format}", paint.bold("model"), endpoint.host());
    for check in checks {
        let mark = match check.found {
            Found::Good => paint.good("✓"),
            Found::Bad => paint.bad("✗"),
            Found::Unclear => paint.dim("·"),
        };
        _ = writeln!(out, "  {mark} {}: {}", check.name, check.said);
    }
    let end = if good { "It can do tasks." } else { "It cannot do tasks yet." };
    _ = writeln!(out, "{end}");
    out
}
